"""Moves a booking: the same meeting, the same uid, another time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from booking.bookings.lifecycle import MOST_CHANGES, BookingState, is_change_open
from booking.bookings.notify import notify_moved
from booking.bookings.placement import Search, place_meeting, reserved_hosts
from booking.bookings.refusals import (
    AlreadyCancelledError,
    TooLateError,
    TooManyChangesError,
)
from booking.event_types.models import EventType
from booking.history import LEAD, record

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.bookings.models import Booking


def reschedule_booking(
    booking: Booking, *, start: datetime, now: datetime, session: Session, actor: str = LEAD
) -> None:
    """Move ``booking`` to ``start`` (UTC); the old time stays taken until the new one is.

    To its present start: nothing happens. ``booking`` was loaded for a change.

    Raises:
        AlreadyCancelledError: it was cancelled.
        TooLateError: the change notice has begun, or the meeting has.
        TooManyChangesError: the lead has moved it five times.
        SlotTakenError, SlotNotOfferedError: the new time cannot be had; the old one is kept.
    """
    meeting = booking.meeting
    event_type = session.get_one(EventType, meeting.event_type_id)
    if booking.state is BookingState.CANCELLED:
        raise AlreadyCancelledError
    if start == meeting.starts_at:
        return
    _check_change(booking, event_type=event_type, actor=actor, now=now)

    previous_start = meeting.starts_at
    previous_hosts = reserved_hosts(meeting, session=session)
    search = Search(event_type=event_type, segment=booking.segment, start=start, now=now)
    why = place_meeting(meeting, search=search, session=session)

    meeting.starts_at, meeting.ends_at = search.start, search.end
    meeting.sequence += 1
    booking.assignment = why
    booking.changes += 1
    session.flush()
    record(
        "moved",
        subject=booking,
        actor=actor,
        facts={
            "from": {"start": previous_start.isoformat(), "hosts": previous_hosts},
            "to": {
                "start": start.isoformat(),
                "hosts": reserved_hosts(meeting, session=session),
            },
            "sequence": meeting.sequence,
        },
        now=now,
        session=session,
    )
    notify_moved(
        booking,
        event_type=event_type,
        now=now,
        session=session,
    )


def _check_change(booking: Booking, *, event_type: EventType, actor: str, now: datetime) -> None:
    if actor != LEAD:
        return
    notice = timedelta(minutes=event_type.minimum_change_notice_minutes)
    if not is_change_open(start=booking.meeting.starts_at, minimum_change_notice=notice, now=now):
        raise TooLateError
    if booking.changes >= MOST_CHANGES:
        raise TooManyChangesError
