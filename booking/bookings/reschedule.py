"""Moves a booking: the same meeting, the same uid, another time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from booking.bookings.lifecycle import MOST_CHANGES, BookingState, is_change_open
from booking.bookings.placement import Search
from booking.bookings.rearrange import rearrange
from booking.bookings.refusals import (
    AlreadyCancelledError,
    TooLateError,
    TooManyChangesError,
)
from booking.event_types.models import EventType
from booking.history import LEAD

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.bookings.models import Booking


def reschedule_booking(
    booking: Booking, *, start: datetime, now: datetime, session: Session
) -> None:
    """Let the lead move ``booking`` to ``start`` (UTC); the old time is kept until then.

    To its present start: nothing happens. ``booking`` was loaded for a change.

    Raises:
        AlreadyCancelledError: it was cancelled.
        TooLateError: the change notice has begun, or the meeting has.
        TooManyChangesError: the lead has moved it five times.
        SlotTakenError, SlotNotOfferedError: the new time cannot be had; the old one is kept.
    """
    event_type = session.get_one(EventType, booking.meeting.event_type_id)
    if booking.state is BookingState.CANCELLED:
        raise AlreadyCancelledError
    if start == booking.meeting.starts_at:
        return
    _check_change(booking, event_type=event_type, now=now)
    search = Search(event_type=event_type, segment=booking.segment, start=start, now=now)
    rearrange(booking, search=search, action="moved", actor=LEAD, session=session)
    booking.changes += 1
    session.flush()


def _check_change(booking: Booking, *, event_type: EventType, now: datetime) -> None:
    notice = timedelta(minutes=event_type.minimum_change_notice_minutes)
    if not is_change_open(start=booking.meeting.starts_at, minimum_change_notice=notice, now=now):
        raise TooLateError
    if booking.changes >= MOST_CHANGES:
        raise TooManyChangesError
