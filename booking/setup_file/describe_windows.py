"""Says stored windows of minutes as a setup file does: by times of day, and by days of the week."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from booking.availability.minutes import MINUTES_A_DAY, Span
from booking.setup_file.staff_entry import WEEKDAYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LAST_START = MINUTES_A_DAY - 1
LAST_END = 2 * MINUTES_A_DAY - 2
"""No window of a file ends later: it would end where it starts."""


def describe_week(rows: Iterable[tuple[int, int, int]]) -> list[dict[str, Any]]:
    """Return (weekday, from minute, to minute) as entries, those of the same times in one."""
    days: dict[Span, list[int]] = {}
    for weekday, from_minute, to_minute in rows:
        for span in _sayable(from_minute, to_minute):
            days.setdefault(span, []).append(weekday)
    return [
        {"days": [WEEKDAYS[day].value for day in on], **_window(span)}
        for span, on in sorted(
            ((span, sorted(on)) for span, on in days.items()), key=lambda one: (one[1][0], one[0])
        )
    ]


def describe_windows(spans: Iterable[Iterable[int]]) -> list[dict[str, Any]]:
    """Return the windows of one date as entries."""
    return [
        _window(span)
        for from_minute, to_minute in sorted(tuple(span) for span in spans)
        for span in _sayable(from_minute, to_minute)
    ]


def _sayable(from_minute: int, to_minute: int) -> Iterator[Span]:
    """Yield the window in parts that a file can say: what is united lasts longer than a day."""
    is_whole_day = (from_minute, to_minute) == (0, MINUTES_A_DAY)
    if to_minute - from_minute < MINUTES_A_DAY or is_whole_day:
        yield from_minute, to_minute
    else:
        yield from_minute, MINUTES_A_DAY
        yield LAST_START, min(to_minute, LAST_END)


def _window(span: Span) -> dict[str, Any]:
    from_minute, to_minute = span
    if to_minute > MINUTES_A_DAY:
        to_minute -= MINUTES_A_DAY
    return {"from": _clock(from_minute), "to": _clock(to_minute)}


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
