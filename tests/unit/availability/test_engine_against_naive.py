"""The engine and the explanations, judged by the naive finder on random setups.

pytest-randomly seeds `random` anew before each test with the seed that it prints, so a failure is
repeated with `-p randomly -p "randomly_seed=…"`; the assertion names the setup.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

import pytest

from booking.availability.engine import find_slots, hosts_free_at, nearest_slots
from booking.availability.explain import ReasonCode, explain
from booking.availability.policy import HostsNeeded
from tests.reference.naive_slots import NaiveHost, naive_slots
from tests.reference.random_setups import Setup, random_setup

CHUNKS = range(20)
SETUPS_A_CHUNK = 500
EXPLAINED_A_CHUNK = 200
"""Each is asked about at several instants."""

INSTANTS_A_SETUP = 6
ENOUGH = 200
ENOUGH_EXPLAINED = 60

BLOCKED = {
    ReasonCode.TIME_OFF,
    ReasonCode.BUSY,
    ReasonCode.BUFFER,
    ReasonCode.HELD,
    ReasonCode.BOOKED,
}
NOT_WORKING = {
    ReasonCode.OUTSIDE_HOURS,
    ReasonCode.OVERRIDE,
    ReasonCode.CLOSED_DAY,
    ReasonCode.PUBLIC_HOLIDAY,
}
TOO_SOON_OR_LATE = {ReasonCode.NOTICE, ReasonCode.HORIZON}


def setups(chunk: int, *, count: int) -> Iterator[tuple[str, Setup]]:
    session_seed = random.getrandbits(32)
    for index in range(count):
        name = f"setup {session_seed}/{chunk}/{index}"
        yield name, random_setup(Random(name))  # noqa: S311 -- test data, not a secret


def offered_starts(setup: Setup) -> list[datetime]:
    slots = find_slots(setup.policy, setup.hosts, start=setup.start, end=setup.end, now=setup.now)
    assert all(slot.end - slot.start == setup.policy.duration for slot in slots)
    return [slot.start for slot in slots]


@pytest.mark.parametrize("chunk", CHUNKS)
def test_engine_agrees_with_the_naive_finder(chunk: int) -> None:
    offered = 0

    for name, setup in setups(chunk, count=SETUPS_A_CHUNK):
        expected = naive_slots(
            setup.policy, setup.hosts, start=setup.start, end=setup.end, now=setup.now
        )
        assert offered_starts(setup) == expected, name
        offered += len(expected)

    assert offered > ENOUGH  # else the setups would prove little


@pytest.mark.parametrize("chunk", CHUNKS)
def test_explain_agrees_with_the_naive_finder_and_the_engine(chunk: int) -> None:
    free, refused = 0, 0

    for name, setup in setups(chunk, count=EXPLAINED_A_CHUNK):
        offered = offered_starts(setup)
        answers = [
            NaiveHost(setup.policy, host, start=setup.start, end=setup.end, now=setup.now)
            for host in setup.hosts
        ]
        for start in instants_to_explain(setup, offered=offered, seed=name):
            codes = codes_by_host(setup, start=start)
            free_hosts = [host_id for host_id, reasons in codes.items() if not reasons]
            judgement = all if setup.policy.hosts_needed is HostsNeeded.ALL else any
            assert judgement(not reasons for reasons in codes.values()) == (start in offered), name
            assert free_hosts == hosts_free_at(
                setup.policy, setup.hosts, start=start, now=setup.now
            ), name
            for answer, reasons in zip(answers, codes.values(), strict=True):
                assert_reasons_agree(answer, reasons, start=start, name=name)
            free += len(free_hosts)
            refused += len(codes) - len(free_hosts)

    assert min(free, refused) > ENOUGH_EXPLAINED  # else the setups would prove little


def instants_to_explain(setup: Setup, *, offered: Sequence[datetime], seed: str) -> list[datetime]:
    """Some that are offered, and some of any kind around the same quarter of an hour."""
    dice = Random(seed)  # noqa: S311 -- test data, not a secret
    whole = setup.start.replace(second=0)
    length = (setup.end - setup.start) // timedelta(minutes=1)
    anywhere = [
        whole + timedelta(minutes=dice.randint(1, length)) for _ in range(INSTANTS_A_SETUP // 2)
    ]
    chosen = dice.sample(offered, min(len(offered), INSTANTS_A_SETUP // 2))
    return [start for start in (*anywhere, *chosen) if setup.start <= start < setup.end]


def codes_by_host(setup: Setup, *, start: datetime) -> dict[int, set[ReasonCode]]:
    codes: dict[int, set[ReasonCode]] = {host.host_id: set() for host in setup.hosts}
    for reason in explain(setup.policy, setup.hosts, start=start, now=setup.now):
        codes[reason.host_id].add(reason.code)
    return codes


def assert_reasons_agree(
    answer: NaiveHost, reasons: set[ReasonCode], *, start: datetime, name: str
) -> None:
    minute = round(start.timestamp() / 60)
    in_a_window = any(first <= minute < stop for first, stop in answer.windows)
    off_grid = in_a_window and not answer.is_on_grid(minute)
    assert (ReasonCode.OFF_GRID in reasons) == off_grid, name
    assert bool(reasons & NOT_WORKING) != answer.is_working(minute), name
    assert reasons & NOT_WORKING == answer.why_not_working(minute), name
    outside_the_mask = not answer.is_inside_the_mask(minute)
    assert (ReasonCode.SEGMENT_HOURS in reasons) == outside_the_mask, name
    assert bool(reasons & BLOCKED) == answer.is_blocked(minute), name
    assert bool(reasons & TOO_SOON_OR_LATE) != answer.is_within_notice_and_horizon(minute), name
    assert (ReasonCode.LIMIT in reasons) == answer.is_full(minute), name


def test_nearest_slots_are_the_nearest_of_everything_offered() -> None:
    for name, setup in setups(0, count=200):
        everything = find_slots(
            setup.policy,
            setup.hosts,
            start=setup.now,
            end=setup.now + timedelta(days=setup.policy.horizon_days + 3),
            now=setup.now,
        )
        by_distance = sorted(everything, key=lambda slot: (abs(slot.start - setup.start), slot))

        nearest = nearest_slots(setup.policy, setup.hosts, start=setup.start, now=setup.now)

        assert nearest == sorted(by_distance[:3]), name
