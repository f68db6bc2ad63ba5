"""Who reads a mail about a booking: address, language, time zone, and whom an answer reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booking.bookings.mail_frame import MailReader, address_of
from booking.outbox.models import Recipient
from booking.staff.models import Staff
from booking.templating import locales

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from booking.bookings.summary import BookingSummary
    from booking.outbox.models import Message


def find_reader(message: Message, *, summary: BookingSummary, session: Session) -> MailReader:
    """Return who reads ``message``; addresses are those of this moment."""
    booking, organisation = summary.booking, summary.organisation
    lead = address_of(name=booking.name or "", email=booking.email or "")
    if message.recipient is Recipient.LEAD:
        hosts = [address_of(name=host.name, email=host.email) for host in summary.hosts]
        return MailReader(
            to=lead,
            answers_to=hosts[0] if hosts else None,
            # A catalogue may have been taken away since the lead chose its language.
            locale=booking.locale if booking.locale in locales() else organisation.locale,
            time_zone=booking.time_zone or organisation.time_zone,
        )
    host = session.get_one(Staff, message.staff_id)
    return MailReader(
        to=address_of(name=host.name, email=host.email),
        answers_to=lead,
        locale=organisation.locale,
        time_zone=host.time_zone,
    )
