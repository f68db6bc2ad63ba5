"""What a mail is, to whom it goes and what kept it from leaving: in words that staff understand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from booking.outbox.models import MessageState, Recipient
from booking.templating import N_
from booking.web.staff.history_labels import SUBJECTS, find_subject_page

if TYPE_CHECKING:
    from booking.outbox.models import Message

KIND_NAMES = {
    "cancelled": N_("Cancellation"),
    "confirmation": N_("Confirmation"),
    "handed_over": N_("News that somebody else gives it"),
    "invitation": N_("Invitation to the console"),
    "link": N_("Link to the booking"),
    "move_asked": N_("Request to choose another time"),
    "moved": N_("News of another time"),
    "readdressed": N_("News of another email address"),
    "reminder": N_("Reminder"),
    "reset": N_("Link for a new password"),
    "test": N_("Test mail"),
    "undeliverable": N_("News that the lead gets no mail"),
    "uninvited": N_("News that somebody else takes over"),
    "offer": N_("Offer of times"),
    "agenda": N_("The day's demos"),
    "wish": N_("Requested time"),
    "withdrawn": N_("Withdrawn invitation"),
}
"""By kind of message."""

SUBJECTS_OF_KINDS = {"agenda": N_("Agenda"), "test": N_("Trial")}
ACCESS = N_("Access to the console")
"""What mails are about that belong to no booking and to no wish; the others are about access."""

RECIPIENT_NAMES = {
    Recipient.LEAD: N_("lead"),
    Recipient.HOST: N_("host"),
    Recipient.STAFF: N_("staff member"),
    Recipient.ORGANISATION: N_("organisation"),
}

STATE_NAMES = {
    MessageState.FAILED: N_("Failed"),
    MessageState.UNKNOWN: N_("Perhaps arrived"),
    MessageState.EXPIRED: N_("Too late"),
    MessageState.QUEUED: N_("Waiting"),
    MessageState.SENT: N_("Sent"),
}
"""The states by which mails can be listed, in the order of their tabs."""

STATE_NAMES_OF_ALL = STATE_NAMES | {
    MessageState.SENDING: N_("Being sent"),
    MessageState.OBSOLETE: N_("No longer needed"),
}
"""Every state there is."""

REASONS = (
    (
        r"SMTPRecipientsRefused 5",
        N_("The recipient's mail server says that this address takes no mail."),
    ),
    (r"SMTPRecipientsRefused", N_("The recipient's mail server takes no mail at the moment.")),
    (r"SMTPDataError 5", N_("The mail server has refused this mail for good.")),
    (r"SMTPDataError", N_("The mail server does not take this mail at the moment.")),
    (r"SMTPSenderRefused", N_("The mail server does not accept our sender's address.")),
    (r".*SMTPAuthenticationError", N_("The mail server refuses our user name or password.")),
    (r".*SSL", N_("The mail server cannot prove that it is the right one.")),
    (r"UnreachableError", N_("Our mail server cannot be reached.")),
    (
        r"DeliveryUnknown|LeaseLapsedError",
        N_("The connection broke when the mail was all but handed over: it may have arrived."),
    ),
    (r"ComposingError", N_("The mail could not be written. This is a fault of the program.")),
    (r"Restored", N_("A backup was restored: it may have left before that.")),
)
"""Patterns of what the row keeps, the first that fits tells why."""

UNKNOWN_REASON = N_("Sending failed.")
TOO_LATE = N_("It was of no more use when it could have left.")


class Subject(NamedTuple):
    """What a mail is about."""

    words: str
    """To be translated."""
    number: int | None = None
    """Stands in the words."""
    url: str | None = None
    """Where one can see more of it."""


def subject_of(message: Message) -> Subject:
    """Return what ``message`` is about."""
    for kind, number in (("booking", message.booking_id), ("wish", message.wish_id)):
        if number is not None:
            return Subject(SUBJECTS[kind], number, find_subject_page(kind, number))
    return Subject(SUBJECTS_OF_KINDS.get(message.kind, ACCESS))


def reason_of(message: Message) -> str | None:
    """Return what kept ``message`` from leaving, as a text to be translated; None for nothing."""
    if message.last_error is None:
        return TOO_LATE if message.state is MessageState.EXPIRED else None
    found = (words for pattern, words in REASONS if re.match(pattern, message.last_error))
    return next(found, UNKNOWN_REASON)
