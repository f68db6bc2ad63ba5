"""Bounds of working hours that the clocks leave out."""

from datetime import date

import pytest

from booking.availability.skipped_times import skipped_times
from booking.availability.working_hours import LocalWindow, WorkingHours

OFFICE = LocalWindow(540, 1020)


@pytest.mark.parametrize(
    ("zone", "weekly", "overrides", "found"),
    [
        ("Europe/Berlin", dict.fromkeys(range(7), (OFFICE,)), {}, []),
        # Sunday's window begins in the gap; Saturday's of the night before ends in it.
        (
            "Europe/Berlin",
            {6: (LocalWindow(150, 240),), 5: (LocalWindow(1320, 1440 + 165),)},
            {},
            [(date(2027, 3, 28), "02:45"), (date(2027, 3, 28), "02:30")],
        ),
        # That date has hours of its own, so the weekly ones do not matter.
        ("Europe/Berlin", {6: (LocalWindow(150, 240),)}, {date(2027, 3, 28): (OFFICE,)}, []),
        # In autumn the hour comes twice, and is there.
        ("Europe/Berlin", {6: (LocalWindow(1, 150),)}, {}, [(date(2027, 3, 28), "02:30")]),
        # Here the clocks are put forward at midnight: the day begins at one.
        (
            "Africa/Cairo",
            {4: (LocalWindow(0, 600),)},
            {},
            [(date(2027, 4, 30), "00:00")],
        ),
        ("Asia/Kolkata", {6: (LocalWindow(150, 240),)}, {}, []),
    ],
)
def test_skipped_bounds_are_found(
    zone: str,
    weekly: dict[int, tuple[LocalWindow, ...]],
    overrides: dict[date, tuple[LocalWindow, ...]],
    found: list[tuple[date, str]],
) -> None:
    hours = WorkingHours(time_zone=zone, weekly=weekly, overrides=overrides)

    assert list(skipped_times(hours, first=date(2026, 11, 23), last=date(2027, 11, 23))) == found
