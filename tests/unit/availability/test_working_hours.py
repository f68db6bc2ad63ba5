from datetime import date, timedelta

import pytest

from booking.availability.interval import Interval
from booking.availability.working_hours import LocalWindow, WorkingHours, working_windows
from tests.unit.availability.pools import CLOSED, at, between, every_day, window

MONDAY, TUESDAY, WEDNESDAY = date(2027, 6, 7), date(2027, 6, 8), date(2027, 6, 9)


def windows_on(hours: WorkingHours, day: date) -> list[Interval]:
    return working_windows(hours, first=day, last=day)


@pytest.mark.parametrize("bounds", [(-1, 60), (1440, 1500), (60, 60), (60, 30), (60, 2881)])
def test_local_window_out_of_bounds_is_refused(bounds: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="window"):
        LocalWindow(*bounds)


def test_windows_of_an_unknown_zone_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown time zone"):
        windows_on(every_day("Europe/Bielefeld", "09:00-17:00"), MONDAY)


def test_windows_hold_on_their_own_weekday_only() -> None:
    hours = WorkingHours("Asia/Kolkata", {1: (window("09:00-17:00"),)}, {})

    assert working_windows(hours, first=MONDAY, last=WEDNESDAY) == [
        between("2027-06-08T03:30", "2027-06-08T11:30")
    ]


def test_windows_that_touch_or_overlap_on_one_date_are_united() -> None:
    hours = every_day("UTC", "11:00-13:00", "09:00-10:00", "10:00-11:30", "14:00-15:00")

    assert windows_on(hours, MONDAY) == [
        between("2027-06-07T09:00", "2027-06-07T13:00"),
        between("2027-06-07T14:00", "2027-06-07T15:00"),
    ]


def test_windows_that_touch_at_midnight_stay_two() -> None:
    hours = every_day("UTC", "00:00-24:00")

    assert working_windows(hours, first=MONDAY, last=TUESDAY) == [
        between("2027-06-07T00:00", "2027-06-08T00:00"),
        between("2027-06-08T00:00", "2027-06-09T00:00"),
    ]


def test_windows_that_overlap_the_next_date_stay_sorted_by_start() -> None:
    hours = every_day(
        "UTC",
        "09:00-10:00",
        overrides={MONDAY: (window("23:00-34:00"),), TUESDAY: (window("01:00-02:00"),)},
    )

    assert working_windows(hours, first=MONDAY, last=TUESDAY) == [
        between("2027-06-07T23:00", "2027-06-08T10:00"),
        between("2027-06-08T01:00", "2027-06-08T02:00"),
    ]


def test_override_replaces_the_windows_that_start_on_its_date_and_no_others() -> None:
    hours = every_day("Europe/Berlin", "22:00-26:00", overrides={TUESDAY: (window("10:00-12:00"),)})

    assert working_windows(hours, first=MONDAY, last=WEDNESDAY) == [
        between("2027-06-07T20:00", "2027-06-08T00:00"),
        between("2027-06-08T08:00", "2027-06-08T10:00"),
        between("2027-06-09T20:00", "2027-06-10T00:00"),
    ]


def test_override_without_windows_closes_the_date() -> None:
    hours = every_day("Europe/Berlin", "09:00-17:00", overrides={TUESDAY: CLOSED})

    assert windows_on(hours, TUESDAY) == []


@pytest.mark.parametrize("closed", ["closing_days", "holidays"])
def test_closed_day_has_no_window_that_starts_on_it(closed: str) -> None:
    hours = every_day("Europe/Berlin", "22:00-26:00", **{closed: {TUESDAY: "Betriebsausflug"}})

    assert working_windows(hours, first=MONDAY, last=WEDNESDAY) == [
        between("2027-06-07T20:00", "2027-06-08T00:00"),
        between("2027-06-09T20:00", "2027-06-10T00:00"),
    ]


@pytest.mark.parametrize("closed", ["closing_days", "holidays"])
def test_override_counts_more_than_a_closed_day(closed: str) -> None:
    hours = every_day(
        "UTC",
        "09:00-17:00",
        overrides={TUESDAY: (window("10:00-12:00"),), WEDNESDAY: CLOSED},
        **{closed: {TUESDAY: "", WEDNESDAY: ""}},
    )

    assert working_windows(hours, first=TUESDAY, last=WEDNESDAY) == [
        between("2027-06-08T10:00", "2027-06-08T12:00")
    ]
    assert [hours.is_closed(day) for day in (MONDAY, TUESDAY, WEDNESDAY)] == [False] * 3


@pytest.mark.fault("F16")
@pytest.mark.parametrize(
    ("night", "before", "after"),
    [
        # 23 hours without a window, and 25: the days beside them keep theirs to the minute.
        (date(2027, 3, 28), "2027-03-27T23:00", "2027-03-28T22:00"),
        (date(2027, 10, 31), "2027-10-30T22:00", "2027-10-31T23:00"),
    ],
)
def test_closed_day_of_another_length_is_closed_from_midnight_to_midnight(
    night: date, before: str, after: str
) -> None:
    hours = every_day("Europe/Berlin", "00:00-24:00", holidays={night: "Ostersonntag"})

    first, last = working_windows(
        hours, first=night - timedelta(days=1), last=night + timedelta(days=1)
    )

    assert (first.end, last.start) == (at(before), at(after))


@pytest.mark.parametrize(
    ("zone", "day", "local", "start", "end"),
    [
        # Europe/Berlin, 2027-03-28: 02:00 CET becomes 03:00 CEST.
        ("Europe/Berlin", "2027-03-28", "00:00-24:00", "2027-03-27T23:00", "2027-03-28T22:00"),
        ("Europe/Berlin", "2027-03-28", "01:00-04:00", "2027-03-28T00:00", "2027-03-28T02:00"),
        ("Europe/Berlin", "2027-03-28", "02:30-05:00", "2027-03-28T01:30", "2027-03-28T03:00"),
        ("Europe/Berlin", "2027-03-28", "01:00-02:30", "2027-03-28T00:00", "2027-03-28T01:30"),
        # Europe/Berlin, 2027-10-31: 03:00 CEST becomes 02:00 CET.
        ("Europe/Berlin", "2027-10-31", "00:00-24:00", "2027-10-30T22:00", "2027-10-31T23:00"),
        ("Europe/Berlin", "2027-10-31", "02:00-03:00", "2027-10-31T00:00", "2027-10-31T02:00"),
        ("Europe/Berlin", "2027-10-31", "01:00-02:30", "2027-10-30T23:00", "2027-10-31T00:30"),
        ("Europe/Berlin", "2027-10-30", "22:00-27:00", "2027-10-30T20:00", "2027-10-31T02:00"),
        # Africa/Cairo: on 2027-04-30 the hour after midnight is missing, 2027-10-28 has 25 hours.
        ("Africa/Cairo", "2027-04-30", "00:00-02:00", "2027-04-29T22:00", "2027-04-29T23:00"),
        ("Africa/Cairo", "2027-04-29", "22:00-24:00", "2027-04-29T20:00", "2027-04-29T22:00"),
        ("Africa/Cairo", "2027-10-28", "23:00-24:00", "2027-10-28T20:00", "2027-10-28T22:00"),
        # America/Santiago: 2027-09-05 starts at 01:00; 2027-04-03 has 25 hours.
        ("America/Santiago", "2027-09-05", "00:00-02:00", "2027-09-05T04:00", "2027-09-05T05:00"),
        ("America/Santiago", "2027-04-03", "22:00-24:00", "2027-04-04T01:00", "2027-04-04T04:00"),
        # Asia/Beirut: 2027-03-28 starts at 01:00; 2027-10-30 has 25 hours.
        ("Asia/Beirut", "2027-03-28", "00:30-03:00", "2027-03-27T22:30", "2027-03-28T00:00"),
        ("Asia/Beirut", "2027-10-30", "23:00-25:00", "2027-10-30T20:00", "2027-10-30T23:00"),
        # Australia/Lord_Howe moves its clocks by half an hour at 02:00.
        (
            "Australia/Lord_Howe",
            "2027-10-03",
            "02:15-03:00",
            "2027-10-02T15:45",
            "2027-10-02T16:00",
        ),
        (
            "Australia/Lord_Howe",
            "2027-04-04",
            "01:30-02:30",
            "2027-04-03T14:30",
            "2027-04-03T16:00",
        ),
        # Pacific/Apia had no 2011-12-30: read by the old offset, it is the 31st.
        ("Pacific/Apia", "2011-12-29", "09:00-17:00", "2011-12-29T19:00", "2011-12-30T03:00"),
        ("Pacific/Apia", "2011-12-30", "09:00-17:00", "2011-12-30T19:00", "2011-12-31T03:00"),
        ("Pacific/Apia", "2011-12-31", "09:00-17:00", "2011-12-30T19:00", "2011-12-31T03:00"),
        # Zones that are not on the full hour.
        ("Asia/Kathmandu", "2027-01-04", "09:00-17:00", "2027-01-04T03:15", "2027-01-04T11:15"),
        ("Asia/Kolkata", "2027-01-04", "09:00-17:00", "2027-01-04T03:30", "2027-01-04T11:30"),
        ("Australia/Eucla", "2027-01-04", "09:00-17:00", "2027-01-04T00:15", "2027-01-04T08:15"),
    ],
)
def test_window_on_the_wall_clock_becomes_utc(
    zone: str, day: str, local: str, start: str, end: str
) -> None:
    windows = windows_on(every_day(zone, local), date.fromisoformat(day))

    assert windows == [between(start, end)]


@pytest.mark.fault("F16")
@pytest.mark.parametrize("local", ["02:00-03:00", "02:30-03:15", "02:30-03:30"])
def test_window_that_lies_in_the_missing_hour_has_no_minutes(local: str) -> None:
    windows = windows_on(every_day("Europe/Berlin", local), date(2027, 3, 28))

    assert windows == []


def test_windows_that_overlap_only_by_the_missing_hour_stay_two() -> None:
    hours = every_day("Europe/Berlin", "01:00-02:30", "03:00-04:00")

    assert windows_on(hours, date(2027, 3, 28)) == [
        Interval(at("2027-03-28T00:00"), at("2027-03-28T01:30")),
        Interval(at("2027-03-28T01:00"), at("2027-03-28T02:00")),
    ]
