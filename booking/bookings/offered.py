"""Writes down how many minutes each host offers today: hours are overwritten later, this is not."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Date, bindparam, select, text

from booking.availability.interval import Interval, whole_minutes_around
from booking.availability.minutes import unite
from booking.availability.working_hours import working_windows
from booking.bookings.schedules import load_open_schedules
from booking.staff.models import Staff
from booking.time_zone import time_zone

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from booking.availability.minutes import Span
    from booking.staff.schedule import Schedule

# One statement, since two workers may write the same day at the same moment.
WRITE = text("""
    INSERT INTO offered_minutes (staff_id, local_date, minutes)
    VALUES (:staff_id, :local_date, :minutes)
    ON CONFLICT (staff_id, local_date) DO UPDATE SET minutes = excluded.minutes
""").bindparams(bindparam("local_date", type_=Date()))


def record_offered_minutes(*, now: datetime, session: Session) -> None:
    """Store the minutes of the present local day of every active host.

    Repeated during the day: what stands there at midnight stays.
    """
    zones = session.execute(select(Staff.id, Staff.time_zone).where(Staff.active))
    today = {staff_id: now.astimezone(time_zone(name)).date() for staff_id, name in zones}
    schedules = load_open_schedules(
        today, start=now - timedelta(days=2), end=now + timedelta(days=2), session=session
    )
    for staff_id, schedule in schedules.items():
        day = today[staff_id]
        minutes = offered_minutes(schedule, day=day)
        session.execute(WRITE, {"staff_id": staff_id, "local_date": day, "minutes": minutes})


def offered_minutes(schedule: Schedule, *, day: date) -> int:
    """Return the minutes of the local ``day`` in which this host could be booked.

    Working hours, less time off and busy times; bookings do not count against it, closed days
    have none.
    """
    zone = time_zone(schedule.hours.time_zone)
    midnight, next_midnight = (
        datetime.combine(day + timedelta(days=days), time(), tzinfo=zone).astimezone(UTC)
        for days in (0, 1)
    )
    today = whole_minutes_around(Interval(midnight, next_midnight))
    windows = working_windows(schedule.hours, first=day - timedelta(days=1), last=day)
    open_spans = unite(_clipped(windows, to=today))
    closed_spans = unite(_clipped((*schedule.time_off, *schedule.busy), to=today))
    closed = sum(
        max(0, min(end, shut) - max(start, closing))
        for start, end in open_spans
        for closing, shut in closed_spans
    )
    return sum(end - start for start, end in open_spans) - closed


def _clipped(intervals: Iterable[Interval], *, to: Span) -> list[Span]:
    first, last = to
    spans = (whole_minutes_around(interval) for interval in intervals)
    return [
        (max(start, first), min(end, last)) for start, end in spans if start < last and end > first
    ]
