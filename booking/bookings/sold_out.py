"""Tells for whom an event type has no time left that could be booked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booking.bookings.slots import list_all_slots
from booking.segment import Segment

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.event_types.models import EventType


def segments_without_times(
    event_type: EventType, *, now: datetime, session: Session
) -> list[Segment]:
    """Return the segments that find nothing free from ``now`` (UTC) to the horizon."""
    return [
        segment
        for segment in map(Segment, event_type.segments)
        if not list_all_slots(event_type, segment=segment, now=now, session=session)
    ]
