from datetime import date

import pytest

from booking.availability.minutes import day_number, floor_minute
from booking.availability.offsets import ZoneOffsets, offsets_between
from tests.unit.availability.pools import at


def offsets_of(zone: str, start: str, end: str) -> ZoneOffsets:
    return offsets_between(zone, floor_minute(at(start)), floor_minute(at(end)))


def test_offsets_of_a_year_know_both_changes() -> None:
    changes = [floor_minute(at("2027-03-28T01:00")), floor_minute(at("2027-10-31T01:00"))]

    assert offsets_of("Europe/Berlin", "2027-05-01T00:00", "2027-05-02T00:00") == ZoneOffsets(
        offsets=(60, 120, 60),
        changes=(changes[0], changes[1]),
        wall_changes=(changes[0] + 120, changes[1] + 120),
    )


def test_offsets_at_the_ends_of_the_calendar_are_known() -> None:
    first = offsets_between("Asia/Kolkata", -(10**12), -(10**12))
    last = offsets_between("Asia/Kolkata", 10**12, 10**12)

    assert first.changes == ()
    assert last.offsets == (330,)


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        ("2027-10-28T20:59", date(2027, 10, 28)),
        ("2027-10-28T21:00", date(2027, 10, 28)),  # midnight, and the clock goes back to 23:00
        ("2027-10-28T21:59", date(2027, 10, 28)),
        ("2027-10-28T22:00", date(2027, 10, 29)),
    ],
)
def test_local_day_lasts_until_its_second_midnight(instant: str, expected: date) -> None:
    cairo = offsets_of("Africa/Cairo", instant, instant)

    assert cairo.local_day(floor_minute(at(instant))) == day_number(expected)


def test_spans_of_a_day_that_the_clock_comes_back_to_are_two() -> None:
    # St. John's used to change at 00:01: the 7th began, and then the 6th came back for an hour.
    st_johns = offsets_of("America/St_Johns", "2010-11-07T00:00", "2010-11-07T00:00")
    sixth = day_number(date(2010, 11, 6))

    assert list(st_johns.spans_of_days(sixth, sixth)) == [
        (floor_minute(at("2010-11-06T02:30")), floor_minute(at("2010-11-07T02:30"))),
        (floor_minute(at("2010-11-07T02:31")), floor_minute(at("2010-11-07T03:30"))),
    ]


def test_spans_of_days_that_run_backwards_are_none() -> None:
    utc = offsets_of("UTC", "2027-01-01T00:00", "2027-01-01T00:00")

    assert list(utc.spans_of_days(20_001, 20_000)) == []
