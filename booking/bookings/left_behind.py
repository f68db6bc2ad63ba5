"""Demos to come of hosts who work here no longer: somebody has to see to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from booking.bookings.lifecycle import BookingState
from booking.bookings.models import Booking, Meeting, MeetingHost
from booking.staff.models import Staff

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftBehind:
    """Somebody who has left, and how many demos they were still to give."""

    host_id: int
    name: str
    demos: int


def list_left_behind(*, now: datetime, session: Session) -> list[LeftBehind]:
    """Return who has left demos behind that begin after ``now`` (UTC), by name."""
    rows = session.execute(
        select(Staff.id, Staff.name, func.count(Booking.id.distinct()))
        .join(MeetingHost, MeetingHost.host_id == Staff.id)
        .join(Meeting, Meeting.id == MeetingHost.meeting_id)
        .join(Booking, Booking.meeting_id == Meeting.id)
        .where(
            ~Staff.active,
            MeetingHost.active,
            Booking.state == BookingState.CONFIRMED,
            Meeting.starts_at > now,
        )
        .group_by(Staff.id, Staff.name)
        .order_by(Staff.name, Staff.id)
    )
    return [LeftBehind(host_id=host_id, name=name, demos=demos) for host_id, name, demos in rows]
