"""How many demos a change of an event type reaches: those that are booked and still to come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from booking.bookings.lifecycle import BookingState
from booking.bookings.models import Booking, Meeting

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session


def count_booked(
    event_type_ids: Collection[int], *, now: datetime, session: Session
) -> dict[int, int]:
    """Return how many demos of each event type are booked and start after ``now`` (UTC)."""
    counts = session.execute(
        select(Meeting.event_type_id, func.count(Booking.id))
        .join(Booking, Booking.meeting_id == Meeting.id)
        .where(
            Meeting.event_type_id.in_(event_type_ids),
            Meeting.starts_at > now,
            Booking.state == BookingState.CONFIRMED,
        )
        .group_by(Meeting.event_type_id)
    )
    return dict.fromkeys(event_type_ids, 0) | dict(counts.all())
