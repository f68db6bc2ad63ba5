"""Cancels a booking and gives its time back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import update

from booking.bookings.lifecycle import BookingState, is_change_open
from booking.bookings.models import MeetingHost
from booking.bookings.notify import notify_cancelled
from booking.bookings.placement import reserved_hosts
from booking.bookings.refusals import TooLateError
from booking.event_types.models import EventType
from booking.history import LEAD, record
from booking.staff.calendar_lock import lock_calendars

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.bookings.models import Booking


def cancel_booking(
    booking: Booking,
    *,
    reason: str | None,
    now: datetime,
    session: Session,
    actor: str = LEAD,
) -> None:
    """Cancel ``booking``; again: nothing happens. ``booking`` was loaded for a change.

    Raises:
        TooLateError: the meeting has begun, or the change notice, which binds the lead alone.
    """
    meeting = booking.meeting
    if booking.state is BookingState.CANCELLED:
        return
    notice = _change_notice(booking, session=session) if actor == LEAD else timedelta(0)
    if not is_change_open(start=meeting.starts_at, minimum_change_notice=notice, now=now):
        raise TooLateError

    lock_calendars(reserved_hosts(meeting, session=session), session=session)
    session.execute(
        update(MeetingHost).where(MeetingHost.meeting_id == meeting.id).values(active=False)
    )
    meeting.sequence += 1
    booking.state = BookingState.CANCELLED
    booking.cancelled_at = now
    booking.cancelled_by = actor
    booking.cancel_reason = reason
    session.flush()
    record(
        "cancelled",
        subject=booking,
        actor=actor,
        facts={"start": meeting.starts_at.isoformat(), "sequence": meeting.sequence},
        now=now,
        session=session,
    )
    notify_cancelled(booking, actor=actor, now=now, session=session)


def _change_notice(booking: Booking, *, session: Session) -> timedelta:
    event_type = session.get_one(EventType, booking.meeting.event_type_id)
    return timedelta(minutes=event_type.minimum_change_notice_minutes)
