from dataclasses import replace
from datetime import date, timedelta

import pytest

from booking.availability.explain import Reason, ReasonCode, explain
from booking.availability.facts import HostFacts
from booking.availability.policy import Policy
from tests.unit.availability.pools import CLOSED, HALF_HOURS, at, between, booked, every_day, window

NINE_TO_ELEVEN = HostFacts(host_id=1, hours=every_day("UTC", "09:00-11:00"))
NOW = "2027-06-08T00:00"
NINE = "2027-06-09T09:00"
TEN = "2027-06-09T10:00"
HALF_PAST_TEN = "2027-06-09T10:30"


def codes(host: HostFacts, start: str, *, policy: Policy = HALF_HOURS, now: str = NOW) -> list[str]:
    return [reason.code.value for reason in explain(policy, [host], start=at(start), now=at(now))]


def test_explain_of_a_free_start_is_empty() -> None:
    assert codes(NINE_TO_ELEVEN, NINE) == []


@pytest.mark.parametrize("start", ["2027-06-09T08:30", "2027-06-09T10:45", "2027-06-09T11:00"])
def test_explain_outside_hours(start: str) -> None:
    assert "outside_hours" in codes(NINE_TO_ELEVEN, start)


def test_explain_a_start_between_windows_that_runs_on_is_outside_hours_alone() -> None:
    assert codes(NINE_TO_ELEVEN, "2027-06-09T08:45") == ["outside_hours"]


def test_explain_a_meeting_over_midnight_in_two_windows_is_within_hours() -> None:
    policy = replace(HALF_HOURS, duration=timedelta(minutes=60))
    host = replace(NINE_TO_ELEVEN, hours=every_day("UTC", "00:00-00:30", "23:30-24:00"))

    assert codes(host, "2027-06-09T23:30", policy=policy) == []
    assert codes(host, "2027-06-09T00:00", policy=policy) == ["outside_hours"]


def test_explain_override_where_the_weekly_hours_would_do() -> None:
    hours = every_day("UTC", "09:00-11:00", overrides={date(2027, 6, 9): CLOSED})
    host = replace(NINE_TO_ELEVEN, hours=hours)

    assert codes(host, TEN) == ["override"]
    assert codes(host, "2027-06-09T14:00") == ["outside_hours"]


def test_explain_override_that_moves_the_grid_is_off_grid() -> None:
    hours = every_day("UTC", "09:00-11:00", overrides={date(2027, 6, 9): (window("09:15-12:00"),)})

    assert codes(replace(NINE_TO_ELEVEN, hours=hours), TEN) == ["off_grid"]


def test_explain_a_closed_day_by_its_names() -> None:
    day = date(2027, 6, 9)
    hours = every_day(
        "UTC",
        "09:00-11:00",
        closing_days={day: "Betriebsausflug"},
        holidays={day: "Feiertag", date(2027, 6, 10): "Anderer Feiertag"},
    )
    host = replace(NINE_TO_ELEVEN, hours=hours)

    assert explain(HALF_HOURS, [host], start=at(TEN), now=at(NOW)) == [
        Reason(ReasonCode.CLOSED_DAY, 1, name="Betriebsausflug"),
        Reason(ReasonCode.PUBLIC_HOLIDAY, 1, name="Feiertag"),
    ]
    assert codes(host, "2027-06-09T14:00") == ["outside_hours"]
    assert codes(host, "2027-06-10T10:00") == ["public_holiday"]
    assert codes(host, "2027-06-11T10:00") == []


def test_explain_a_closed_day_with_hours_of_its_own_by_the_override() -> None:
    day = date(2027, 6, 9)
    hours = every_day(
        "UTC", "09:00-11:00", overrides={day: (window("09:00-10:00"),)}, closing_days={day: ""}
    )
    host = replace(NINE_TO_ELEVEN, hours=hours)

    assert codes(host, NINE) == []
    assert codes(host, TEN) == ["override"]


def test_explain_a_meeting_over_midnight_by_the_day_that_is_closed() -> None:
    policy = replace(HALF_HOURS, duration=timedelta(minutes=60))
    hours = every_day(
        "UTC",
        "00:00-24:00",
        overrides={date(2027, 6, 9): (window("00:00-24:00"),)},
        holidays={date(2027, 6, 10): "Feiertag"},
    )
    host = replace(NINE_TO_ELEVEN, hours=hours)

    assert codes(host, "2027-06-09T23:30", policy=policy) == ["public_holiday"]


@pytest.mark.parametrize("start", ["2027-06-09T09:10", "2027-06-09T09:30:01"])
def test_explain_off_grid(start: str) -> None:
    assert codes(NINE_TO_ELEVEN, start) == ["off_grid"]


def test_explain_a_start_with_seconds_outside_hours_is_not_off_grid_too() -> None:
    assert codes(NINE_TO_ELEVEN, "2027-06-09T07:30:01") == ["outside_hours"]


def test_explain_what_the_meeting_itself_touches() -> None:
    ten = between(TEN, "2027-06-09T10:01")
    reserved = booked(TEN, HALF_PAST_TEN)

    assert codes(replace(NINE_TO_ELEVEN, time_off=(ten,)), TEN) == ["time_off"]
    assert codes(replace(NINE_TO_ELEVEN, busy=(ten,)), TEN) == ["busy"]
    assert codes(replace(NINE_TO_ELEVEN, reservations=(reserved,)), TEN) == ["booked"]
    assert codes(replace(NINE_TO_ELEVEN, reservations=(replace(reserved, held=True),)), TEN) == [
        "held"
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [(15, 0, ["buffer"]), (0, 15, []), (10, 0, []), (11, 0, ["buffer"])],
)
def test_explain_buffer_before(before: int, after: int, expected: list[str]) -> None:
    policy = replace(
        HALF_HOURS,
        buffer_before=timedelta(minutes=before),
        buffer_after=timedelta(minutes=after),
    )
    host = replace(NINE_TO_ELEVEN, busy=(between("2027-06-09T09:40", "2027-06-09T09:50"),))

    assert codes(host, TEN, policy=policy) == expected


def test_explain_buffer_after_beside_what_the_meeting_touches() -> None:
    policy = replace(HALF_HOURS, buffer_after=timedelta(minutes=1))
    host = replace(
        NINE_TO_ELEVEN,
        busy=(between("2027-06-09T09:50", "2027-06-09T10:05"),),
        reservations=(booked(HALF_PAST_TEN, "2027-06-09T11:00"),),
    )

    assert codes(host, TEN, policy=policy) == ["busy", "buffer"]


def test_explain_tells_whether_other_meetings_are_all_that_stands_in_the_way() -> None:
    policy = replace(HALF_HOURS, buffer_after=timedelta(minutes=15))
    next_meeting = booked(HALF_PAST_TEN, "2027-06-09T11:00")
    next_busy = between(HALF_PAST_TEN, "2027-06-09T11:00")
    hosts = [
        replace(NINE_TO_ELEVEN, host_id=1, reservations=(next_meeting,)),
        replace(NINE_TO_ELEVEN, host_id=2, busy=(next_busy,)),
        replace(NINE_TO_ELEVEN, host_id=3, reservations=(next_meeting,), busy=(next_busy,)),
    ]

    reasons = explain(policy, hosts, start=at(TEN), now=at(NOW))

    assert reasons == [
        Reason(ReasonCode.BUFFER, 1, taken=True),
        Reason(ReasonCode.BUFFER, 2, taken=False),
        Reason(ReasonCode.BUFFER, 3, taken=False),
    ]


@pytest.mark.parametrize(
    ("now", "expected"), [("2027-06-09T07:00", []), ("2027-06-09T07:00:00.000001", ["notice"])]
)
def test_explain_notice_exactly(now: str, expected: list[str]) -> None:
    policy = replace(HALF_HOURS, minimum_notice=timedelta(hours=2))

    assert codes(NINE_TO_ELEVEN, NINE, policy=policy, now=now) == expected


def test_explain_horizon_by_the_days_of_the_host() -> None:
    policy = replace(HALF_HOURS, horizon_days=1)
    hours = every_day("Pacific/Kiritimati", "00:00-24:00")  # 14 hours ahead of UTC
    host = replace(NINE_TO_ELEVEN, hours=hours)

    assert codes(host, "2027-06-09T09:30", policy=policy, now="2027-06-08T09:00") == []
    assert codes(host, "2027-06-09T10:00", policy=policy, now="2027-06-08T09:00") == ["horizon"]


def test_explain_limit_by_day_and_by_week() -> None:
    host = replace(NINE_TO_ELEVEN, reservations=(booked("2027-06-09T09:30", "2027-06-09T10:00"),))
    a_day = replace(HALF_HOURS, max_per_day=1)
    a_week = replace(HALF_HOURS, max_per_week=1)

    assert codes(host, NINE, policy=a_day) == ["limit"]
    assert codes(host, "2027-06-10T09:00", policy=a_day) == []
    assert codes(host, "2027-06-13T09:00", policy=a_week) == ["limit"]
    assert codes(host, "2027-06-14T09:00", policy=a_week) == []


def test_explain_everything_at_once_in_the_order_of_the_codes() -> None:
    policy = replace(HALF_HOURS, minimum_notice=timedelta(hours=2), max_per_day=1, horizon_days=0)
    ten = between(TEN, HALF_PAST_TEN)
    host = replace(
        NINE_TO_ELEVEN,
        time_off=(ten,),
        busy=(ten, ten),
        reservations=(booked(TEN, HALF_PAST_TEN),),
    )

    reasons = explain(
        policy,
        [host],
        start=at("2027-06-09T10:10"),
        now=at("2027-06-10T00:00"),
        segment_host_ids=[],
    )

    assert reasons == [
        Reason(ReasonCode.TIME_OFF, 1),
        Reason(ReasonCode.BUSY, 1),
        Reason(ReasonCode.NOTICE, 1),
        Reason(ReasonCode.LIMIT, 1),
        Reason(ReasonCode.BOOKED, 1, taken=True),
        Reason(ReasonCode.OFF_GRID, 1),
        Reason(ReasonCode.SEGMENT, 1),
    ]


def test_explain_names_each_host_in_the_given_order() -> None:
    away = replace(NINE_TO_ELEVEN, host_id=9, time_off=(between(NINE, TEN),))
    free = replace(NINE_TO_ELEVEN, host_id=5)
    other_segment = replace(NINE_TO_ELEVEN, host_id=2)

    reasons = explain(
        HALF_HOURS,
        [away, free, other_segment],
        start=at(NINE),
        now=at(NOW),
        segment_host_ids={9, 5},
    )

    assert reasons == [Reason(ReasonCode.TIME_OFF, 9), Reason(ReasonCode.SEGMENT, 2)]


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("0001-01-01T00:00", ["notice", "outside_hours"]),
        ("9999-12-31T23:59:59", ["horizon", "outside_hours"]),
    ],
)
def test_explain_at_the_ends_of_the_calendar(start: str, expected: list[str]) -> None:
    assert sorted(codes(NINE_TO_ELEVEN, start)) == expected


def test_explain_a_start_that_the_hours_of_the_segment_leave_out() -> None:
    masked = replace(HALF_HOURS, mask=((2, window("10:00-10:45")),))

    assert codes(NINE_TO_ELEVEN, TEN, policy=masked) == []
    assert codes(NINE_TO_ELEVEN, HALF_PAST_TEN, policy=masked) == ["segment_hours"]
    assert codes(NINE_TO_ELEVEN, "2027-06-10T10:00", policy=masked) == ["segment_hours"]
