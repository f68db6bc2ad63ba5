"""Says stored windows of minutes as a setup file does: by times of day, and by days of the week."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from booking.availability.wall_clock import written_windows
from booking.setup_file.staff_entry import WEEKDAYS

if TYPE_CHECKING:
    from collections.abc import Iterable


def describe_week(rows: Iterable[tuple[int, int, int]]) -> list[dict[str, Any]]:
    """Return (weekday, from minute, to minute) as entries, those of the same times in one."""
    days: dict[tuple[str, str], list[int]] = {}
    for weekday, start, end in rows:
        for times in written_windows([(start, end)]):
            days.setdefault(times, []).append(weekday)
    return [
        {"days": [WEEKDAYS[day].value for day in on], "from": start, "to": end}
        for (start, end), on in sorted(
            ((times, sorted(on)) for times, on in days.items()), key=lambda one: (one[1][0], one[0])
        )
    ]


def describe_windows(spans: Iterable[Iterable[int]]) -> list[dict[str, Any]]:
    """Return the windows of one date as entries."""
    return [
        {"from": start, "to": end}
        for start, end in written_windows(sorted((start, end) for start, end in spans))
    ]
