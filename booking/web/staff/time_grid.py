"""Where things stand on a day that is drawn to scale: rows of five minutes, from an hour on.

Rows follow the clock on the wall, so that all days of a week share one ruler. On a day whose clocks
are set back, an hour stands for two; on the other one, it stays empty.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from booking.availability.interval import Interval
from booking.time_zone import local_day, time_zone

if TYPE_CHECKING:
    from collections.abc import Iterable

MINUTES_A_ROW = 5
ONE_MINUTE = timedelta(minutes=1)
ROWS_AN_HOUR = 60 // MINUTES_A_ROW
LEAST_ROWS = 3
"""What is shorter could not be read."""
USUAL_HOURS = (8, 18)


@dataclass(frozen=True, slots=True)
class Placed:
    """Something that takes time, and the lines of the grid between which it stands."""

    kind: str
    """``working``, ``busy``, ``time-off``, ``hold`` or ``demo``."""
    part: Interval
    """As much of it as lies on this day."""
    is_all_day: bool
    first_line: int
    last_line: int
    thing: Any = None
    """The row it was made of, where it has more to tell."""

    last_on: None = None
    """On which later day it ends: never, since it is cut to its day."""


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours that are drawn: from the first to before the last, which may be 24."""

    first: int
    last: int

    @property
    def ruler(self) -> list[tuple[str, int]]:
        """Each full hour as it is written beside the grid, and its line."""
        return [
            (f"{hour:02}:00", 1 + (hour - self.first) * ROWS_AN_HOUR)
            for hour in range(self.first, self.last)
        ]

    @property
    def last_line(self) -> int:
        """The line at the end of the grid."""
        return 1 + (self.last - self.first) * ROWS_AN_HOUR


@dataclass(frozen=True, slots=True)
class Day:
    """One date in a time zone."""

    on: date
    zone: str

    def cut(self, interval: Interval) -> Interval | None:
        """Return what of ``interval`` lies on this day."""
        start, end = local_day(self.on, zone=self.zone)
        first, last = max(interval.start, start), min(interval.end, end)
        return Interval(first, last) if first < last else None

    def is_filled_by(self, part: Interval) -> bool:
        """Tell whether ``part`` is the whole day."""
        return (part.start, part.end) == local_day(self.on, zone=self.zone)

    def minutes(self, interval: Interval) -> tuple[int, int] | None:
        """Return from which to which minute on the wall it lasts on this day; None: not at all."""
        part = self.cut(interval)
        if part is None:
            return None
        start, end = (self.minute(instant) for instant in (part.start, part.end))
        if end <= start:
            # The clocks were set back in between.
            end = start + (part.end - part.start) // ONE_MINUTE
        return start, end

    def minute(self, instant: datetime) -> int:
        """Return how many minutes after this day's midnight the clock on the wall shows."""
        local = instant.astimezone(time_zone(self.zone))
        return 60 * (24 * (local.date() - self.on).days + local.hour) + local.minute


def hours_around(days: Iterable[Day], intervals: Iterable[Interval]) -> Hours:
    """Return the usual hours, and as many more as it takes to show every one of ``intervals``."""
    first, last = USUAL_HOURS
    shown = list(intervals)
    for day in days:
        for start, end in filter(None, map(day.minutes, shown)):
            first, last = min(first, start // 60), max(last, -(-end // 60))
    return Hours(first, min(last, 24))


def place(
    kind: str, interval: Interval, *, day: Day, hours: Hours, thing: Any = None
) -> Placed | None:
    """Return where ``interval`` stands on ``day``; None where nothing of it can be seen."""
    minutes, part = day.minutes(interval), day.cut(interval)
    if minutes is None or part is None:
        return None
    start, end = (minute - hours.first * 60 for minute in minutes)
    first = max(1 + start // MINUTES_A_ROW, 1)
    last = min(1 - (-end // MINUTES_A_ROW), hours.last_line)
    if first >= last:
        return None
    first = min(first, hours.last_line - LEAST_ROWS)
    last = max(last, first + LEAST_ROWS)
    return Placed(kind, part, day.is_filled_by(part), first, last, thing)


def line_at(instant: datetime, *, day: Day, hours: Hours) -> int | None:
    """Return the line nearest above ``instant``; None where it is not drawn."""
    line = 1 + (day.minute(instant) - 60 * hours.first) // MINUTES_A_ROW
    return line if 1 <= line < hours.last_line else None


def grid_css() -> str:
    """Return the rules that put ``from-3 to-9`` between these lines, for every line there is.

    On narrow screens nothing is drawn to scale.
    """
    rules = "".join(
        f".from-{line}{{grid-row-start:{line}}}.to-{line}{{grid-row-end:{line}}}"
        for line in range(1, 2 + 24 * ROWS_AN_HOUR)
    )
    return f"@media (min-width:60rem){{{rules}}}"
