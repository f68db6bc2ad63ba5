import json
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.availability.assignment import Candidate, rank_hosts
from tests.unit.availability.pools import at


def candidate(
    host_id: int,
    *,
    bookings: int = 0,
    weight: int = 1,
    last: str | None = None,
    newcomer: bool = False,
) -> Candidate:
    return Candidate(
        host_id=host_id,
        weight=weight,
        recent_bookings=bookings,
        last_assigned_at=None if last is None else at(last),
        newcomer=newcomer,
    )


def test_rank_by_bookings_for_each_unit_of_weight() -> None:
    ranking = rank_hosts(
        [
            candidate(1, bookings=4),
            candidate(2, bookings=9, weight=3),
            candidate(3, bookings=7, weight=2),
        ]
    )

    assert ranking.order == (2, 3, 1)


def test_rank_is_exact_where_floats_are_not() -> None:
    third = 333_333_333_333_333_333

    ranking = rank_hosts(
        [candidate(1, bookings=1, weight=3), candidate(2, bookings=third, weight=10**18)]
    )

    assert ranking.order == (2, 1)


def test_rank_of_equal_loads_is_by_least_recently_assigned_and_never_first() -> None:
    ranking = rank_hosts(
        [
            candidate(1, last="2027-06-02T00:00"),
            candidate(2, last="2027-06-01T00:00"),
            candidate(3),
        ]
    )

    assert ranking.order == (3, 2, 1)


def test_rank_of_equal_hosts_is_by_id() -> None:
    assert rank_hosts([candidate(8), candidate(4), candidate(6)]).order == (4, 6, 8)


def test_rank_of_a_newcomer_starts_at_the_lowest_load_of_the_others() -> None:
    ranking = rank_hosts(
        [
            candidate(1, bookings=6, last="2027-06-01T00:00"),
            candidate(2, bookings=5, last="2027-06-03T00:00"),
            candidate(3, bookings=1, last="2027-06-04T00:00", newcomer=True),
        ]
    )

    assert ranking.order == (2, 3, 1)


def test_rank_of_a_newcomer_with_more_than_the_lowest_load_counts_their_own() -> None:
    ranking = rank_hosts([candidate(1, bookings=2), candidate(2, bookings=3, newcomer=True)])

    assert ranking.order == (1, 2)


def test_rank_of_newcomers_alone_is_by_their_own_loads() -> None:
    ranking = rank_hosts(
        [candidate(1, bookings=2, newcomer=True), candidate(2, bookings=1, newcomer=True)]
    )

    assert ranking.order == (2, 1)


def test_rank_keeps_the_same_host_first_and_says_so() -> None:
    pool = [candidate(1), candidate(2), candidate(3, bookings=50)]

    ranking = rank_hosts(pool, keep_host_id=3)

    assert ranking.order == (3, 1, 2)
    assert ranking.why["rule"] == "same_host"


def test_rank_does_not_keep_a_host_who_is_no_candidate() -> None:
    ranking = rank_hosts([candidate(1), candidate(2)], keep_host_id=3)

    assert ranking.order == (1, 2)
    assert ranking.why["rule"] == "fair_share"


def test_rank_of_nobody_is_empty() -> None:
    ranking = rank_hosts([])

    assert ranking.order == ()
    assert ranking.why == {"rule": "fair_share", "candidates": []}


def test_rank_keeps_why_in_json() -> None:
    ranking = rank_hosts(
        [
            candidate(5, bookings=7, weight=2, last="2027-06-01T10:00+02:00"),
            candidate(6, newcomer=True),
        ]
    )

    assert json.loads(json.dumps(ranking.why)) == {
        "rule": "fair_share",
        "candidates": [
            {
                "rank": 1,
                "host_id": 6,
                "load": "7/2",
                "bookings": 0,
                "weight": 1,
                "newcomer": True,
                "last_assigned_at": None,
            },
            {
                "rank": 2,
                "host_id": 5,
                "load": "7/2",
                "bookings": 7,
                "weight": 2,
                "newcomer": False,
                "last_assigned_at": "2027-06-01T08:00:00+00:00",
            },
        ],
    }


@pytest.mark.parametrize("weight", [0, -1])
def test_candidate_without_weight_is_refused(weight: int) -> None:
    with pytest.raises(ValueError, match="weight of host 1"):
        candidate(1, weight=weight)


candidates = st.builds(
    candidate,
    st.integers(1, 1000),
    bookings=st.integers(0, 4),
    weight=st.integers(1, 3),
    last=st.sampled_from([None, "2027-06-01T00:00", "2027-06-02T00:00"]),
    newcomer=st.booleans(),
)


@given(st.lists(candidates, min_size=1, max_size=4, unique_by=lambda c: c.host_id))
def test_rank_does_not_depend_on_the_order_of_the_candidates(pool: list[Candidate]) -> None:
    rankings = [rank_hosts(order) for order in permutations(pool)]

    assert rankings == [rankings[0]] * len(rankings)


@given(st.lists(st.integers(1, 4), min_size=1, max_size=5), st.integers(1, 60))
def test_rank_shares_meetings_out_by_weight(weights: list[int], meetings: int) -> None:
    given_to = [0] * len(weights)

    for _ in range(meetings):
        pool = [
            candidate(host_id, bookings=given_to[host_id], weight=weight)
            for host_id, weight in enumerate(weights)
        ]
        given_to[rank_hosts(pool).order[0]] += 1

    due = [Fraction(meetings * weight, sum(weights)) for weight in weights]
    assert all(
        abs(got - share) <= weight * len(weights)
        for got, share, weight in zip(given_to, due, weights, strict=True)
    )


def test_rank_puts_who_knows_the_lead_first_the_latest_of_them_before_the_others() -> None:
    pool = [candidate(1), candidate(2, bookings=9), candidate(3, bookings=5), candidate(4)]

    ranking = rank_hosts(pool, known_host_ids=[3, 2, 8], keep_host_id=4)

    assert ranking.order == (3, 2, 4, 1)
    assert ranking.why["rule"] == "known_host"


def test_reason_is_the_fair_share_where_nobody_who_knows_the_lead_is_free() -> None:
    pool = [candidate(1), candidate(2), candidate(3)]

    ranking = rank_hosts(pool, known_host_ids=[2], keep_host_id=3)

    assert ranking.order == (2, 3, 1)
    assert [ranking.why_this(host_id)["rule"] for host_id in ranking.order] == [
        "known_host",
        "same_host",
        "fair_share",
    ]


def test_rank_without_a_known_host_in_the_pool_is_the_usual_one() -> None:
    pool = [candidate(1, bookings=1), candidate(2)]

    known = rank_hosts(pool, known_host_ids=[8])

    assert (known.order, known.why) == (rank_hosts(pool).order, rank_hosts(pool).why)
