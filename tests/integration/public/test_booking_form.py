"""Sending the details: what is booked, what is refused, and what is kept."""

from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from booking.bookings.models import Booking
from booking.event_types.models import EventType, LocationKind
from booking.organisation.models import ORGANISATION_ID, Organisation, PrivacyNotice
from booking.outbox.models import Message
from tests.api_calls import book, stored
from tests.factories import NOW
from tests.fixtures.application import UnitOfWork
from tests.pages import OWN_PAGE, Page, choose, open_page, path_of, send

pytestmark = pytest.mark.usefixtures("host")

START = "2026-11-24T09:00:00Z"
LATER = "2026-11-24T10:00:00Z"
DETAILS = {"name": "Erika Mustermann", "email": "erika@kunde.example"}
ONE_BOOKING = {"booking": 1, "idempotency_key": 1, "lead": 1, "meeting": 1}


def counted(transaction: UnitOfWork) -> dict[str, int]:
    with transaction() as session:
        return {table: rows for table, rows in stored(session).items() if table != "message"}


def test_form_books_what_it_says(client: FlaskClient, transaction: UnitOfWork) -> None:
    address = "/demo?segment=team&tz=Asia/Kathmandu&locale=en&utm_source=mail&utm_term=" + "x" * 300
    page = choose(client, START, address=address)

    answer = send(
        client, page, **DETAILS, company="Müller & Söhne", team_size="12", notes="Hallo\r\nWelt"
    )

    assert (answer.status_code, path_of(answer.location)[:3]) == (303, "/b/")
    assert Page.read(client.get(answer.location)).title.startswith("Your demo is booked")
    with transaction() as session:
        booking = session.scalars(select(Booking)).one()
        assert {
            "state": booking.state,
            "segment": booking.segment,
            "name": booking.name,
            "email": booking.email,
            "company": booking.company,
            "team_size": booking.team_size,
            "phone": booking.phone,
            "notes": booking.notes,
            "time_zone": booking.time_zone,
            "locale": booking.locale,
            "source": booking.source,
        } == {
            "state": "confirmed",
            "segment": "team",
            "name": "Erika Mustermann",
            "email": "erika@kunde.example",
            "company": "Müller & Söhne",
            "team_size": 12,
            "phone": None,
            "notes": "Hallo\nWelt",
            "time_zone": "Asia/Kathmandu",
            "locale": "en",
            "source": {"utm_source": "mail", "utm_term": "x" * 200},
        }


def test_faulty_fields_are_all_told_and_nothing_is_lost(
    client: FlaskClient, transaction: UnitOfWork
) -> None:
    page = choose(client, START)

    answer = send(client, page, name="", email="erika@kunde", phone="abc", company="A & <B>")

    again = Page.read(answer)
    assert (answer.status_code, again.title[:8]) == (422, "Fehler: ")
    assert {"#name", "#email", "#phone"} < set(again.links)
    assert (again.fields["email"], again.fields["company"]) == ("erika@kunde", "A & <B>")
    assert b'aria-invalid="true" aria-describedby="email-fault"' in answer.data
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert counted(transaction)["lead"] == 0


@pytest.mark.parametrize(("field", "most"), [("name", 100), ("company", 200), ("notes", 2000)])
def test_text_that_is_too_long_is_told_its_limit(
    client: FlaskClient, field: str, most: int
) -> None:
    page = choose(client, START)

    answers = [send(client, page, **DETAILS | {field: "ö" * length}) for length in (most + 1, most)]

    assert [answer.status_code for answer in answers] == [422, 303]
    told = f"Das ist zu lang: Möglich sind höchstens {most} Zeichen."
    assert Page.read(answers[0]).alert.endswith(told)


@pytest.mark.parametrize("times", [2, 3])
def test_form_sent_again_books_once(
    client: FlaskClient, transaction: UnitOfWork, times: int
) -> None:
    page = choose(client, START)

    answers = [send(client, page, **DETAILS) for _ in range(times)]

    assert len({answer.location for answer in answers}) == 1
    assert "wanted" not in answers[0].location
    assert counted(transaction) == ONE_BOOKING


def test_page_fetched_again_for_the_same_hold_books_once(
    client: FlaskClient, transaction: UnitOfWork
) -> None:
    answer = send(client, open_page(client, "/demo?segment=team"), choose=START)
    first, fetched_again = (open_page(client, answer.location) for _ in range(2))

    answers = [send(client, page, **DETAILS) for page in (first, fetched_again)]

    assert [answer.status_code for answer in answers] == [303, 409]
    assert "Sie haben diesen Termin schon gebucht." in Page.read(answers[1]).alert
    with transaction() as session:
        assert stored(session)["booking"] == 1


@pytest.mark.parametrize("is_held", [True, False])
def test_address_that_is_passed_on_opens_nobodys_booking(
    client: FlaskClient, is_held: bool
) -> None:
    """Whoever shares the address of a page must not share what is booked on it."""
    address = f"/demo?segment=team&start={START.replace('+', '%2B')}&hold=made-up"
    if is_held:
        answer = send(client, open_page(client, "/demo?segment=team"), choose=START)
        address = answer.location or ""
    victims, attackers = (open_page(client, address) for _ in range(2))
    assert send(client, victims, **DETAILS, book=START).status_code == 303

    stolen = send(client, attackers, **DETAILS | {"email": "eve@x.example"}, book=START)

    assert stolen.location is None
    assert "/b/" not in stolen.get_data(as_text=True)


def test_form_sent_again_for_another_time_offers_to_move(
    client: FlaskClient, transaction: UnitOfWork
) -> None:
    page = choose(client, START)
    booked = send(client, page, **DETAILS).location
    other = Page.read(send(client, page, **DETAILS, choose=LATER))

    answer = send(client, other)

    assert answer.status_code == 303
    assert path_of(answer.location) == path_of(booked)
    shown = open_page(client, answer.location)
    assert "Mit diesem Formular haben Sie schon gebucht" in shown.alert
    move = f"{path_of(booked)}/move?start={LATER}"
    assert move in shown.links
    assert "11:00–11:30 Uhr" in open_page(client, move).text
    assert counted(transaction) == ONE_BOOKING


@pytest.mark.parametrize("stamp", ["", "erfunden", "WyJrZXkiLDE4MDAwMDAwMDBd.c2lnbmF0dXJl"])
def test_forged_stamp_is_refused_and_the_form_kept(
    client: FlaskClient, transaction: UnitOfWork, stamp: str
) -> None:
    page = choose(client, START)

    answer = send(client, page, **DETAILS, stamp=stamp)

    again = Page.read(answer)
    assert answer.status_code == 403
    assert again.fields["email"] == DETAILS["email"]
    assert counted(transaction)["lead"] == 0
    assert send(client, again).status_code == 303


@pytest.mark.fault("F21")
def test_old_stamp_is_refused_and_the_form_kept(
    client: FlaskClient, clock: time_machine.Traveller
) -> None:
    page = choose(client, "2026-11-26T09:00:00Z")
    clock.shift(timedelta(hours=24))

    answer = send(client, page, **DETAILS)

    again = Page.read(answer)
    assert answer.status_code == 403
    assert again.fields["email"] == DETAILS["email"]
    assert send(client, again).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {},
    ],
)
def test_form_from_elsewhere_is_refused_and_kept(
    client: FlaskClient, transaction: UnitOfWork, headers: dict[str, str]
) -> None:
    page = choose(client, START)

    answer = client.post(page.action, data=page.fields | DETAILS, headers=headers)

    again = Page.read(answer)
    assert answer.status_code == 403
    assert again.fields["email"] == DETAILS["email"]
    assert counted(transaction)["lead"] == 0
    assert send(client, again).status_code == 303


@pytest.mark.fault("F21")
def test_time_taken_meanwhile_keeps_the_form_and_one_click_books(
    client: FlaskClient, transaction: UnitOfWork, clock: time_machine.Traveller
) -> None:
    page = choose(client, START)
    clock.shift(timedelta(minutes=6))
    assert book(client).status_code == 201

    answer = send(client, page, **DETAILS | {"email": "zweite@kunde.example"})

    again = Page.read(answer)
    assert answer.status_code == 409
    assert "Dieser Termin wurde gerade vergeben." in again.alert
    assert again.fields["email"] == "zweite@kunde.example"
    assert len(again.offers("book")) == 3
    assert send(client, again, book=again.offers("book")[0]).status_code == 303
    assert counted(transaction)["booking"] == 2


def test_lapsed_hold_books_while_the_time_is_free(
    client: FlaskClient, clock: time_machine.Traveller
) -> None:
    page = choose(client, START)
    clock.shift(timedelta(minutes=6))

    assert send(client, page, **DETAILS).status_code == 303


def test_segment_may_change_after_choosing(client: FlaskClient, transaction: UnitOfWork) -> None:
    page = choose(client, START)

    answer = send(client, page, **DETAILS, segment="team", team_size="5")

    assert answer.status_code == 303
    with transaction() as session:
        booking = session.scalars(select(Booking)).one()
        assert (booking.segment, booking.team_size) == ("team", 5)


def test_team_size_of_an_individual_is_left_out(
    client: FlaskClient, transaction: UnitOfWork
) -> None:
    page = choose(client, START, address="/demo?segment=team")

    send(client, page, **DETAILS, segment="individual", team_size="5")

    with transaction() as session:
        assert session.scalars(select(Booking.team_size)).one() is None


def test_same_address_and_time_gets_the_link_by_mail_alone(
    client: FlaskClient, transaction: UnitOfWork
) -> None:
    page = choose(client, LATER)
    assert book(client, email=DETAILS["email"]).status_code == 201

    answer = send(client, page, **DETAILS, book=START)

    again = Page.read(answer)
    assert answer.status_code == 409
    assert "/b/" not in answer.get_data(as_text=True)
    assert "Sie haben diesen Termin schon gebucht." in again.alert
    with transaction() as session:
        kinds = session.scalars(select(Message.kind).order_by(Message.id)).all()
        assert kinds[-1] == "link"


def test_trap_is_answered_kindly_and_nothing_is_stored(
    client: FlaskClient, transaction: UnitOfWork
) -> None:
    page = choose(client, START)

    answer = send(client, page, **DETAILS, website="https://spam.example")

    assert answer.status_code == 200
    assert Page.read(answer).title.startswith("Vielen Dank")
    assert counted(transaction) == ONE_BOOKING | {"idempotency_key": 0, "lead": 0}


def test_notice_of_another_version_is_shown_again(
    client: FlaskClient, transaction: UnitOfWork
) -> None:
    show_notice(transaction, version="1", text="Erste Fassung.")
    page = choose(client, START)
    show_notice(transaction, version="2", text="Zweite Fassung.")

    answer = send(client, page, **DETAILS)

    again = Page.read(answer)
    assert answer.status_code == 409
    assert "Erste Fassung." in page.text
    assert "Zweite Fassung." in again.text
    assert send(client, again).status_code == 303
    with transaction() as session:
        assert session.scalars(select(Booking.notice_version)).one() == "2"


def test_phone_demo_needs_a_number(client: FlaskClient, transaction: UnitOfWork) -> None:
    with transaction() as session:
        session.scalars(select(EventType)).one().location_kind = LocationKind.PHONE
    page = choose(client, START)

    answer = send(client, page, **DETAILS)

    assert answer.status_code == 422
    again = Page.read(answer)
    assert "#phone" in again.links
    assert send(client, again, phone="0170 1234567").status_code == 303


def test_phone_number_is_one_where_the_lead_lives(
    client: FlaskClient, transaction: UnitOfWork
) -> None:
    page = choose(client, START, address="/demo?segment=team&tz=America/New_York")

    refused = send(client, page, **DETAILS, phone="030 3432622")
    again = Page.read(refused)
    booked = send(client, again, phone="(212) 555-1234")

    assert refused.status_code == 422
    assert "ist sie aus einem anderen Land, auch mit Ländervorwahl" in again.alert
    assert booked.status_code == 303
    with transaction() as session:
        assert session.scalars(select(Booking.phone)).all() == ["+12125551234"]


@pytest.mark.settings(RATE_LIMITS="on")
def test_too_many_bookings_are_told_to_wait_and_the_form_is_kept(client: FlaskClient) -> None:
    page = choose(client, START)
    for _ in range(10):
        send(client, page, **DETAILS)

    answer = send(client, page, **DETAILS)

    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) == 1200
    page = Page.read(answer)
    assert page.fields["email"] == DETAILS["email"]
    assert "Bitte versuchen Sie es ab Mo., 23.11.2026, 09:20 Uhr (MEZ) noch einmal." in page.alert


def test_start_that_was_never_chosen_is_refused(client: FlaskClient) -> None:
    page = choose(client, START)
    page.fields.pop("start")

    answer = send(client, page, **DETAILS)

    assert answer.status_code == 422
    assert Page.read(answer).fields["email"] == DETAILS["email"]


def test_form_larger_than_any_of_ours_is_refused(client: FlaskClient) -> None:
    answer = client.post("/demo", data={"notes": "x" * 70_000}, headers=OWN_PAGE)

    page = Page.read(answer)
    assert (answer.status_code, page.title[:8]) == (413, "Fehler: ")
    assert "Bitte gehen Sie zurück und kürzen Sie Ihre Nachricht." in page.text


def show_notice(transaction: UnitOfWork, *, version: str, text: str) -> None:
    with transaction() as session:
        session.add(
            PrivacyNotice(version=version, texts={"de": text}, sha256=version, valid_from=NOW)
        )
        session.flush()
        session.get_one(Organisation, ORGANISATION_ID).notice_version = version
