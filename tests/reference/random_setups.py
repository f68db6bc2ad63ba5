"""Random hosts, rules and questions, small enough to be judged minute by minute."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random

from booking.availability.facts import HostFacts, Reservation
from booking.availability.interval import Interval
from booking.availability.policy import HostsNeeded, Policy
from booking.availability.working_hours import LocalWindow, WeeklyWindows, WorkingHours

ZONES_AND_DAYS = (
    ("Europe/Berlin", date(2027, 3, 28)),
    ("Europe/Berlin", date(2027, 10, 31)),
    ("Europe/Berlin", date(2027, 6, 9)),
    ("America/New_York", date(2027, 3, 14)),
    ("Africa/Cairo", date(2027, 4, 30)),
    ("Africa/Cairo", date(2027, 10, 29)),
    ("America/Santiago", date(2027, 9, 5)),
    ("America/Santiago", date(2027, 4, 4)),
    ("Asia/Beirut", date(2027, 3, 28)),
    ("Asia/Beirut", date(2027, 10, 31)),
    ("Australia/Lord_Howe", date(2027, 10, 3)),
    ("Australia/Lord_Howe", date(2027, 4, 4)),
    ("Pacific/Apia", date(2011, 12, 30)),
    ("America/St_Johns", date(2010, 11, 7)),
    ("Asia/Kathmandu", date(2027, 1, 1)),
    ("Asia/Kolkata", date(2026, 12, 31)),
    ("Australia/Eucla", date(2027, 5, 2)),
    ("UTC", date(2027, 2, 28)),
)


@dataclass(frozen=True)
class Setup:
    policy: Policy
    hosts: tuple[HostFacts, ...]
    start: datetime
    end: datetime
    now: datetime


def random_setup(random: Random) -> Setup:
    zone, day = random.choice(ZONES_AND_DAYS)
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    start = midnight + timedelta(minutes=random.randint(-1500, 900), seconds=random.choice((0, 7)))
    return Setup(
        policy=_policy(random),
        hosts=tuple(
            _host(random, host_id=host_id, zone=zone, day=day)
            for host_id in range(random.choice((1, 1, 2, 3)))
        ),
        start=start,
        end=start + timedelta(minutes=random.randint(1, 1500)),
        now=midnight
        + timedelta(
            minutes=random.choice((-9000, -5000, -3000, random.randint(-2500, 900))),
            seconds=random.choice((0, 0, 30)),
            microseconds=random.choice((0, 0, 1)),
        ),
    )


def _policy(random: Random) -> Policy:
    return Policy(
        duration=timedelta(
            minutes=random.choice((1, 15, 30, 30, 45, 90, 600 if random.random() < 0.2 else 20))
        ),
        slot_interval=timedelta(minutes=random.choice((7, 15, 20, 30, 30, 60))),
        buffer_before=timedelta(minutes=random.choice((0, 0, 5, 15))),
        buffer_after=timedelta(minutes=random.choice((0, 0, 10, 30))),
        minimum_notice=timedelta(minutes=random.choice((0, 0, 60, 120, 120, 1440))),
        horizon_days=random.choice((0, 1, 2, 7, 7, 14, 60, 60)),
        max_per_day=random.choice((0, 0, 0, 0, 1, 2)),
        max_per_week=random.choice((0, 0, 0, 0, 2, 3)),
        hosts_needed=random.choice((HostsNeeded.ANY, HostsNeeded.ANY, HostsNeeded.ALL)),
        mask=_mask(random) if random.random() < 0.3 else None,
    )


def _mask(random: Random) -> WeeklyWindows:
    return tuple((weekday, window) for weekday in range(7) for window in _windows(random))


def _host(random: Random, *, host_id: int, zone: str, day: date) -> HostFacts:
    if random.random() < 0.3:
        zone = random.choice(ZONES_AND_DAYS)[0]
    return HostFacts(
        host_id=host_id,
        hours=WorkingHours(
            time_zone=zone,
            weekly={weekday: _windows(random) for weekday in range(random.choice((5, 7, 7, 7)))},
            overrides={
                day + timedelta(days=random.randint(-2, 2)): _windows(random)
                for _ in range(random.choice((0, 0, 1, 2)))
            },
            closing_days=_days(random, around=day),
            holidays=_days(random, around=day),
        ),
        time_off=_intervals(random, day=day, most=1, longest_minutes=600),
        busy=_intervals(random, day=day, most=4, longest_minutes=120),
        reservations=tuple(
            _reservation(random, blocked=blocked)
            for blocked in (_intervals(random, day=day, most=4, longest_minutes=90))
        ),
    )


def _days(random: Random, *, around: date) -> dict[date, str]:
    count = random.choice((0, 0, 0, 1, 2))
    return {around + timedelta(days=random.randint(-2, 2)): "Name" for _ in range(count)}


def _windows(random: Random) -> tuple[LocalWindow, ...]:
    windows = []
    for _ in range(random.choice((0, 1, 2, 2, 3))):
        first = random.choice((0, 30, 60, 90, 120, 540, 547, 780, 1380, random.randint(0, 1439)))
        length = random.choice((15, 60, 180, 480, 1440, random.randint(1, 600)))
        windows.append(LocalWindow(first, min(first + length, 2880)))
    return tuple(windows)


def _intervals(
    random: Random, *, day: date, most: int, longest_minutes: int
) -> tuple[Interval, ...]:
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    intervals = []
    for _ in range(random.randint(0, most)):
        start = midnight + timedelta(
            minutes=random.randint(-1600, 2600), seconds=random.choice((0, 0, 0, 59))
        )
        length = timedelta(
            minutes=random.randint(1, longest_minutes), seconds=random.choice((0, 0, 1))
        )
        intervals.append(Interval(start, start + length))
    return tuple(intervals)


def _reservation(random: Random, *, blocked: Interval) -> Reservation:
    return Reservation(
        start=blocked.start,
        blocked=blocked,
        held=random.random() < 0.3,
        counts=random.random() < 0.7,
    )
