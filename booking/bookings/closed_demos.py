"""Finds booked demos on days that were closed after they had been booked: those stay booked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from booking.bookings.lifecycle import BookingState
from booking.bookings.models import Booking, Meeting, MeetingHost
from booking.bookings.schedules import load_open_schedules
from booking.time_zone import time_zone

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.availability.working_hours import WorkingHours


def find_demos_on_closed_days(*, now: datetime, session: Session) -> set[int]:
    """Return the ids of the meetings still to come whose start lies on a closed day of a host."""
    meetings = session.execute(
        select(Meeting.id, Meeting.starts_at, MeetingHost.host_id)
        .join(MeetingHost, MeetingHost.meeting_id == Meeting.id)
        .join(Booking, Booking.meeting_id == Meeting.id)
        .where(
            MeetingHost.active,
            Booking.state == BookingState.CONFIRMED,
            Meeting.starts_at > now,
        )
    ).all()
    if not meetings:
        return set()
    schedules = load_open_schedules(
        {meeting.host_id for meeting in meetings},
        start=now,
        end=max(meeting.starts_at for meeting in meetings),
        session=session,
    )
    return {
        meeting.id
        for meeting in meetings
        if meeting.host_id in schedules
        and _is_closed(schedules[meeting.host_id].hours, meeting.starts_at)
    }


def _is_closed(hours: WorkingHours, start: datetime) -> bool:
    return hours.is_closed(start.astimezone(time_zone(hours.time_zone)).date())
