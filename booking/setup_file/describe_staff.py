"""Says what a staff member is now as a table of ``[[staff]]`` in a setup file."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from booking.setup_file.describe_windows import describe_week, describe_windows
from booking.setup_file.load_staff import SETUP
from booking.staff.models import BusyTime, DateOverride, TimeOff, WeeklyHours
from booking.time_zone import instant_of, time_zone

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.staff.models import Staff

HOUR = timedelta(hours=1)


def describe_staff(staff: Staff, *, session: Session) -> dict[str, Any]:
    """Return every key of ``staff``; read again, it is what is stored.

    Busy times of connected calendars are none of a setup file.
    """
    described: dict[str, Any] = {
        "email": staff.email,
        "name": staff.name,
        "role": staff.role.value,
        "time_zone": staff.time_zone,
        "active": staff.active,
        "meeting_url": staff.meeting_url or "",
    }
    if staff.holiday_region is not None:
        described["holiday_region"] = staff.holiday_region
    return described | {
        "working_hours": _working_hours(staff, session=session),
        "date_overrides": _date_overrides(staff, session=session),
        "time_off": _time_off(staff, session=session),
        "busy": _busy(staff, session=session),
    }


def _working_hours(staff: Staff, *, session: Session) -> list[dict[str, Any]]:
    rows = session.execute(
        select(WeeklyHours.weekday, WeeklyHours.from_minute, WeeklyHours.to_minute)
        .where(WeeklyHours.staff_id == staff.id)
        .order_by(WeeklyHours.weekday, WeeklyHours.from_minute)
    )
    return describe_week((day, start, end) for day, start, end in rows)


def _date_overrides(staff: Staff, *, session: Session) -> list[dict[str, Any]]:
    rows = session.scalars(
        select(DateOverride)
        .where(DateOverride.staff_id == staff.id)
        .order_by(DateOverride.local_date)
    )
    return [{"date": row.local_date, "hours": describe_windows(row.windows)} for row in rows]


def _time_off(staff: Staff, *, session: Session) -> list[dict[str, Any]]:
    rows = session.scalars(
        select(TimeOff)
        .where(TimeOff.staff_id == staff.id)
        .order_by(TimeOff.starts_at, TimeOff.ends_at, TimeOff.note)
    )
    return [
        {
            "from": _wall(row.starts_at, zone=staff.time_zone),
            "to": _wall_not_before(row.ends_at, zone=staff.time_zone),
            "note": row.note,
        }
        for row in rows
    ]


def _wall(instant: datetime, *, zone: str) -> datetime:
    return instant.astimezone(time_zone(zone)).replace(tzinfo=None, fold=0)


def _wall_not_before(instant: datetime, *, zone: str) -> datetime:
    """Return the wall time of ``instant``, or a later one where it is the second of two alike.

    A file can only say the first: rather is somebody away for longer.
    """
    wall = _wall(instant, zone=zone)
    return wall if instant_of(wall, zone=zone) >= instant else wall + HOUR


def _busy(staff: Staff, *, session: Session) -> list[dict[str, Any]]:
    """Return the busy times in UTC: their year is judged there, whatever the zone."""
    rows = session.scalars(
        select(BusyTime)
        .where(BusyTime.staff_id == staff.id, BusyTime.source == SETUP)
        .order_by(BusyTime.starts_at, BusyTime.ends_at)
    )
    return [{"from": row.starts_at, "to": row.ends_at} for row in rows]
