"""Who reads a mail about a booking: address, language, time zone, and whom an answer reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booking.bookings.mail_frame import MailReader, address_of
from booking.bookings.mail_kinds import MailKind
from booking.history import OWNER
from booking.outbox.models import Recipient
from booking.staff.models import Staff
from booking.templating import locales

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from booking.bookings.models import Booking
    from booking.bookings.summary import BookingSummary
    from booking.organisation.models import Organisation
    from booking.outbox.models import Message


def find_reader(message: Message, *, summary: BookingSummary, session: Session) -> MailReader:
    """Return who reads ``message``; addresses are those of this moment."""
    booking, organisation = summary.booking, summary.organisation
    if MailKind(message.kind).is_to_stranger:
        return MailReader(
            to=address_of(name="", email=message.facts["email"]),
            answers_to=None,
            locale=_locale_of(booking, organisation=organisation),
            time_zone=booking.time_zone or organisation.time_zone,
        )
    lead = address_of(name=booking.name or "", email=booking.email or "")
    if message.recipient is Recipient.LEAD:
        hosts = [address_of(name=host.name, email=host.email) for host in summary.hosts]
        return MailReader(
            to=lead,
            answers_to=hosts[0] if hosts else None,
            locale=_locale_of(booking, organisation=organisation),
            time_zone=booking.time_zone or organisation.time_zone,
        )
    host = session.get_one(Staff, message.staff_id)
    return MailReader(
        to=address_of(name=host.name, email=host.email),
        answers_to=lead if _reaches_lead(message) else None,
        locale=organisation.locale,
        time_zone=host.time_zone,
    )


def _locale_of(booking: Booking, *, organisation: Organisation) -> str:
    # A catalogue may have been taken away since the lead chose its language.
    return booking.locale if booking.locale in locales() else organisation.locale


def _reaches_lead(message: Message) -> bool:
    """Tell whether a host who answers ``message`` should reach the lead.

    Not who has handed the demo over, not an address that takes no mail, and least of all somebody
    who has just said that the booking was never theirs.
    """
    if message.kind == MailKind.CANCELLED:
        return message.facts.get("by") != OWNER
    return MailKind(message.kind).invites
