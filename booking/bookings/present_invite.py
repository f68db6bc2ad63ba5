"""The invite of a booking as it stands now, for whoever fetches it instead of reading mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from booking.bookings.invitations import calendar_part
from booking.bookings.lifecycle import BookingState
from booking.bookings.links import find_links
from booking.bookings.mail_facts import gather_facts
from booking.bookings.mail_kinds import MailKind
from booking.bookings.mail_reader import find_reader
from booking.bookings.models import Booking
from booking.bookings.summary import summarise
from booking.history import HistoryEntry
from booking.outbox.models import Message, Recipient

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.installation import Installation
    from booking.outbox.mime import CalendarPart

CHANGES = ("confirmed", "moved", "handed_over", "readdressed", "cancelled")
"""What the history calls that which makes a new invite."""


def compose_invite(
    booking: Booking, *, session: Session, installation: Installation
) -> CalendarPart:
    """Return the REQUEST, or the CANCEL once the booking is cancelled, as its lead gets it."""
    message = _message_of_now(booking, session=session)
    summary = summarise(booking, session=session)
    reader = find_reader(message, summary=summary, session=session)
    facts = gather_facts(message, summary=summary, reader=reader, installation=installation)
    facts["links"] = find_links(booking, session=session, installation=installation)
    part = calendar_part(message, summary=summary, reader=reader, facts=facts)
    assert part is not None  # noqa: S101 - both kinds carry one
    return part


def _message_of_now(booking: Booking, *, session: Session) -> Message:
    """Return the mail that would tell the lead how things stand; it is neither stored nor sent.

    The newest one that is stored may tell of an earlier time: after a move and back there is none.
    """
    changed_at = _changed_at(booking, session=session)
    is_cancelled = booking.state is BookingState.CANCELLED
    return Message(
        kind=MailKind.CANCELLED if is_cancelled else MailKind.CONFIRMATION,
        booking_id=booking.id,
        sequence=booking.meeting.sequence,
        recipient=Recipient.LEAD,
        facts={},
        created_at=changed_at,
        due_at=changed_at,
    )


def _changed_at(booking: Booking, *, session: Session) -> datetime:
    return session.scalars(
        select(func.max(HistoryEntry.at)).where(
            HistoryEntry.subject == Booking.__tablename__,
            HistoryEntry.subject_id == booking.id,
            HistoryEntry.action.in_(CHANGES),
        )
    ).one()
