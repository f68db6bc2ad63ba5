"""Arranges offered slots as people look for them: a month of days, and the times of one day.

Pure: slots, zone and language come in. All dates are those of the visitor's zone; weeks begin on
Monday.
"""

from __future__ import annotations

from calendar import Calendar
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from booking.availability.engine import Slot

ONE_DAY = timedelta(days=1)
WEEKS = Calendar(firstweekday=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One date, and the slots that start on it."""

    on: date
    slots: tuple[Slot, ...] = ()
    twice: frozenset[datetime] = frozenset()
    """The starts whose wall time comes twice, on a day that clocks go back."""

    @property
    def is_free(self) -> bool:
        """Tell whether anything can be booked on this day."""
        return bool(self.slots)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarView:
    """One month, and the day in it whose times are shown."""

    month: date
    """Its first day."""
    weeks: tuple[tuple[Day | None, ...], ...]
    """Monday to Sunday; None where the week belongs to another month."""
    today: date
    selected: Day | None
    """None where the month has nothing to offer and no day was asked for."""
    previous_month: date | None
    """None before the present month."""
    next_month: date | None
    """None after the last month with a slot."""
    next_free_month: date | None
    """The next month with a slot, where this one has none."""
    next_free: Slot | None
    """The earliest slot of all."""

    @property
    def free_days(self) -> int:
        """The number of days of the month on which anything can be booked."""
        return sum(day is not None and day.is_free for week in self.weeks for day in week)


def arrange_slots(
    slots: Sequence[Slot],
    *,
    zone: ZoneInfo,
    now: datetime,
    month: date | None = None,
    day: date | None = None,
) -> CalendarView:
    """Return the view of all ``slots``, which are sorted.

    ``day`` (else the first free day of ``month``, else the first of all) is selected; months
    without sense are brought to the nearest one that has some.
    """
    today = now.astimezone(zone).date()
    days = _days(slots, zone=zone)
    free = list(days)
    first, last = _first_of(today), _first_of(max([today, *free]))
    asked = _first_of(month or day or (free[0] if free else today))
    shown = min(max(asked, first), last)
    free_in_month = [on for on in free if _first_of(on) == shown]
    selected = day or (free_in_month[0] if free_in_month else None)
    return CalendarView(
        month=shown,
        weeks=_weeks(shown, days=days),
        today=today,
        selected=None if selected is None else days.get(selected, Day(on=selected)),
        previous_month=_first_of(shown - ONE_DAY) if shown > first else None,
        next_month=_month_after(shown) if shown < last else None,
        next_free_month=None
        if free_in_month
        else next((_first_of(on) for on in free if on > shown), None),
        next_free=slots[0] if slots else None,
    )


def _days(slots: Sequence[Slot], *, zone: ZoneInfo) -> dict[date, Day]:
    grouped = groupby(slots, key=lambda slot: slot.start.astimezone(zone).date())
    return {on: _day(on, tuple(of_day), zone=zone) for on, of_day in grouped}


def _day(on: date, slots: tuple[Slot, ...], *, zone: ZoneInfo) -> Day:
    wall_times = {slot.start: f"{slot.start.astimezone(zone):%H:%M}" for slot in slots}
    count = Counter(wall_times.values())
    twice = frozenset(start for start, time in wall_times.items() if count[time] > 1)
    return Day(on=on, slots=slots, twice=twice)


def _weeks(month: date, *, days: dict[date, Day]) -> tuple[tuple[Day | None, ...], ...]:
    return tuple(
        tuple(days.get(on, Day(on=on)) if on.month == month.month else None for on in week)
        for week in WEEKS.monthdatescalendar(month.year, month.month)
    )


def _first_of(on: date) -> date:
    return on.replace(day=1)


def _month_after(month: date) -> date:
    return _first_of(month + timedelta(days=31))
