"""What can be booked and when, as the API tells it."""

from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient

from booking.segment import Segment
from booking.staff.models import Staff
from tests.api_calls import book, faults
from tests.factories import make_event_type, make_pool_member, make_staff
from tests.fixtures.application import UnitOfWork

pytestmark = pytest.mark.usefixtures("host")

SLOTS = "/api/v1/event-types/demo/slots"


def starts(client: FlaskClient, **query: str) -> list[str]:
    answer = client.get(SLOTS, query_string={"segment": "team"} | query)
    assert answer.status_code == 200
    return [slot["start"] for slot in answer.get_json()["slots"]]


def test_event_types_are_told_in_the_language_asked_for(
    client: FlaskClient, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        make_event_type(session, hosts=[], slug="draft", published=False)
        make_event_type(session, hosts=[], slug="alpha", segments=[Segment.TEAM])

    response = client.get("/api/v1/event-types?locale=en", headers={"Accept-Language": "de"})

    assert (response.status_code, response.headers["Cache-Control"]) == (200, "no-cache")
    assert response.get_json() == {
        "event_types": [
            {
                "slug": slug,
                "title": "Product demo",
                "description": "30 minutes, live.",
                "duration_minutes": 30,
                "segments": segments,
                "questions": [],
            }
            for slug, segments in (("alpha", ["team"]), ("demo", ["individual", "team"]))
        ],
        "notice_version": None,
    }


@pytest.mark.parametrize(
    ("locale", "accepted", "title"),
    [
        (None, None, "Produktdemo"),
        (None, "fr, en;q=0.5", "Product demo"),
        ("xx", "en", "Product demo"),
        ("../", "fr", "Produktdemo"),
        ("en-GB", "de", "Product demo"),
    ],
)
def test_language_falls_through_to_the_next_source(
    client: FlaskClient, locale: str | None, accepted: str | None, title: str
) -> None:
    query = {"locale": locale} if locale else {}
    headers = {"Accept-Language": accepted} if accepted else {}

    answer = client.get("/api/v1/event-types", query_string=query, headers=headers)

    assert [each["title"] for each in answer.get_json()["event_types"]] == [title]


def test_slots_are_told_in_the_zone_asked_for(client: FlaskClient) -> None:
    response = client.get(
        SLOTS,
        query_string={
            "from": "2026-11-24T09:00:00+01:00",
            "to": "2026-11-24T10:00:00+01:00",
            "segment": "individual",
            "time_zone": "Asia/Kathmandu",
        },
    )

    assert (response.status_code, response.get_json()) == (
        200,
        {
            "time_zone": "Asia/Kathmandu",
            "slots": [
                {"start": "2026-11-24T13:45:00+05:45", "end": "2026-11-24T14:15:00+05:45"},
                {"start": "2026-11-24T14:15:00+05:45", "end": "2026-11-24T14:45:00+05:45"},
            ],
        },
    )


def test_slots_begin_after_the_notice_and_reach_31_days(client: FlaskClient) -> None:
    found = starts(client)

    assert (found[0], found[-1]) == ("2026-11-23T11:00:00+01:00", "2026-12-23T16:30:00+01:00")


def test_slots_take_a_space_for_the_plus_that_was_lost(client: FlaskClient) -> None:
    answer = client.get(
        f"{SLOTS}?segment=team&from=2026-11-24T16:30:00+01:00&to=2026-11-25T00:00:00Z"
    )

    assert [slot["start"] for slot in answer.get_json()["slots"]] == ["2026-11-24T16:30:00+01:00"]


@pytest.mark.fault("F16")
def test_slots_on_both_sides_of_the_switch_to_summer(
    client: FlaskClient, clock: time_machine.Traveller
) -> None:
    clock.move_to("2027-03-25T12:00:00Z")

    found = starts(client, **{"from": "2027-03-26T15:00:00Z", "to": "2027-03-29T07:30:00Z"})

    assert found == [
        "2027-03-26T16:00:00+01:00",
        "2027-03-26T16:30:00+01:00",
        "2027-03-29T09:00:00+02:00",
    ]


def test_slots_that_nobody_asked_about_are_for_anyone(
    client: FlaskClient, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        early = make_staff(session, hours=[(1, "06:00", "06:30")])
        event_type = make_event_type(session, hosts=[], slug="two")
        make_pool_member(session, event_type=event_type, host=early, segment=Segment.TEAM)

    address = "/api/v1/event-types/two/slots"
    found = {
        segment: len(client.get(address, query_string={"segment": segment}).get_json()["slots"])
        for segment in ("", "team", "individual")
    }

    assert found == {"": 5, "team": 5, "individual": 0}


def test_booked_slot_disappears(client: FlaskClient) -> None:
    day = {"from": "2026-11-24T09:30:00+01:00", "to": "2026-11-24T11:00:00+01:00"}
    before = starts(client, **day)

    book(client)

    gone = "2026-11-24T10:00:00+01:00"
    assert gone in before
    assert starts(client, **day) == [start for start in before if start != gone]


def test_unchanged_slots_need_no_body(client: FlaskClient) -> None:
    query = {"from": "2026-11-24T00:00:00Z", "segment": "team"}
    first = client.get(SLOTS, query_string=query)
    known = {"If-None-Match": first.headers["ETag"]}

    again = client.get(SLOTS, query_string=query, headers=known)
    book(client)
    changed = client.get(SLOTS, query_string=query, headers=known)

    assert first.headers["Cache-Control"] == "no-cache"
    assert (again.status_code, again.get_data(), again.headers["ETag"]) == (
        304,
        b"",
        first.headers["ETag"],
    )
    assert changed.status_code == 200


QUERIES: list[tuple[str, dict[str, Any], set[tuple[str, str]]]] = [
    ("C99 month 13", {"from": "2026-13-01T00:00:00Z"}, {("from", "date_time")}),
    ("C99 no offset", {"from": "2026-12-01T00:00:00"}, {("from", "offset_required")}),
    (
        "C99 backwards",
        {"from": "2026-12-02T00:00:00Z", "to": "2026-12-01T00:00:00Z"},
        {("to", "before_from")},
    ),
    (
        "C99 ten years",
        {"from": "2026-12-01T00:00:00Z", "to": "2036-12-01T00:00:00Z"},
        {("to", "range_too_long")},
    ),
    (
        "92 days and a second",
        {"from": "2026-12-01T00:00:00Z", "to": "2027-03-03T00:00:01Z"},
        {("to", "range_too_long")},
    ),
    ("C99 no zone", {"time_zone": "Europe"}, {("time_zone", "time_zone")}),
    ("segment", {"segment": "Team"}, {("segment", "choice")}),
    ("C98 unknown", {"page": "-1", "sort": "password"}, {("page", "unknown"), ("sort", "unknown")}),
    ("twice", {"segment": ["team", "individual"]}, {("segment", "repeated")}),
    (
        "every fault at once",
        {"from": "x", "segment": "x", "time_zone": "x"},
        {("from", "date_time"), ("segment", "choice"), ("time_zone", "time_zone")},
    ),
]


def test_queries_that_cannot_be_read(client: FlaskClient) -> None:
    answers = {row: client.get(SLOTS, query_string=query) for row, query, _ in QUERIES}

    assert {row: (answer.status_code, faults(answer)) for row, answer in answers.items()} == {
        row: (422, errors) for row, _, errors in QUERIES
    }


@pytest.mark.parametrize("query", ["?from=1000-01-01T00:00:00Z", "?from=9998-01-01T00:00:00Z"])
def test_slots_of_other_ages_are_none(client: FlaskClient, query: str) -> None:
    response = client.get(SLOTS + query)

    assert (response.status_code, response.get_json()["slots"]) == (200, [])


@pytest.mark.usefixtures("client")
def test_unknown_event_type_has_no_slots(client: FlaskClient, host: Staff) -> None:
    response = client.get(f"/api/v1/event-types/{host.id}/slots")

    assert (response.status_code, response.get_json()["code"]) == (404, "not_found")
