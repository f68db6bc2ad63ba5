"""When a host works: a weekly rule on the host's own wall clock, with some dates replaced.

Turns the rule into UTC. Knows nothing of meetings; a date override replaces the windows that
start on its date, so the tail of the night before stays. A closing day or a public holiday takes
them away, unless the host has an override of that date: somebody chose it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from booking.availability.interval import Interval
from booking.availability.minutes import (
    MINUTES_A_DAY,
    Span,
    day_number,
    instant_at,
    unite,
    weekday_of,
)
from booking.availability.offsets import ZoneOffsets, offsets_between

LONGEST_WINDOW_DAYS = 2


@dataclass(frozen=True, slots=True)
class LocalWindow:
    """A stretch of one local date, in wall-clock minutes after its midnight.

    Half-open; `to_minute` beyond 1440 runs past midnight, at most to the end of the next date.

    Raises:
        ValueError: not 0 <= from_minute < 1440, or not from_minute < to_minute <= 2880.
    """

    from_minute: int
    to_minute: int

    def __post_init__(self) -> None:
        """Refuse a window that does not start on its date or ends before it starts."""
        if not 0 <= self.from_minute < MINUTES_A_DAY:
            raise ValueError(f"a window starts on its own date, not at {self.from_minute}")
        if not self.from_minute < self.to_minute <= LONGEST_WINDOW_DAYS * MINUTES_A_DAY:
            raise ValueError(f"a window cannot run from {self.from_minute} to {self.to_minute}")


WeeklyWindows = tuple[tuple[int, LocalWindow], ...]
"""Windows of a week, each with the weekday that it starts on; 0 = Monday."""


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """A host's working hours.

    Attributes:
        time_zone: IANA name of the zone whose wall clock the windows are read on.
        weekly: windows by the weekday they start on, 0 = Monday; a missing day is free.
        overrides: windows that replace the weekly ones of one date; empty = closed.
        closing_days: dates on which the whole company gives no demos, each with its note.
        holidays: public holidays where the host works, each with its name.
    """

    time_zone: str
    weekly: Mapping[int, tuple[LocalWindow, ...]]
    overrides: Mapping[date, tuple[LocalWindow, ...]]
    closing_days: Mapping[date, str] = field(default_factory=dict)
    holidays: Mapping[date, str] = field(default_factory=dict)

    def is_closed(self, day: date) -> bool:
        """Tell whether a closing day or a holiday takes the weekly windows of ``day`` away."""
        return self.why_closed(day) is not None

    def why_closed(self, day: date) -> str | None:
        """Return the name of what closes ``day``; None where nothing does."""
        if day in self.overrides:
            return None
        return self.closing_days.get(day, self.holidays.get(day))


def working_windows(hours: WorkingHours, *, first: date, last: date) -> list[Interval]:
    """Return the UTC windows that start on the local dates `first` to `last`, both included.

    Sorted by start. Windows of one date that touch or overlap are one; windows of two dates stay
    two, for each carries its own grid. A wall time that does not exist is read with the offset
    before the gap, one that exists twice is the first. Raises ValueError for an unknown zone.
    """
    first_day, last_day = day_number(first), day_number(last)
    offsets = offsets_between(
        hours.time_zone,
        (first_day - 1) * MINUTES_A_DAY,
        (last_day + LONGEST_WINDOW_DAYS + 1) * MINUTES_A_DAY,
    )
    spans = window_spans(hours, offsets=offsets, first_day=first_day, last_day=last_day)
    return [Interval(instant_at(start), instant_at(end)) for start, end in spans]


def mask_spans(
    mask: WeeklyWindows, *, offsets: ZoneOffsets, first_day: int, last_day: int
) -> list[Span]:
    """Return the windows of ``mask`` that start on these local days, united, whatever is closed."""
    weekly: dict[int, tuple[LocalWindow, ...]] = {}
    for weekday, window in mask:
        weekly[weekday] = (*weekly.get(weekday, ()), window)
    hours = WorkingHours(time_zone="", weekly=weekly, overrides={})
    return unite(window_spans(hours, offsets=offsets, first_day=first_day, last_day=last_day))


def window_spans(
    hours: WorkingHours, *, offsets: ZoneOffsets, first_day: int, last_day: int
) -> list[Span]:
    """Return what `working_windows` returns, in minutes and day numbers, by known offsets."""
    weekly = [_united(hours.weekly.get(weekday, ())) for weekday in range(7)]
    replaced: dict[int, list[Span]] = {
        day_number(day): [] for day in (*hours.closing_days, *hours.holidays)
    }
    replaced |= {day_number(day): _united(windows) for day, windows in hours.overrides.items()}
    spans: list[Span] = []
    for day in range(first_day, last_day + 1):
        midnight = day * MINUTES_A_DAY
        for from_minute, to_minute in replaced.get(day, weekly[weekday_of(day)]):
            start, end = offsets.utc_span((midnight + from_minute, midnight + to_minute))
            if start < end:  # a window inside a gap has no minutes
                spans.append((start, end))
    spans.sort()
    return spans


def _united(windows: Iterable[LocalWindow]) -> list[Span]:
    return unite((window.from_minute, window.to_minute) for window in windows)
