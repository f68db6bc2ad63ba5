"""Who reads a mail about a booking: address, language, time zone, and whom an answer reaches."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from booking.history import OWNER
from booking.outbox.mime import Address
from booking.outbox.models import Recipient
from booking.staff.models import Staff
from booking.templating import locales

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from booking.bookings.models import Booking
    from booking.bookings.summary import BookingSummary
    from booking.organisation.models import Organisation
    from booking.outbox.models import Message

# Control characters, line and paragraph separators, halves of a surrogate pair.
NO_HEADER = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailReader:
    """One person, as a mail to them must know."""

    to: Address
    answers_to: Address | None
    """Reply-To: host and lead answer each other, not the service; None where nobody should."""
    locale: str
    time_zone: str


def find_reader(message: Message, *, summary: BookingSummary, session: Session) -> MailReader:
    """Return who reads ``message``; addresses are those of this moment."""
    booking, organisation = summary.booking, summary.organisation
    if message.kind == "withdrawn":
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


def address_of(*, name: str, email: str) -> Address:
    """Return a mailbox whose name can stand in a header, whatever was typed."""
    return Address(one_line(name), email)


def one_line(text: str) -> str:
    """Return ``text`` as a header can carry it; breaks and control characters become one blank."""
    return " ".join(NO_HEADER.sub(" ", text).split(" ")).strip()


def _reaches_lead(message: Message) -> bool:
    """Tell whether a host who answers ``message`` should reach the lead.

    Not who has handed the demo over, not an address that takes no mail, and least of all somebody
    who has just said that the booking was never theirs.
    """
    if message.kind == "cancelled":
        return message.facts.get("by") != OWNER
    return message.kind in {"confirmation", "moved", "readdressed"}
