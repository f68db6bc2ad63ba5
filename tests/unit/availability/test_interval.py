from datetime import UTC, datetime, timedelta, timezone

import pytest

from booking.availability.interval import Interval, whole_minutes_around
from tests.unit.availability.pools import at, between


def test_interval_that_is_empty_is_refused() -> None:
    with pytest.raises(ValueError, match="start < end"):
        Interval(at("2027-03-01T10:00"), at("2027-03-01T10:00"))


def test_interval_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="start < end"):
        Interval(at("2027-03-01T10:00"), at("2027-03-01T09:59"))


@pytest.mark.parametrize("zone", [None, timezone(timedelta(hours=1))])
def test_interval_with_an_end_that_is_not_utc_is_refused(zone: timezone | None) -> None:
    strange = datetime(2027, 3, 1, 12, tzinfo=zone)

    with pytest.raises(ValueError, match="aware UTC"):
        Interval(strange, at("2027-03-02T10:00"))
    with pytest.raises(ValueError, match="aware UTC"):
        Interval(at("2027-02-02T10:00"), strange)


def test_intervals_are_ordered_by_start_and_then_end() -> None:
    late = between("2027-03-01T10:00", "2027-03-01T11:00")
    long = between("2027-03-01T09:00", "2027-03-01T12:00")
    short = between("2027-03-01T09:00", "2027-03-01T09:30")

    assert sorted([late, long, short]) == [short, long, late]


def test_whole_minutes_around_an_interval_are_rounded_outward() -> None:
    start = datetime(1970, 1, 1, 1, 0, 59, 999_999, tzinfo=UTC)

    assert whole_minutes_around(Interval(start, start + timedelta(microseconds=2))) == (60, 62)
    assert whole_minutes_around(between("1970-01-01T01:00", "1970-01-01T02:00")) == (60, 120)
    assert whole_minutes_around(between("1969-12-31T23:59", "1970-01-01T00:01")) == (-1, 1)
