from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from booking.availability.minutes import (
    Span,
    ceil_minute,
    covers,
    day_number,
    floor_minute,
    in_minutes,
    instant_at,
    instants_at,
    overlap,
    unite,
    weekday_of,
)

instants = st.datetimes(timezones=st.just(UTC))
spans = st.tuples(st.integers(-50, 50), st.integers(1, 20)).map(lambda s: (s[0], s[0] + s[1]))
many_spans = st.lists(spans, max_size=12)


def minutes_of(some_spans: Iterable[Span]) -> set[int]:
    return {minute for start, end in some_spans for minute in range(start, end)}


@given(instants)
def test_floor_and_ceil_enclose_the_instant_by_less_than_a_minute(instant: datetime) -> None:
    seconds = (instant - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(seconds=1)

    assert floor_minute(instant) == seconds // 60
    assert ceil_minute(instant) == -(-seconds // 60)


def test_floor_minute_of_an_instant_in_another_zone_is_that_of_utc() -> None:
    instant = datetime(1970, 1, 1, 2, 30, tzinfo=timezone(timedelta(hours=2)))

    assert floor_minute(instant) == ceil_minute(instant) == 30


@given(st.sets(st.integers(-(10**6), 60 * 10**6), max_size=8))
def test_instants_of_minutes_are_sorted_and_each_that_of_its_minute(minutes: set[int]) -> None:
    made = instants_at(minutes)

    assert made == [instant_at(minute) for minute in sorted(minutes)]
    assert [floor_minute(instant) for instant in made] == sorted(minutes)


@given(st.dates())
def test_weekday_of_a_day_number_is_that_of_the_calendar(day: date) -> None:
    assert weekday_of(day_number(day)) == day.weekday()


def test_in_minutes_of_ninety_seconds_is_one() -> None:
    assert in_minutes(timedelta(seconds=90)) == 1


@given(many_spans)
def test_unite_keeps_exactly_the_minutes(some_spans: list[Span]) -> None:
    assert minutes_of(unite(some_spans)) == minutes_of(some_spans)


@given(many_spans)
def test_unite_leaves_sorted_spans_with_a_gap_between_any_two(some_spans: list[Span]) -> None:
    united = unite(some_spans)

    assert all(start < end for start, end in united)
    assert all(one[1] < other[0] for one, other in pairwise(united))


@given(many_spans, st.randoms(use_true_random=False))
def test_unite_does_not_depend_on_order_and_repeats_itself(
    some_spans: list[Span], random: object
) -> None:
    shuffled = list(some_spans)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis hands out a Random

    assert unite(shuffled) == unite(some_spans) == unite(unite(some_spans))


@given(spans, spans)
def test_overlap_is_sharing_a_minute_whichever_comes_first(one: Span, other: Span) -> None:
    shared = minutes_of([one]) & minutes_of([other])

    assert overlap(one, other) == overlap(other, one) == bool(shared)


def test_overlap_of_abutting_spans_is_none() -> None:
    assert not overlap((0, 30), (30, 60))


@given(many_spans, spans)
def test_covers_is_holding_every_minute(some_spans: list[Span], part: Span) -> None:
    assert covers(unite(some_spans), part) == (minutes_of([part]) <= minutes_of(some_spans))
