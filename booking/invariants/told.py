"""Everybody has been told once of the last change of a booking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, case, func, select

from booking.bookings.lifecycle import BookingState
from booking.bookings.models import Booking, Meeting, MeetingHost
from booking.history import OWNER
from booking.invariants.violation import Violation
from booking.outbox.models import Message, Recipient

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

TELLING_KINDS = {
    BookingState.CONFIRMED: ("confirmation", "moved"),
    BookingState.CANCELLED: ("cancelled",),
}
"""Which kinds of mail tell of the state that a booking has been left in."""

NOT_TOLD_ONCE = "has not been sent exactly one mail about the last change"


def find_untold_leads(session: Session) -> Iterator[Violation]:
    """Find bookings whose lead was sent no mail about the last change, or two."""
    # Whoever says that the booking was never theirs gets no mail about it.
    expected = case((Booking.cancelled_by == OWNER, 0), else_=1)
    for state in TELLING_KINDS:
        found = session.scalars(
            select(Booking.id)
            .join(Meeting, Meeting.id == Booking.meeting_id)
            .outerjoin(Message, and_(_tells_of(state), Message.recipient == Recipient.LEAD))
            .where(Booking.state == state)
            .group_by(Booking.id, Booking.cancelled_by)
            .having(func.count(Message.id) != expected)
        )
        for booking_id in found:
            yield Violation("mail_missing", f"booking {booking_id}", f"the lead {NOT_TOLD_ONCE}")


def find_untold_hosts(session: Session) -> Iterator[Violation]:
    """Find bookings one of whose hosts was sent no mail about the last change, or two."""
    for state in TELLING_KINDS:
        to_host = and_(
            _tells_of(state),
            Message.recipient == Recipient.HOST,
            Message.staff_id == MeetingHost.host_id,
        )
        found = session.execute(
            select(Booking.id, MeetingHost.host_id)
            .join(Meeting, Meeting.id == Booking.meeting_id)
            .join(MeetingHost, MeetingHost.meeting_id == Meeting.id)
            .outerjoin(Message, to_host)
            .where(Booking.state == state)
            .group_by(Booking.id, MeetingHost.host_id)
            .having(func.count(Message.id) != 1)
        )
        for booking_id, host_id in found:
            text = f"staff {host_id} {NOT_TOLD_ONCE}"
            yield Violation("mail_missing", f"booking {booking_id}", text)


def _tells_of(state: BookingState) -> ColumnElement[bool]:
    return and_(
        Message.booking_id == Booking.id,
        Message.sequence == Meeting.sequence,
        Message.kind.in_(TELLING_KINDS[state]),
    )
