"""What is in hosts' calendars for a stretch of time, as staff read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from booking.bookings.lifecycle import BookingState
from booking.bookings.models import Booking, Meeting, MeetingHost
from booking.event_types.models import EventType
from booking.staff.models import Staff

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class AgendaEntry:
    """One host's part in one confirmed booking."""

    booking: Booking
    meeting: Meeting
    event_type: EventType
    host: Staff


def list_agenda(
    host_ids: Collection[int], *, start: datetime, end: datetime, session: Session
) -> Sequence[AgendaEntry]:
    """Return the confirmed demos of ``host_ids`` that touch [start, end) (UTC), by start."""
    rows = session.execute(
        select(Booking, Meeting, EventType, Staff)
        .join(Meeting, Booking.meeting_id == Meeting.id)
        .join(EventType, Meeting.event_type_id == EventType.id)
        .join(MeetingHost, MeetingHost.meeting_id == Meeting.id)
        .join(Staff, MeetingHost.host_id == Staff.id)
        .where(
            MeetingHost.host_id.in_(host_ids),
            MeetingHost.active,
            MeetingHost.blocked_end > start,
            Meeting.starts_at < end,
            Meeting.ends_at > start,
            Booking.state == BookingState.CONFIRMED,
        )
        .order_by(Meeting.starts_at, Booking.id, Staff.id)
    )
    return [AgendaEntry(*row) for row in rows]
