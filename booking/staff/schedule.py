"""Loads when staff members work and when they cannot: one query a kind, however many there are."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from booking.availability.interval import Interval
from booking.availability.working_hours import LocalWindow, WorkingHours
from booking.staff.models import BusyTime, DateOverride, Staff, TimeOff, WeeklyHours

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

# A local date reaches at most 14 hours beyond the UTC date, and a window past midnight one day.
LOCAL_DATE_MARGIN = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """One staff member's rules for a stretch of time."""

    hours: WorkingHours
    time_off: tuple[Interval, ...]
    busy: tuple[Interval, ...]
    holiday_region: str | None
    """Whose public holidays are kept; None = the organisation's, empty = nobody's."""


def load_schedules(
    staff_ids: Collection[int], *, start: datetime, end: datetime, session: Session
) -> dict[int, Schedule]:
    """Return the schedule of every active one of ``staff_ids`` for [start, end) (UTC)."""
    query = select(Staff.id, Staff.time_zone, Staff.holiday_region)
    rows = session.execute(query.where(Staff.id.in_(staff_ids), Staff.active))
    active = {staff.id: staff for staff in rows}
    weekly = _weekly_hours(active, session=session)
    overrides = _overrides(active, start=start, end=end, session=session)
    time_off = _intervals(TimeOff, active, start=start, end=end, session=session)
    busy = _intervals(BusyTime, active, start=start, end=end, session=session)
    return {
        staff_id: Schedule(
            hours=WorkingHours(
                time_zone=staff.time_zone, weekly=weekly[staff_id], overrides=overrides[staff_id]
            ),
            time_off=tuple(time_off[staff_id]),
            busy=tuple(busy[staff_id]),
            holiday_region=staff.holiday_region,
        )
        for staff_id, staff in active.items()
    }


def list_time_off(
    staff_ids: Collection[int], *, start: datetime, end: datetime, session: Session
) -> Sequence[TimeOff]:
    """Return the absences of ``staff_ids`` that touch [start, end) (UTC), by start."""
    query = select(TimeOff).where(
        TimeOff.staff_id.in_(staff_ids), TimeOff.starts_at < end, TimeOff.ends_at > start
    )
    return session.scalars(query.order_by(TimeOff.starts_at, TimeOff.id)).all()


def _weekly_hours(
    staff_ids: Collection[int], *, session: Session
) -> defaultdict[int, dict[int, tuple[LocalWindow, ...]]]:
    rows = session.execute(
        select(
            WeeklyHours.staff_id,
            WeeklyHours.weekday,
            WeeklyHours.from_minute,
            WeeklyHours.to_minute,
        )
        .where(WeeklyHours.staff_id.in_(staff_ids))
        .order_by(WeeklyHours.from_minute)
    )
    weekly: defaultdict[int, dict[int, tuple[LocalWindow, ...]]] = defaultdict(dict)
    for staff_id, weekday, from_minute, to_minute in rows:
        windows = weekly[staff_id].get(weekday, ())
        weekly[staff_id][weekday] = (*windows, LocalWindow(from_minute, to_minute))
    return weekly


def _overrides(
    staff_ids: Collection[int], *, start: datetime, end: datetime, session: Session
) -> defaultdict[int, dict[date, tuple[LocalWindow, ...]]]:
    rows = session.execute(
        select(DateOverride.staff_id, DateOverride.local_date, DateOverride.windows).where(
            DateOverride.staff_id.in_(staff_ids),
            DateOverride.local_date >= (start - LOCAL_DATE_MARGIN).date(),
            DateOverride.local_date <= (end + LOCAL_DATE_MARGIN).date(),
        )
    )
    overrides: defaultdict[int, dict[date, tuple[LocalWindow, ...]]] = defaultdict(dict)
    for staff_id, local_date, windows in rows:
        overrides[staff_id][local_date] = tuple(LocalWindow(*window) for window in windows)
    return overrides


def _intervals(
    table: type[TimeOff | BusyTime],
    staff_ids: Collection[int],
    *,
    start: datetime,
    end: datetime,
    session: Session,
) -> defaultdict[int, list[Interval]]:
    rows = session.execute(
        select(table.staff_id, table.starts_at, table.ends_at).where(
            table.staff_id.in_(staff_ids), table.starts_at < end, table.ends_at > start
        )
    )
    intervals: defaultdict[int, list[Interval]] = defaultdict(list)
    for staff_id, starts_at, ends_at in rows:
        intervals[staff_id].append(Interval(starts_at, ends_at))
    return intervals
