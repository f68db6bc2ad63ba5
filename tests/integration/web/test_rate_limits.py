"""Who does too much is asked to wait, and who counts is not to be fooled."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from booking.bookings.models import Booking
from booking.errors import RateLimitedError
from booking.event_types.models import EventType
from booking.web.rate_limits import (
    BOOKINGS,
    SLOT_QUERIES,
    Counters,
    RateLimit,
    count,
    purge_rate_limits,
)
from tests.api_calls import BOOKING, book
from tests.factories import NOW
from tests.fixtures.application import UnitOfWork
from tests.pages import Page

LIMITED = pytest.mark.settings(RATE_LIMITS="on", TRUSTED_PROXY_HOPS="1")
pytestmark = [pytest.mark.usefixtures("host"), LIMITED]


def from_address(address: str) -> dict[str, str]:
    return {"X-Forwarded-For": f"192.0.2.99, {address}"}


def test_eleventh_booking_has_to_wait(client: FlaskClient, clock: time_machine.Traveller) -> None:
    statuses = [
        book(client, email=f"a{n}@kunde.example", headers=from_address("192.0.2.1")).status_code
        for n in range(10)
    ]
    clock.shift(60)

    refused = book(client, email="a@kunde.example", headers=from_address("192.0.2.1"))
    elsewhere = book(client, email="b@kunde.example", headers=from_address("192.0.2.2"))

    assert statuses == [201] + [409] * 9
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, str(19 * 60))
    assert (refused.mimetype, refused.get_json()["code"], refused.get_json()["title"]) == (
        "application/problem+json",
        "rate_limited",
        "Zu viele Anfragen in kurzer Zeit.",
    )
    assert elsewhere.status_code == 409


def test_window_opens_again(client: FlaskClient, clock: time_machine.Traveller) -> None:
    for n in range(11):
        book(client, email=f"a{n}@kunde.example")
    clock.shift(20 * 60)

    assert book(client, email="b@kunde.example").status_code == 409


def test_faulty_requests_are_not_counted(client: FlaskClient) -> None:
    for _ in range(20):
        book(client, name="")

    assert book(client).status_code == 201


@pytest.mark.settings(TRUSTED_PROXY_HOPS="1")
def test_clients_of_a_proxy_on_ipv6_count_one_by_one(client: FlaskClient) -> None:
    statuses = {
        client.get("/api/v1/bookings/x", headers={"X-Forwarded-For": f"::ffff:192.0.2.{n}"}).status
        for n in range(40)
    }

    assert statuses == {"404 NOT FOUND"}


def test_a_network_of_one_client_counts_as_one(client: FlaskClient) -> None:
    wanted = {name: BOOKING[name] for name in ("event_type", "start", "segment")}
    statuses = [
        client.post(
            "/api/v1/holds", json=wanted, headers=from_address(f"2001:db8::{n}")
        ).status_code
        for n in range(11)
    ]

    assert statuses == [201] + [409] * 9 + [429]


def test_holds_are_counted_for_as_long_as_they_last(
    client: FlaskClient, transaction: UnitOfWork, clock: time_machine.Traveller
) -> None:
    with transaction() as session:
        session.scalars(select(EventType)).one().hold_minutes = 60
    wanted = {name: BOOKING[name] for name in ("event_type", "start", "segment")}

    def hold() -> int:
        return client.post("/api/v1/holds", json=wanted).status_code

    statuses = [hold() for _ in range(10)]
    clock.shift(timedelta(minutes=59))
    within = hold()
    clock.shift(timedelta(minutes=1))

    assert statuses == [201] + [409] * 9
    assert (within, hold()) == (429, 201)


def test_guessed_tokens_are_soon_refused(client: FlaskClient) -> None:
    token = book(client).get_json()["booking"]["token"]
    guesses = [client.get(f"/api/v1/bookings/{n}").status_code for n in range(31)]

    found = client.get(f"/api/v1/bookings/{token}")

    assert guesses == [404] * 30 + [429]
    # A page of somebody else's may have made this very browser guess.
    assert found.status_code == 200


@pytest.mark.settings(RATE_LIMITS="off")
def test_limits_can_be_switched_off(client: FlaskClient) -> None:
    statuses = {book(client, email=f"a{n}@kunde.example").status_code for n in range(15)}

    assert statuses == {201, 409}


def test_database_that_cannot_count_lets_nothing_through(
    client: FlaskClient, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        session.execute(text("ALTER TABLE rate_limit RENAME TO rate_limit_away"))

    answer = book(client)

    assert answer.status_code >= 500
    with transaction() as session:
        assert session.scalars(select(Booking)).all() == []


def test_addresses_of_clients_are_not_stored(client: FlaskClient, transaction: UnitOfWork) -> None:
    book(client, headers=from_address("192.0.2.1"))

    with transaction() as session:
        keys = session.scalars(select(RateLimit.key)).all()
    assert {key.split("/")[1] for key in keys} == {"bookings"}
    assert not any("192.0.2" in key for key in keys)


def test_windows_that_are_over_are_deleted(app: Flask, transaction: UnitOfWork) -> None:
    with app.app_context():
        Counters(secret_key="k" * 32).count(BOOKINGS, who="one")
    later = NOW + timedelta(minutes=20)

    with transaction() as session:
        purge_rate_limits(now=later - timedelta(seconds=1), session=session)
        assert len(session.scalars(select(RateLimit)).all()) == 1
        purge_rate_limits(now=later, session=session)
        assert session.scalars(select(RateLimit)).all() == []


def test_all_processes_count_together(app: Flask) -> None:
    first, second = Counters(secret_key="k" * 32), Counters(secret_key="k" * 32)

    with app.app_context():
        for counters in (first, second) * 5:
            counters.count(BOOKINGS, who="one")

        with pytest.raises(RateLimitedError) as refusal:
            first.count(BOOKINGS, who="one")
    assert refusal.value.retry_at == NOW + timedelta(minutes=20)


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)  # it is counted in memory
def test_calendar_in_the_answer_to_a_form_counts_as_a_look_at_it(
    app: Flask, client: FlaskClient
) -> None:
    forms = [
        {"headers": {"Sec-Fetch-Site": "cross-site"}},
        {"headers": {"Sec-Fetch-Site": "same-origin"}},
    ]
    with app.test_request_context(environ_base={"REMOTE_ADDR": "127.0.0.1"}):
        for _ in range(240):
            count(SLOT_QUERIES)

    answers = [client.post("/demo", **form) for form in forms]

    assert [answer.status_code for answer in answers] == [429, 429]
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in answers)


def test_guessed_holds_are_soon_refused(client: FlaskClient) -> None:
    guesses = [client.delete(f"/api/v1/holds/{n}").status_code for n in range(31)]

    assert guesses == [204] * 30 + [429]


def test_page_tells_from_when_on_it_works_again(client: FlaskClient) -> None:
    for _ in range(30):
        client.get("/b/unbekannt")

    queries = ("", "?tz=Asia/Tokyo&locale=en", "?tz=Mars/Base")
    pages = {query: Page.read(client.get(f"/b/unbekannt{query}")).text for query in queries}

    at_home = "Bitte versuchen Sie es ab Mo., 23.11.2026, 09:01 Uhr (MEZ) noch einmal."
    assert at_home in pages[""]
    in_tokyo = "Please try again on Mon, 23 Nov 2026, 17:01 (UTC+9) or later."
    assert in_tokyo in pages["?tz=Asia/Tokyo&locale=en"]
    assert at_home in pages["?tz=Mars/Base"]
