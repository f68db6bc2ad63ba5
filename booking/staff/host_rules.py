"""When one staff member gives demos, as that person decides it: hours, dates, zone, holidays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from booking.availability.wall_clock import written_windows
from booking.availability.working_hours import LocalWindow, WorkingHours
from booking.staff.models import DateOverride, Staff, WeeklyHours

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from sqlalchemy.orm import Session

    from booking.availability.minutes import Span

CHANGES = ("hours_changed", "setup_loaded")
"""What the history calls that which changes them."""

MOST_DATES = 400
"""Dates of their own that one person may have: more than every day of a year."""
MOST_WINDOWS = 10
"""Windows that one day may have."""

Spans = tuple["Span", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HostRules:
    """What somebody may decide about their own time; windows are united and sorted."""

    time_zone: str
    holiday_region: str | None
    """Whose public holidays are kept; None = the organisation's, empty = nobody's."""
    weekly: Mapping[int, Spans]
    """By weekday, 0 = Monday; a missing day is free."""
    overrides: Mapping[date, Spans]
    """By date; without windows it is closed."""

    @property
    def working_hours(self) -> WorkingHours:
        """The same as the engine reads it."""
        return WorkingHours(
            time_zone=self.time_zone,
            weekly={day: _local(spans) for day, spans in self.weekly.items()},
            overrides={day: _local(spans) for day, spans in self.overrides.items()},
        )

    def told(self) -> dict[str, Any]:
        """Return every rule by a name of its own, as the history keeps it."""
        weekly = {str(day): write_windows(spans) for day, spans in self.weekly.items() if spans}
        dates = {day.isoformat(): write_windows(spans) for day, spans in self.overrides.items()}
        own = {"time_zone": self.time_zone, "holiday_region": self.holiday_region}
        return {**own, **weekly, **dates}


def write_windows(spans: Iterable[Span]) -> str:
    """Return windows as they are read; nothing where there are none."""
    return ", ".join(f"{start}–{end}" for start, end in written_windows(spans))


def load_rules(staff: Staff, *, session: Session) -> HostRules:
    """Return what holds for ``staff`` now."""
    weekly: dict[int, Spans] = {}
    mine = WeeklyHours.staff_id == staff.id
    for row in session.scalars(select(WeeklyHours).where(mine).order_by(WeeklyHours.from_minute)):
        weekly[row.weekday] = (*weekly.get(row.weekday, ()), (row.from_minute, row.to_minute))
    overrides = session.scalars(
        select(DateOverride)
        .where(DateOverride.staff_id == staff.id)
        .order_by(DateOverride.local_date)
    )
    return HostRules(
        time_zone=staff.time_zone,
        holiday_region=staff.holiday_region,
        weekly=weekly,
        overrides={
            row.local_date: tuple((start, end) for start, end in row.windows) for row in overrides
        },
    )


def store_rules(staff: Staff, *, rules: HostRules, session: Session) -> None:
    """Let ``rules`` hold for ``staff``, in place of whatever held."""
    staff.time_zone, staff.holiday_region = rules.time_zone, rules.holiday_region
    session.execute(delete(WeeklyHours).where(WeeklyHours.staff_id == staff.id))
    session.execute(delete(DateOverride).where(DateOverride.staff_id == staff.id))
    session.add_all(
        WeeklyHours(staff_id=staff.id, weekday=day, from_minute=start, to_minute=end)
        for day, spans in rules.weekly.items()
        for start, end in spans
    )
    session.add_all(
        DateOverride(staff_id=staff.id, local_date=day, windows=[list(span) for span in spans])
        for day, spans in rules.overrides.items()
    )


def _local(spans: Iterable[Span]) -> tuple[LocalWindow, ...]:
    return tuple(LocalWindow(start, end) for start, end in spans)
