"""Where things stand on a day that is drawn to scale."""

from datetime import UTC, date, datetime

import pytest

from booking.availability.interval import Interval
from booking.web.staff.time_grid import Day, Hours, grid_css, hours_around, line_at, place

BERLIN = "Europe/Berlin"
OFFICE = Hours(8, 18)
TUESDAY = Day(date(2026, 11, 24), BERLIN)


def between(start: str, end: str) -> Interval:
    return Interval(*(datetime.fromisoformat(f"{text}Z") for text in (start, end)))


@pytest.mark.parametrize(
    ("interval", "lines"),
    [
        (between("2026-11-24T09:00", "2026-11-24T09:30"), (25, 31)),
        (between("2026-11-24T09:02", "2026-11-24T09:31"), (25, 32)),
        (between("2026-11-24T09:00", "2026-11-24T09:05"), (25, 28)),
        (between("2026-11-24T06:00", "2026-11-24T07:30"), (1, 7)),
        (between("2026-11-24T16:55", "2026-11-24T18:30"), (118, 121)),
        (between("2026-11-23T09:00", "2026-11-25T09:00"), (1, 121)),
        (between("2026-11-24T05:00", "2026-11-24T06:00"), None),
        (between("2026-11-24T17:00", "2026-11-24T18:00"), None),
        (between("2026-11-23T09:00", "2026-11-23T23:00"), None),
    ],
)
def test_place_is_between_lines_of_five_minutes(
    interval: Interval, lines: tuple[int, int] | None
) -> None:
    placed = place("demo", interval, day=TUESDAY, hours=OFFICE)

    assert (placed and (placed.first_line, placed.last_line)) == lines


def test_place_tells_the_part_of_its_day_and_whether_it_is_all_of_it() -> None:
    placed = [
        place("time-off", between(*ends), day=TUESDAY, hours=OFFICE)
        for ends in (
            ("2026-11-23T12:00", "2026-11-24T12:00"),
            ("2026-11-23T12:00", "2026-11-25T12:00"),
        )
    ]

    assert [(one.part, one.is_all_day) for one in placed if one] == [
        (between("2026-11-23T23:00", "2026-11-24T12:00"), False),
        (between("2026-11-23T23:00", "2026-11-24T23:00"), True),
    ]


@pytest.mark.parametrize(
    ("day", "interval", "minutes"),
    [
        # 01:30 CET to 03:30 CEST: an hour that the clocks skip lies in between.
        (date(2027, 3, 28), between("2027-03-28T00:30", "2027-03-28T01:30"), (90, 210)),
        # 02:45 CEST to 02:15 CET, half an hour later: the clocks went back.
        (date(2026, 10, 25), between("2026-10-25T00:45", "2026-10-25T01:15"), (165, 195)),
        (date(2026, 10, 25), between("2026-10-24T22:00", "2026-10-25T23:00"), (0, 1440)),
        (date(2027, 3, 28), between("2027-03-27T23:00", "2027-03-28T22:00"), (0, 1440)),
    ],
)
def test_minutes_follow_the_clock_on_the_wall(
    day: date, interval: Interval, minutes: tuple[int, int]
) -> None:
    assert Day(day, BERLIN).minutes(interval) == minutes


def test_day_whose_midnight_is_skipped_begins_at_one() -> None:
    day = Day(date(2026, 9, 6), "America/Santiago")

    assert day.minutes(between("2026-09-06T00:00", "2026-09-06T12:00")) == (60, 540)


@pytest.mark.parametrize(
    ("interval", "hours"),
    [
        (between("2026-11-24T09:00", "2026-11-24T09:30"), Hours(8, 18)),
        (between("2026-11-24T05:30", "2026-11-24T06:00"), Hours(6, 18)),
        (between("2026-11-24T17:00", "2026-11-24T17:05"), Hours(8, 19)),
        (between("2026-11-24T20:00", "2026-11-25T02:00"), Hours(8, 24)),
    ],
)
def test_hours_grow_with_what_is_shown(interval: Interval, hours: Hours) -> None:
    assert hours_around([TUESDAY], [interval]) == hours


def test_ruler_has_each_full_hour_at_its_line() -> None:
    assert Hours(8, 11).ruler == [("08:00", 1), ("09:00", 13), ("10:00", 25)]
    assert Hours(8, 11).last_line == 37


@pytest.mark.parametrize(
    ("now", "line"),
    [
        (datetime(2026, 11, 24, 7, 0, tzinfo=UTC), 1),
        (datetime(2026, 11, 24, 9, 4, tzinfo=UTC), 25),
        (datetime(2026, 11, 24, 6, 59, tzinfo=UTC), None),
        (datetime(2026, 11, 24, 17, 0, tzinfo=UTC), None),
        (datetime(2026, 11, 23, 9, 0, tzinfo=UTC), None),
    ],
)
def test_present_moment_has_a_line_on_its_day_alone(now: datetime, line: int | None) -> None:
    assert line_at(now, day=TUESDAY, hours=OFFICE) == line


def test_style_sheet_knows_every_line_of_a_whole_day() -> None:
    css = grid_css()

    assert ".from-1{grid-row-start:1}" in css
    assert f".to-{Hours(0, 24).last_line}{{grid-row-end:{Hours(0, 24).last_line}}}" in css
