from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from booking.availability.engine import Slot, find_slots, hosts_free_at, nearest_slots
from booking.availability.facts import HostFacts
from booking.availability.policy import HostsNeeded
from booking.availability.working_hours import WorkingHours
from tests.unit.availability.pools import (
    CLOSED,
    HALF_HOURS,
    at,
    between,
    booked,
    brief,
    every_day,
    starts,
    window,
)

NIGHT = "2027-06-09T00:00"
NEXT_NIGHT = "2027-06-10T00:00"
NINE_TO_ELEVEN = HostFacts(host_id=1, hours=every_day("UTC", "09:00-11:00"))


def test_slots_carry_start_and_end_in_utc() -> None:
    host = HostFacts(host_id=1, hours=every_day("Europe/Berlin", "09:00-09:30"))

    slots = find_slots(
        HALF_HOURS, [host], start=at(NIGHT), end=at(NEXT_NIGHT), now=at("2027-06-01T00:00")
    )

    assert slots == [Slot(at("2027-06-09T07:00"), at("2027-06-09T07:30"))]
    assert slots[0].start.tzinfo is UTC


def test_slots_start_at_or_after_the_start_and_before_the_end_of_the_question() -> None:
    offered = starts(
        HALF_HOURS, NINE_TO_ELEVEN, start="2027-06-09T09:30", end="2027-06-09T10:30", now=NIGHT
    )

    assert offered == ["09T09:30", "09T10:00"]


def test_slots_of_a_question_with_seconds_keep_its_bounds() -> None:
    offered = starts(
        HALF_HOURS,
        NINE_TO_ELEVEN,
        start="2027-06-09T09:00:01",
        end="2027-06-09T10:00:01",
        now=NIGHT,
    )

    assert offered == ["09T09:30", "09T10:00"]


def test_slots_of_a_question_that_ends_before_it_starts_are_none() -> None:
    offered = starts(HALF_HOURS, NINE_TO_ELEVEN, start=NEXT_NIGHT, end=NIGHT, now=NIGHT)

    assert offered == []


def test_slots_without_working_hours_are_none() -> None:
    host = HostFacts(host_id=1, hours=WorkingHours("UTC", {}, {}))

    assert starts(HALF_HOURS, host, start=NIGHT, end=NEXT_NIGHT, now=NIGHT) == []


@pytest.mark.parametrize("needed", list(HostsNeeded))
def test_slots_of_a_pool_without_hosts_are_none(needed: HostsNeeded) -> None:
    policy = replace(HALF_HOURS, hosts_needed=needed)

    assert starts(policy, start=NIGHT, end=NEXT_NIGHT, now=NIGHT) == []


def test_grid_is_anchored_at_each_window_and_stepped_by_the_interval() -> None:
    policy = replace(HALF_HOURS, slot_interval=timedelta(minutes=20))
    host = HostFacts(host_id=1, hours=every_day("UTC", "09:05-10:05", "13:00-13:50"))

    offered = starts(policy, host, start=NIGHT, end=NEXT_NIGHT, now=NIGHT)

    assert offered == ["09T09:05", "09T09:25", "09T13:00", "09T13:20"]


def test_grid_is_not_moved_by_a_meeting_or_by_now() -> None:
    host = replace(NINE_TO_ELEVEN, reservations=(booked("2027-06-09T09:10", "2027-06-09T09:40"),))

    offered = starts(HALF_HOURS, host, start=NIGHT, end=NEXT_NIGHT, now="2027-06-09T09:45")

    assert offered == ["09T10:00", "09T10:30"]


def test_grid_runs_on_in_elapsed_minutes_through_the_repeated_hour() -> None:
    host = HostFacts(host_id=1, hours=every_day("Europe/Berlin", "02:00-03:00"))

    offered = starts(
        HALF_HOURS,
        host,
        start="2027-10-31T00:00",
        end="2027-11-01T00:00",
        now="2027-10-30T00:00",
    )

    assert offered == ["31T00:00", "31T00:30", "31T01:00", "31T01:30"]


def test_grid_of_the_earlier_window_holds_where_two_overlap() -> None:
    hours = every_day(
        "UTC",
        overrides={
            date(2027, 6, 9): (window("22:00-26:00"),),
            date(2027, 6, 10): (window("00:10-03:10"),),
        },
    )
    policy = replace(HALF_HOURS, slot_interval=timedelta(minutes=60))

    offered = starts(
        policy,
        HostFacts(host_id=1, hours=hours),
        start="2027-06-09T12:00",
        end="2027-06-10T12:00",
        now=NIGHT,
    )

    assert offered == ["09T22:00", "09T23:00", "10T00:00", "10T01:00", "10T02:10"]


def test_meeting_may_run_over_midnight_into_the_next_window() -> None:
    policy = replace(HALF_HOURS, duration=timedelta(minutes=60))
    host = HostFacts(host_id=1, hours=every_day("UTC", "00:00-00:30", "23:30-24:00"))

    offered = starts(policy, host, start=NIGHT, end=NEXT_NIGHT, now=NIGHT)

    assert offered == ["09T23:30"]


def test_window_of_two_days_holds_to_its_last_minute_far_west() -> None:
    two_days = {date(2027, 6, 7): (window("00:00-48:00"),)}
    host = HostFacts(host_id=1, hours=every_day("Pacific/Pago_Pago", overrides=two_days))

    offered = starts(HALF_HOURS, host, start="2027-06-09T10:00", end=NEXT_NIGHT, now=NIGHT)

    assert offered == ["09T10:00", "09T10:30"]


def test_meeting_must_end_within_working_time_and_its_buffers_need_not() -> None:
    policy = replace(
        HALF_HOURS,
        duration=timedelta(minutes=45),
        buffer_before=timedelta(minutes=60),
        buffer_after=timedelta(minutes=60),
    )

    offered = starts(policy, NINE_TO_ELEVEN, start=NIGHT, end=NEXT_NIGHT, now=NIGHT)

    assert offered == ["09T09:00", "09T09:30", "09T10:00"]


def test_blocks_that_abut_leave_the_slot() -> None:
    host = replace(
        NINE_TO_ELEVEN,
        busy=(between("2027-06-09T09:00", "2027-06-09T09:30"),),
        time_off=(between("2027-06-09T10:00", "2027-06-10T00:00"),),
    )

    assert starts(HALF_HOURS, host, start=NIGHT, end=NEXT_NIGHT, now=NIGHT) == ["09T09:30"]


def test_busy_time_of_seconds_closes_every_minute_it_touches() -> None:
    host = replace(
        NINE_TO_ELEVEN,
        busy=(
            between("2027-06-09T08:59:30", "2027-06-09T09:00:01"),
            between("2027-06-09T10:29:59", "2027-06-09T10:30"),
        ),
    )

    offered = starts(HALF_HOURS, host, start=NIGHT, end=NEXT_NIGHT, now=NIGHT)

    assert offered == ["09T09:30", "09T10:30"]


def test_buffers_of_two_meetings_add_up() -> None:
    policy = replace(
        HALF_HOURS,
        slot_interval=timedelta(minutes=5),
        buffer_before=timedelta(minutes=10),
        buffer_after=timedelta(minutes=5),
    )
    meeting = booked("2027-06-09T09:50", "2027-06-09T10:35", meeting_start="2027-06-09T10:00")
    host = HostFacts(host_id=1, hours=every_day("UTC", "09:00-11:30"), reservations=(meeting,))

    offered = starts(policy, host, start=NIGHT, end=NEXT_NIGHT, now=NIGHT)

    assert offered == [
        *("09T09:00", "09T09:05", "09T09:10", "09T09:15"),
        *("09T10:45", "09T10:50", "09T10:55", "09T11:00"),
    ]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2027-06-09T07:30", ["09T09:30", "09T10:00", "09T10:30"]),
        ("2027-06-09T07:30:00.000001", ["09T10:00", "09T10:30"]),
    ],
)
def test_notice_is_kept_exactly(now: str, expected: list[str]) -> None:
    policy = replace(HALF_HOURS, minimum_notice=timedelta(hours=2))

    assert starts(policy, NINE_TO_ELEVEN, start=NIGHT, end=NEXT_NIGHT, now=now) == expected


def test_horizon_counts_the_days_of_each_host() -> None:
    policy = replace(HALF_HOURS, horizon_days=1)
    kiritimati = HostFacts(host_id=1, hours=every_day("Pacific/Kiritimati", "00:00-00:30"))
    pago_pago = HostFacts(host_id=2, hours=every_day("Pacific/Pago_Pago", "23:30-24:00"))
    now = "2027-06-09T10:30"  # the 10th in Kiritimati, the 8th in Pago Pago

    offered = [
        starts(policy, host, start=now, end="2027-07-01T00:00", now=now)
        for host in (kiritimati, pago_pago)
    ]

    assert offered == [["10T10:00"], ["09T10:30", "10T10:30"]]


def test_horizon_reaches_the_end_of_a_day_of_25_hours() -> None:
    policy = replace(HALF_HOURS, horizon_days=0)
    host = HostFacts(host_id=1, hours=every_day("Europe/Berlin", "23:00-24:00"))
    midnight = "2027-10-30T22:00"  # in Berlin, at the start of the 31st

    offered = starts(policy, host, start=midnight, end="2027-11-30T00:00", now=midnight)

    assert offered == ["31T22:00", "31T22:30"]


def test_horizon_of_no_days_is_today() -> None:
    policy = replace(HALF_HOURS, horizon_days=0)

    offered = starts(policy, NINE_TO_ELEVEN, start=NIGHT, end="2027-07-01T00:00", now=NIGHT)

    assert offered == ["09T09:00", "09T09:30", "09T10:00", "09T10:30"]


def test_limit_a_day_closes_the_local_day_of_the_meeting() -> None:
    policy = replace(HALF_HOURS, max_per_day=1)
    late = booked("2027-06-09T22:30", "2027-06-09T23:00")  # 00:30 on the 10th in Berlin
    host = HostFacts(
        host_id=1, hours=every_day("Europe/Berlin", "11:00-11:30"), reservations=(late,)
    )

    offered = starts(policy, host, start=NIGHT, end="2027-06-12T00:00", now=NIGHT)

    assert offered == ["09T09:00", "11T09:00"]


def test_limit_a_week_closes_the_iso_week_over_the_turn_of_the_year() -> None:
    policy = replace(HALF_HOURS, max_per_week=2)
    host = HostFacts(
        host_id=1,
        hours=every_day("UTC", "09:00-09:30"),
        reservations=(
            booked("2026-12-28T12:00", "2026-12-28T12:30"),  # Monday of 2026-W53
            replace(booked("2027-01-03T12:00", "2027-01-03T12:30"), held=True),  # its Sunday
            booked("2027-01-04T12:00", "2027-01-04T12:30"),  # Monday of 2027-W01
        ),
    )

    offered = starts(
        policy,
        host,
        start="2026-12-26T00:00",
        end="2027-01-06T00:00",
        now="2026-12-01T00:00",
    )

    assert offered == ["26T09:00", "27T09:00", "04T09:00", "05T09:00"]


def test_limit_does_not_count_other_event_types() -> None:
    policy = replace(HALF_HOURS, max_per_day=1, max_per_week=1)
    other = booked("2027-06-09T09:00", "2027-06-09T09:30", counts=False)
    host = replace(NINE_TO_ELEVEN, reservations=(other,))

    offered = starts(policy, host, start=NIGHT, end=NEXT_NIGHT, now=NIGHT)

    assert offered == ["09T09:30", "09T10:00", "09T10:30"]


def test_pool_offers_each_start_once_for_any_and_common_ones_for_all() -> None:
    berlin = HostFacts(host_id=1, hours=every_day("Europe/Berlin", "11:00-12:30"))
    lisbon = HostFacts(host_id=2, hours=every_day("Europe/Lisbon", "10:30-12:00"))
    for_all = replace(HALF_HOURS, hosts_needed=HostsNeeded.ALL)

    any_of_them = starts(HALF_HOURS, berlin, lisbon, start=NIGHT, end=NEXT_NIGHT, now=NIGHT)
    all_of_them = starts(for_all, berlin, lisbon, start=NIGHT, end=NEXT_NIGHT, now=NIGHT)

    assert any_of_them == ["09T09:00", "09T09:30", "09T10:00", "09T10:30"]
    assert all_of_them == ["09T09:30", "09T10:00"]


def test_slots_over_an_absurd_range_are_those_up_to_the_horizon() -> None:
    policy = replace(HALF_HOURS, horizon_days=1)

    slots = find_slots(
        policy,
        [NINE_TO_ELEVEN],
        start=datetime.min.replace(tzinfo=UTC),
        end=datetime.max.replace(tzinfo=UTC),
        now=at("2027-06-09T10:00"),
    )

    assert [brief(slot) for slot in slots] == [
        *("09T10:00", "09T10:30"),
        *("10T09:00", "10T09:30", "10T10:00", "10T10:30"),
    ]


def test_hosts_free_at_keeps_the_given_order_and_judges_each_alone() -> None:
    busy = replace(
        NINE_TO_ELEVEN, host_id=2, busy=(between("2027-06-09T09:10", "2027-06-09T09:20"),)
    )
    hosts = [replace(NINE_TO_ELEVEN, host_id=7), busy, replace(NINE_TO_ELEVEN, host_id=3)]
    for_all = replace(HALF_HOURS, hosts_needed=HostsNeeded.ALL)

    at_nine = hosts_free_at(for_all, hosts, start=at("2027-06-09T09:00"), now=at(NIGHT))
    at_ten = hosts_free_at(for_all, hosts, start=at("2027-06-09T10:00"), now=at(NIGHT))

    assert (at_nine, at_ten) == ([7, 3], [7, 2, 3])


@pytest.mark.parametrize(
    "start",
    [
        "2027-06-09T09:15",
        "2027-06-09T09:00:01",
        "2027-06-08T09:00",
        "0001-01-01T00:00",
        "9999-12-31T23:59:59",
    ],
)
def test_hosts_free_at_a_start_that_is_not_offered_are_none(start: str) -> None:
    assert hosts_free_at(HALF_HOURS, [NINE_TO_ELEVEN], start=at(start), now=at(NIGHT)) == []


def nearest(
    start: str, *, now: str = NIGHT, count: int = 3, host: HostFacts = NINE_TO_ELEVEN
) -> list[str]:
    slots = nearest_slots(HALF_HOURS, [host], start=at(start), now=at(now), count=count)
    return [brief(slot) for slot in slots]


def test_nearest_slots_lie_around_the_start_and_are_sorted() -> None:
    host = replace(NINE_TO_ELEVEN, busy=(between("2027-06-09T09:30", "2027-06-09T10:00"),))

    assert nearest("2027-06-09T09:30", host=host) == ["09T09:00", "09T10:00", "09T10:30"]


def test_nearest_slots_prefer_the_earlier_of_two_equally_near() -> None:
    assert nearest("2027-06-09T10:15", count=1) == ["09T10:00"]
    assert nearest("2027-06-09T10:15:01", count=1) == ["09T10:30"]


def test_nearest_slots_are_judged_by_the_second_a_week_away_too() -> None:
    hours = every_day(
        "UTC",
        overrides={
            date(2027, 6, 13): (window("10:00-10:30"),),
            date(2027, 6, 27): (window("10:01-10:31"),),
        },
    )

    found = nearest("2027-06-20T10:00:50", count=1, host=HostFacts(host_id=1, hours=hours))

    assert found == ["27T10:01"]


def test_nearest_slots_are_found_beyond_a_free_month() -> None:
    closed = {date(2027, 6, 1) + timedelta(days=day): CLOSED for day in range(45)}
    host = HostFacts(host_id=1, hours=every_day("UTC", "09:00-10:00", overrides=closed))

    assert nearest("2027-06-09T09:00", host=host) == ["16T09:00", "16T09:30", "17T09:00"]


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("0001-01-01T00:00", ["09T09:00", "09T09:30", "09T10:00"]),
        ("9999-12-31T23:59", ["08T09:30", "08T10:00", "08T10:30"]),
    ],
)
def test_nearest_slots_to_a_start_far_away_are_the_first_or_last(
    start: str, expected: list[str]
) -> None:
    assert nearest(start) == expected


def test_nearest_slots_are_fewer_where_there_are_fewer() -> None:
    host = HostFacts(
        host_id=1,
        hours=every_day("UTC", overrides={date(2027, 6, 20): (window("09:00-10:00"),)}),
    )

    assert nearest("2027-06-09T09:00", host=host) == ["20T09:00", "20T09:30"]


def test_mask_hides_starts_and_moves_none() -> None:
    # Wednesday, 9 June 2027, in summer time: the mask is read on the host's own clock.
    host = HostFacts(host_id=1, hours=every_day("Europe/Berlin", "09:00-12:00"))
    masked = replace(HALF_HOURS, mask=((2, window("09:45-11:00")), (2, window("11:00-11:30"))))

    offered = starts(masked, host, start=NIGHT, end="2027-06-11T00:00", now=NIGHT)

    assert offered == ["09T08:00", "09T08:30", "09T09:00"]
