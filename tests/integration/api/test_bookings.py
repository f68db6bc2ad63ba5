"""Booking, moving and cancelling over the API, as the contract says."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from booking.bookings.models import Booking
from booking.outbox.models import Message
from booking.staff.models import Staff
from tests.api_calls import BOOKING, START, book, faults, stored
from tests.factories import START as AT
from tests.factories import (
    make_busy_time,
    make_closing_day,
    make_event_type,
    make_staff,
    make_time_off,
)
from tests.fixtures.application import UnitOfWork

pytestmark = pytest.mark.usefixtures("host")

LATER = "2026-11-24T11:00:00+01:00"
NOTHING = {"booking": 0, "idempotency_key": 0, "lead": 0, "meeting": 0, "message": 0}


def booked(client: FlaskClient, **changes: Any) -> dict[str, Any]:
    response = book(client, **changes)
    assert response.status_code == 201
    facts: dict[str, Any] = response.get_json()["booking"]
    return facts


def test_booking_is_told_in_the_shape_of_the_contract(client: FlaskClient) -> None:
    response = book(client, time_zone="Asia/Kathmandu")

    facts = response.get_json()["booking"]
    token = facts["token"]
    assert (response.status_code, response.headers["Cache-Control"]) == (201, "no-store")
    assert facts == {
        "id": facts["id"],
        "token": token,
        "state": "confirmed",
        "start": "2026-11-24T14:45:00+05:45",
        "end": "2026-11-24T15:15:00+05:45",
        "segment": "team",
        "event_type": "demo",
        "host": {"name": "Anna Müller"},
        "hosts": [{"name": "Anna Müller"}],
        "manage_url": f"https://termine.example.com/b/{token}",
        "invite_url": f"https://termine.example.com/b/{token}/invite.ics",
        "uid": facts["uid"],
        "sequence": 0,
    }


@pytest.mark.parametrize(
    ("zone", "stored"),
    [({"time_zone": "America/New_York"}, "+12125551234"), ({}, "+492125551234")],
)
def test_phone_number_is_one_where_the_lead_lives(
    client: FlaskClient, transaction: UnitOfWork, zone: dict[str, str], stored: str
) -> None:
    booked(client, phone="(212) 555-1234", **zone)

    with transaction() as session:
        assert session.scalars(select(Booking.phone)).all() == [stored]


def test_booking_stores_what_was_told(client: FlaskClient, transaction: UnitOfWork) -> None:
    booked(
        client,
        name="Mu\u0308ller",
        email=" A.B@Müller.DE",
        company="Beispiel; AG",
        team_size=12,
        phone="0170 1234567",
        notes="Zeile 1\r\nZeile 2",
        locale="de-AT",
        source={"utm_source": "newsletter"},
        marketing_opt_in=True,
    )

    with transaction() as session:
        booking = session.scalars(select(Booking)).one()
        assert {
            "name": booking.name,
            "email": booking.email,
            "company": booking.company,
            "team_size": booking.team_size,
            "phone": booking.phone,
            "notes": booking.notes,
            "locale": booking.locale,
            "time_zone": booking.time_zone,
            "source": booking.source,
            "marketing_opt_in": booking.marketing_opt_in,
        } == {
            "name": "Müller",
            "email": "A.B@xn--mller-kva.de",
            "company": "Beispiel; AG",
            "team_size": 12,
            "phone": "+491701234567",
            "notes": "Zeile 1\nZeile 2",
            "locale": "de",
            "time_zone": "Europe/Berlin",
            "source": {"utm_source": "newsletter"},
            "marketing_opt_in": True,
        }


def test_booking_is_shown_by_its_token(client: FlaskClient) -> None:
    facts = booked(client)

    response = client.get(f"/api/v1/bookings/{facts['token']}")

    assert (response.status_code, response.headers["Cache-Control"]) == (200, "no-store")
    assert response.get_json() == {"booking": facts}


@pytest.mark.parametrize("field", ["id", "uid"])
def test_booking_is_not_shown_by_what_is_no_secret(client: FlaskClient, field: str) -> None:
    facts = booked(client)

    by_other_name = client.get(f"/api/v1/bookings/{facts[field]}")

    unknown = client.get("/api/v1/bookings/9223372036854775808")
    assert (by_other_name.status_code, by_other_name.get_json()) == (404, unknown.get_json())


def test_taken_slot_brings_the_nearest_others(client: FlaskClient) -> None:
    booked(client)

    response = book(client, email="max@kunde.example", time_zone="America/New_York")

    problem = response.get_json()
    assert (response.status_code, response.mimetype) == (409, "application/problem+json")
    assert (problem["code"], problem["status"]) == ("slot_taken", 409)
    assert problem["reasons"] == [{"code": "unavailable", "host": 1}]
    assert problem["alternatives"] == [
        {"start": "2026-11-24T03:00:00-05:00", "end": "2026-11-24T03:30:00-05:00"},
        {"start": "2026-11-24T03:30:00-05:00", "end": "2026-11-24T04:00:00-05:00"},
        {"start": "2026-11-24T04:30:00-05:00", "end": "2026-11-24T05:00:00-05:00"},
    ]


@pytest.mark.parametrize(
    ("start", "reasons"),
    [
        ("2026-11-23T08:00:00+01:00", {"outside_hours", "notice"}),
        ("2026-11-23T10:00:00+01:00", {"notice"}),
        ("2031-11-25T10:00:00+01:00", {"horizon"}),
        ("2026-11-24T10:07:00+01:00", {"off_grid"}),
        ("2026-11-24T10:00:01+01:00", {"off_grid"}),
        ("2026-11-28T10:00:00+01:00", {"outside_hours"}),
        ("1000-01-01T00:00:00Z", {"outside_hours", "notice"}),
        ("9998-12-31T23:59:59Z", {"outside_hours", "horizon"}),
    ],
)
def test_slot_that_is_not_offered_is_explained(
    client: FlaskClient, start: str, reasons: set[str]
) -> None:
    response = book(client, start=start)

    problem = response.get_json()
    assert (response.status_code, problem["code"]) == (409, "slot_not_offered")
    assert {reason["code"] for reason in problem["reasons"]} == reasons
    assert len(problem["alternatives"]) == 3


def test_nobody_learns_what_keeps_a_host(client: FlaskClient, transaction: UnitOfWork) -> None:
    """Absent, busy, booked or as busy as allowed: all read alike, and once a host."""
    with transaction() as session:
        hosts = [make_staff(session) for _ in range(4)]
        make_event_type(session, hosts=hosts, slug="private")
        make_time_off(session, staff=hosts[0], start=AT, end=AT + timedelta(hours=1))
        make_busy_time(session, staff=hosts[0], start=AT, end=AT + timedelta(hours=1))
        make_busy_time(session, staff=hosts[1], start=AT, end=AT + timedelta(hours=1))
        make_time_off(session, staff=hosts[2], start=AT, end=AT + timedelta(hours=1))
    book(client, event_type="private")

    problem = book(client, event_type="private", email="max@kunde.example").get_json()

    assert problem["reasons"] == [
        {"code": "unavailable", "host": number} for number in (1, 2, 3, 4)
    ]


def test_closing_day_is_told_and_a_holiday_is_not(
    client: FlaskClient, transaction: UnitOfWork
) -> None:
    """A holiday would tell in which part of the country a host works."""
    epiphany = "2027-01-06T10:00:00+01:00"
    with transaction() as session:
        hosts = [make_staff(session, holiday_region=region) for region in ("DE-BY", "DE-BE")]
        make_event_type(session, hosts=hosts, slug="regional")
        make_closing_day(session, date(2027, 1, 7))
    book(client, event_type="regional", start=epiphany)

    on_the_holiday, on_the_closing_day = (
        book(client, event_type="regional", start=start, email="max@kunde.example").get_json()
        for start in (epiphany, epiphany.replace("06T", "07T"))
    )

    assert on_the_holiday["reasons"] == [
        {"code": "outside_hours", "host": 1},
        {"code": "unavailable", "host": 2},
    ]
    assert on_the_closing_day["reasons"] == [
        {"code": "closed_day", "host": 1},
        {"code": "closed_day", "host": 2},
    ]


def test_one_instant_has_many_names(client: FlaskClient) -> None:
    """02:30+01:00 does not exist on a clock in Berlin that night; the instant does."""
    response = book(client, start="2027-03-28T02:30:00+01:00")

    assert response.get_json()["code"] == "slot_not_offered"
    assert booked(client, start="2026-11-24T04:00:00-05:00")["start"] == START


def test_unknown_event_type_comes_after_fields_and_before_the_slot(
    client: FlaskClient, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        make_event_type(session, hosts=[], slug="draft", published=False)

    answers = [
        book(client, event_type="draft", start="2026-11-24T10:07:00+01:00"),
        book(client, event_type="Does_not exist"),
        book(client, event_type="draft", name=""),
    ]

    assert [(a.status_code, a.get_json()["code"]) for a in answers] == [
        (404, "not_found"),
        (404, "not_found"),
        (422, "invalid_fields"),
    ]


def test_same_slot_and_address_again_mails_the_link_and_tells_nothing(
    client: FlaskClient, transaction: UnitOfWork
) -> None:
    facts = booked(client)

    response = book(client, email="ERIKA@kunde.example", name="Wer anders")

    assert (response.status_code, response.get_json()["code"]) == (409, "already_booked")
    assert facts["token"] not in response.get_data(as_text=True)
    with transaction() as session:
        links = session.scalars(select(Message.kind).where(Message.kind == "link")).all()
        assert links == ["link"]


def test_same_key_replays_the_answer_byte_for_byte(
    client: FlaskClient, transaction: UnitOfWork
) -> None:
    key = {"Idempotency-Key": "a6e7"}

    first = book(client, headers=key)
    second = book(client, headers=key)

    assert (first.status_code, second.status_code) == (201, 201)
    assert second.get_data() == first.get_data()
    with transaction() as session:
        assert stored(session)["booking"] == 1


def test_same_key_is_answered_when_the_address_has_no_booking_left(client: FlaskClient) -> None:
    for _ in range(3):
        client.post(f"/api/v1/bookings/{booked(client)['token']}/cancel")
    key = {"Idempotency-Key": "a6e7"}
    last = book(client, headers=key)
    client.post(f"/api/v1/bookings/{last.get_json()['booking']['token']}/cancel")

    again, refused = book(client, headers=key), book(client)

    assert (again.status_code, again.get_data()) == (201, last.get_data())
    assert (refused.status_code, refused.get_json()["code"]) == (429, "rate_limited")
    assert int(refused.headers["Retry-After"]) == 24 * 3600


def test_same_key_with_another_body_is_refused(client: FlaskClient) -> None:
    key = {"Idempotency-Key": "a6e7"}
    book(client, headers=key)

    response = book(client, headers=key, start=LATER)

    assert (response.status_code, faults(response)) == (422, {("idempotency_key", "reused")})


def test_same_key_after_a_refusal_may_be_tried_again(
    client: FlaskClient, transaction: UnitOfWork
) -> None:
    key = {"Idempotency-Key": "a6e7"}
    book(client, headers=key, start="2026-11-24T10:07:00+01:00")

    response = book(client, headers=key)

    assert response.status_code == 201
    with transaction() as session:
        assert (stored(session)["booking"], stored(session)["idempotency_key"]) == (1, 1)


def test_fourth_open_booking_of_an_address_is_refused(client: FlaskClient) -> None:
    for hour in (10, 11, 12):
        booked(client, start=f"2026-11-24T{hour}:00:00+01:00")

    response = book(client, start="2026-11-24T14:00:00+01:00")

    assert (response.status_code, response.get_json()["code"]) == (409, "too_many_open")


def test_move_keeps_uid_and_raises_sequence(client: FlaskClient) -> None:
    facts = booked(client)

    response = client.post(f"/api/v1/bookings/{facts['token']}/reschedule", json={"start": LATER})

    assert response.status_code == 200
    assert response.get_json() == {
        "booking": facts
        | {
            "start": LATER,
            "end": "2026-11-24T11:30:00+01:00",
            "sequence": 1,
        }
    }


def test_move_to_the_present_start_does_nothing(
    client: FlaskClient, transaction: UnitOfWork
) -> None:
    facts = booked(client)
    with transaction() as session:
        before = stored(session)

    response = client.post(f"/api/v1/bookings/{facts['token']}/reschedule", json={"start": START})

    assert (response.status_code, response.get_json()) == (200, {"booking": facts})
    with transaction() as session:
        assert stored(session) == before


def test_move_to_a_taken_time_keeps_the_old_one(client: FlaskClient) -> None:
    booked(client, start=LATER, email="max@kunde.example")
    facts = booked(client, time_zone="UTC")

    response = client.post(f"/api/v1/bookings/{facts['token']}/reschedule", json={"start": LATER})

    problem = response.get_json()
    assert (response.status_code, problem["code"]) == (409, "slot_taken")
    assert [slot["start"][-6:] for slot in problem["alternatives"]] == ["+00:00"] * 3
    assert client.get(f"/api/v1/bookings/{facts['token']}").get_json() == {"booking": facts}


def test_cancel_needs_no_body_and_can_be_repeated(client: FlaskClient) -> None:
    facts = booked(client)
    address = f"/api/v1/bookings/{facts['token']}/cancel"

    first = client.post(address)
    again = client.post(address, json={"reason": "krank"})

    cancelled = {"booking": facts | {"state": "cancelled", "sequence": 1}}
    assert [(a.status_code, a.get_json()) for a in (first, again)] == [(200, cancelled)] * 2


def test_cancelled_booking_cannot_be_moved(client: FlaskClient) -> None:
    token = booked(client)["token"]
    client.post(f"/api/v1/bookings/{token}/cancel")

    response = client.post(f"/api/v1/bookings/{token}/reschedule", json={"start": LATER})

    assert (response.status_code, response.get_json()["code"]) == (409, "already_cancelled")


@pytest.mark.parametrize("change", [("reschedule", {"start": LATER}), ("cancel", {})])
def test_change_after_the_notice_is_too_late(
    client: FlaskClient, clock: time_machine.Traveller, change: tuple[str, dict[str, str]]
) -> None:
    token = booked(client)["token"]
    clock.move_to("2026-11-24T08:00:01Z")

    response = client.post(f"/api/v1/bookings/{token}/{change[0]}", json=change[1])

    assert (response.status_code, response.get_json()["code"]) == (409, "too_late")


def test_refusal_stores_nothing(client: FlaskClient, transaction: UnitOfWork) -> None:
    book(client, start="2026-11-24T10:07:00+01:00", headers={"Idempotency-Key": "a6e7"})

    with transaction() as session:
        assert stored(session) == NOTHING


def test_hold_is_taken_up_by_the_booking(client: FlaskClient, transaction: UnitOfWork) -> None:
    wanted = {name: BOOKING[name] for name in ("event_type", "start", "segment")}
    held = client.post("/api/v1/holds", json=wanted)

    hold = held.get_json()["hold"]
    assert (held.status_code, hold["expires_at"]) == (201, "2026-11-23T08:05:00Z")
    assert book(client, email="max@kunde.example").get_json()["code"] == "slot_taken"
    assert book(client, hold=hold["token"]).status_code == 201
    with transaction() as session:
        assert stored(session)["booking"] == 1


def test_lapsed_hold_does_not_stand_in_the_way(
    client: FlaskClient, clock: time_machine.Traveller, transaction: UnitOfWork
) -> None:
    wanted = {name: BOOKING[name] for name in ("event_type", "start", "segment")}
    token = client.post("/api/v1/holds", json=wanted).get_json()["hold"]["token"]
    clock.shift(301)

    assert book(client, hold=token).status_code == 201
    with transaction() as session:
        assert (stored(session)["booking"], stored(session)["meeting"]) == (1, 1)


def test_hold_of_another_start_is_refused(client: FlaskClient) -> None:
    wanted = {name: BOOKING[name] for name in ("event_type", "start", "segment")}
    token = client.post("/api/v1/holds", json=wanted).get_json()["hold"]["token"]

    response = book(client, hold=token, start=LATER)

    assert (response.status_code, faults(response)) == (422, {("hold", "other_slot")})


def test_hold_token_opens_no_booking(client: FlaskClient) -> None:
    wanted = {name: BOOKING[name] for name in ("event_type", "start", "segment")}
    token = client.post("/api/v1/holds", json=wanted).get_json()["hold"]["token"]
    book(client, hold=token)

    response = client.get(f"/api/v1/bookings/{token}")

    assert (response.status_code, response.get_json()["code"]) == (404, "not_found")


def test_released_hold_frees_the_slot(client: FlaskClient) -> None:
    wanted = {name: BOOKING[name] for name in ("event_type", "start", "segment")}
    token = client.post("/api/v1/holds", json=wanted).get_json()["hold"]["token"]

    released = [client.delete(f"/api/v1/holds/{name}") for name in (token, token, "nothing")]

    assert [(answer.status_code, answer.get_data()) for answer in released] == [(204, b"")] * 3
    assert book(client, email="max@kunde.example").status_code == 201


def test_own_address_is_no_lead(client: FlaskClient, host: Staff) -> None:
    answers = [book(client, email=email) for email in (host.email, "Demo@termine.example.com")]

    assert [(a.status_code, faults(a)) for a in answers] == [(422, {("email", "own_address")})] * 2
