from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from booking.bookings.lifecycle import BookingState, Outcome
from booking.inbox.standing import LeadRequest, LeadState, as_searched, state_of_booking, sum_up
from booking.segment import Segment

START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LATER = START + timedelta(days=1)


def request(state: LeadState, *, day: int = 1, **changes: Any) -> LeadRequest:
    told = {
        "segment": Segment.TEAM,
        "name": "Erika Mustermann",
        "email": "erika@kunde.de",
        "phone": None,
        "company": None,
        "team_size": None,
        "source": {},
    }
    came_at = datetime(2026, 11, day, tzinfo=UTC)
    return LeadRequest(came_at=came_at, state=state, **told | changes)


@pytest.mark.parametrize(
    ("booking", "state"),
    [
        ({}, LeadState.BOOKED),
        ({"state": BookingState.PENDING}, LeadState.BOOKED),
        ({"start": LATER}, LeadState.MOVED),
        ({"outcome": Outcome.ATTENDED}, LeadState.ATTENDED),
        ({"outcome": Outcome.NO_SHOW, "start": LATER}, LeadState.NO_SHOW),
        ({"state": BookingState.CANCELLED, "start": LATER}, LeadState.CANCELLED),
    ],
)
def test_state_of_a_booking(booking: dict[str, Any], state: LeadState) -> None:
    usual = {
        "state": BookingState.CONFIRMED,
        "outcome": None,
        "start": START,
        "first_start": START,
    }

    assert state_of_booking(**usual | booking) is state


@pytest.mark.parametrize(
    ("states", "told"),
    [
        ([LeadState.BOOKED], LeadState.BOOKED),
        ([LeadState.ATTENDED, LeadState.BOOKED], LeadState.BOOKED),
        ([LeadState.BOOKED, LeadState.CANCELLED], LeadState.BOOKED),
        ([LeadState.CANCELLED, LeadState.CANCELLED], LeadState.CANCELLED),
        ([LeadState.CANCELLED, LeadState.CLOSED], LeadState.CLOSED),
        ([LeadState.REQUESTED, LeadState.BOOKED], LeadState.REQUESTED),
        ([LeadState.OFFERED, LeadState.BOOKED], LeadState.BOOKED),
        ([LeadState.NO_SHOW, LeadState.OFFERED], LeadState.OFFERED),
        ([LeadState.ATTENDED, LeadState.CLOSED], LeadState.ATTENDED),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, list) else None,
)
def test_newest_request_that_is_not_over_tells_the_state_and_an_open_wish_before_it(
    states: list[LeadState], told: LeadState
) -> None:
    requests = [request(state, day=day) for day, state in enumerate(states, start=1)]

    assert sum_up(requests).state is told
    assert sum_up(reversed(requests)).state is told


def test_words_are_the_newest_ones_and_all_can_be_found() -> None:
    old = request(LeadState.ATTENDED, name="Erika  Musterfrau", company="Alt GmbH")
    new = request(
        LeadState.CANCELLED, day=2, company="STRASSE & Söhne", source={"utm_source": "suche"}
    )

    standing = sum_up([old, new])

    assert standing.newest == new
    assert standing.source == "suche"
    assert standing.words.split("\n") == [
        "erika mustermann",
        "strasse & söhne",
        "erika@kunde.de",
        "erika musterfrau",
        "alt gmbh",
    ]


def test_searched_words_know_no_case_and_no_sharp_s() -> None:
    assert as_searched(" Straße  7 ") == as_searched("STRASSE 7") == "strasse 7"
