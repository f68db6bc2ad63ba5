"""Finds booked demos on days that are closed, or may be: what is booked stays booked."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import select

from booking.bookings.lifecycle import BookingState
from booking.bookings.models import Booking, Meeting, MeetingHost
from booking.bookings.schedules import load_open_schedules
from booking.staff.models import Staff
from booking.time_zone import time_zone

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime

    from sqlalchemy import Row
    from sqlalchemy.orm import Session

    from booking.availability.working_hours import WorkingHours


def find_demos_on_closed_days(*, now: datetime, session: Session) -> set[int]:
    """Return the ids of the meetings still to come whose start lies on a closed day of a host."""
    meetings = _list_coming(None, now=now, session=session)
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


def count_demos_by_day(
    host_ids: Collection[int] | None, *, now: datetime, session: Session
) -> dict[date, int]:
    """Return how many demos are still to come on each date of their hosts' calendars.

    ``host_ids``: whose; None = everybody's.
    """
    by_day: defaultdict[date, set[int]] = defaultdict(set)
    for meeting in _list_coming(host_ids, now=now, session=session):
        on = meeting.starts_at.astimezone(time_zone(meeting.time_zone)).date()
        by_day[on].add(meeting.id)
    return {on: len(meetings) for on, meetings in by_day.items()}


def _list_coming(
    host_ids: Collection[int] | None, *, now: datetime, session: Session
) -> Sequence[Row[int, datetime, int, str]]:
    """Return id, start, host and the host's zone of each booked meeting that has not begun."""
    query = (
        select(Meeting.id, Meeting.starts_at, MeetingHost.host_id, Staff.time_zone)
        .join(MeetingHost, MeetingHost.meeting_id == Meeting.id)
        .join(Booking, Booking.meeting_id == Meeting.id)
        .join(Staff, MeetingHost.host_id == Staff.id)
        .where(
            MeetingHost.active,
            Booking.state == BookingState.CONFIRMED,
            Meeting.starts_at > now,
        )
    )
    if host_ids is not None:
        query = query.where(MeetingHost.host_id.in_(host_ids))
    return session.execute(query).all()


def _is_closed(hours: WorkingHours, start: datetime) -> bool:
    return hours.is_closed(start.astimezone(time_zone(hours.time_zone)).date())
