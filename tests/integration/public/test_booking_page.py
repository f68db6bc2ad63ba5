"""Looking for a time and choosing it."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from booking.bookings.lifecycle import BookingState
from booking.bookings.models import Booking, Meeting
from booking.event_types.find import get_event_type
from booking.segment import Segment
from booking.staff.models import Staff
from booking.web.rfc3339 import write_start
from tests.api_calls import book, stored
from tests.factories import NOW, make_event_type, make_pool_member, make_staff, make_time_off
from tests.fixtures.application import UnitOfWork
from tests.pages import OWN_PAGE, Page, choose, open_page, path_of, send

pytestmark = pytest.mark.usefixtures("host")

START = "2026-11-24T09:00:00Z"
LATER = "2026-11-24T10:00:00Z"
HELD_ALONE = {"booking": 1, "idempotency_key": 0, "lead": 0, "meeting": 1, "message": 0}


def test_start_shows_the_one_event_type(client: FlaskClient) -> None:
    page = open_page(client, "/")

    assert page.title == "Produktdemo – Beispiel KI GmbH"
    assert path_of(page.action) == "/demo"


def test_start_lists_several_event_types(client: FlaskClient, transaction: UnitOfWork) -> None:
    with transaction() as session:
        make_event_type(session, hosts=[make_staff(session)], slug="kurz")

    page = open_page(client, "/?locale=en")

    assert page.title == "Book a demo – Beispiel KI GmbH"
    assert {"/demo?locale=en", "/kurz?locale=en"} < set(page.links)


def test_page_says_who_gives_the_demo(client: FlaskClient, transaction: UnitOfWork) -> None:
    with transaction() as session:
        event_type = get_event_type("demo", session=session)
        ben = make_staff(session, name="Ben Weiß")
        make_pool_member(session, event_type=event_type, host=ben, segment=Segment.TEAM)

    pages = {
        segment: open_page(client, f"/demo?segment={segment}").text
        for segment in ("", "individual", "team")
    }

    assert "Mit jemandem aus unserem Team" in pages[""]
    assert "Mit Anna Müller" in pages["individual"]
    assert "Mit jemandem aus unserem Team" in pages["team"]


def test_page_says_what_the_demo_shows(client: FlaskClient, transaction: UnitOfWork) -> None:
    with transaction() as session:
        get_event_type("demo", session=session).agenda = [
            {"de": "Ihre <Aufgabe>, live gelöst", "en": "Your <task>, solved live"},
            {"de": "Was es kostet"},
        ]

    german, english = open_page(client, "/demo"), open_page(client, "/demo?locale=en")

    assert "Das erwartet Sie Ihre <Aufgabe>, live gelöst Was es kostet 30 Minuten" in german.text
    assert "What to expect Your <task>, solved live Was es kostet 30 minutes" in english.text


def test_unpublished_event_type_is_not_there(client: FlaskClient, transaction: UnitOfWork) -> None:
    with transaction() as session:
        make_event_type(session, hosts=[], slug="intern", published=False)

    answer = client.get("/intern")

    assert answer.status_code == 404
    assert Page.read(answer).title.startswith("Fehler: ")


def test_first_free_day_is_selected(client: FlaskClient) -> None:
    page = open_page(client, "/demo")

    assert "Montag, 23. November 2026, 12 freie Termine" in page.text
    assert page.offers("choose")[:3] == [
        "2026-11-23T10:00:00Z",
        "2026-11-23T10:00:00Z",
        "2026-11-23T10:30:00Z",
    ]
    assert "Nächster freier Termin: Mo., 23.11.2026, 11:00 Uhr" in page.text.replace("\xa0", " ")


def test_day_is_shown_in_the_zone_of_the_visitor(client: FlaskClient) -> None:
    page = open_page(client, "/demo?tz=Asia/Kathmandu&day=2026-11-24&locale=en")

    assert "Tuesday, 24 November 2026, 13:45–14:15 (UTC+5:45)" in page.text
    assert page.fields["tz"] == "Asia/Kathmandu"


@pytest.mark.parametrize(
    ("instant", "day", "month"),
    [
        (datetime(2026, 11, 30, 8, tzinfo=UTC), "Montag, 30. November 2026", "November 2026"),
        (datetime(2026, 11, 30, 17, tzinfo=UTC), "Dienstag, 1. Dezember 2026", "Dezember 2026"),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "Freitag, 1. Januar 2027", "Januar 2027"),
    ],
)
def test_month_of_the_first_free_day_is_shown(
    client: FlaskClient, clock: time_machine.Traveller, instant: datetime, day: str, month: str
) -> None:
    clock.move_to(instant)

    answer = client.get("/")

    page = answer.get_data(as_text=True).replace("\xa0", " ")
    assert f'<h3 class="times-day">{day}</h3>' in page
    assert f'<span id="month-name">{month}</span>' in page


def test_hour_that_comes_twice_is_told_with_its_zones(
    client: FlaskClient, clock: time_machine.Traveller, transaction: UnitOfWork
) -> None:
    clock.move_to(datetime(2026, 10, 24, 8, tzinfo=UTC))
    with transaction() as session:
        owl = make_staff(session, hours=[(6, "00:00", "05:00")])
        make_event_type(session, hosts=[owl], slug="nachts")

    page = open_page(client, "/nachts?day=2026-10-25")

    assert "02:30 MESZ" in page.text
    assert "02:30 MEZ" in page.text


def test_event_type_without_a_description_shows_none(
    client: FlaskClient, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        make_event_type(session, hosts=[], slug="kurz", description={})

    pages = [client.get(path).get_data(as_text=True) for path in ("/", "/kurz")]

    assert all("Produktdemo" in page for page in pages)
    assert not any(re.search(r"<p(?! class=\"patience\")[^>]*>\s*</p>", page) for page in pages)


@pytest.mark.parametrize("query", ["", "&locale=en"])
def test_answer_without_details_changes_its_language_by_a_button(
    client: FlaskClient, query: str
) -> None:
    page = open_page(client, f"/demo?segment=team{query}")
    page = Page.read(send(client, page, choose="2026-11-24T03:00:00Z"))

    answer = send(client, page, show="en", day="2026-11-25")

    assert set(page.offers("show")) >= {"de", "en"}
    assert not any("locale=" in link for link in page.links if link.startswith("?"))
    assert (answer.status_code, Page.read(answer).fields["tz"]) == (200, "Europe/Berlin")


@pytest.mark.parametrize("address", ["/demo", "/demo/wish"])
def test_faults_are_told_in_the_language_changed_to(client: FlaskClient, address: str) -> None:
    page = open_page(client, address)
    if address == "/demo":
        page = choose(client, START)
    faulty = Page.read(send(client, page, name="Erika" * 30, email="erika"))

    faulty.action = f"{faulty.action}?locale=en"
    answer = send(client, faulty, show="en")

    english = Page.read(answer)
    assert "Bitte geben Sie eine vollständige E-Mail-Adresse ein" in faulty.alert
    assert answer.status_code == 422
    assert "Please enter a complete email address, such as name@example.com." in english.alert
    assert "at most 100 characters" in english.alert
    assert english.fields["email"] == "erika"
    assert english.fields["told"] == faulty.fields["told"]


@pytest.mark.parametrize(
    "told", ["", "email", "email:nonsense", "email:email:5", ":::", "a" * 5000, "email:too_long:x"]
)
def test_faults_that_nobody_was_told_are_not_told(client: FlaskClient, told: str) -> None:
    page = choose(client, START)

    answer = send(client, page, show="en", told=told)

    assert (answer.status_code, Page.read(answer).alert) == (200, "")


def test_month_without_a_free_time_leads_to_one_with_some(
    client: FlaskClient, host: Staff, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        end = NOW.replace(month=12, day=10)
        make_time_off(session, staff=host, start=NOW, end=end)

    page = open_page(client, "/demo?month=2026-11")

    assert "Im November 2026 ist nichts mehr frei." in page.text
    assert "/demo?month=2026-12#month" in page.links


def test_nothing_free_at_all_leads_to_the_organisation(
    client: FlaskClient, host: Staff, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        make_time_off(session, staff=host, start=NOW, end=NOW.replace(year=2027))

    page = open_page(client, "/demo")

    assert "Zurzeit ist kein Termin frei." in page.text
    assert "mailto:kontakt@beispiel.example" in page.links


@pytest.mark.parametrize(
    "query",
    [
        "month=2026-13&day=2026-02-30&tz=Mars/Base&segment=TEAM&start=gestern&hold=%00",
        "month=9999-12&day=0001-01-01",
        "month=2020-01&day=2035-05-05",
        "start=9999-12-31T23:59:59Z",
        "start=2026-11-24T09:00:00Z&hold=../../b",
        "_scheme=javascript&_external=1&endpoint=x&slug=y&token=z",
        "segment=team&segment=individual",
    ],
)
def test_address_without_sense_shows_the_page(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/demo?{query}")

    assert answer.status_code in {200, 409}
    assert "Produktdemo" in Page.read(answer).title


def test_prefill_is_escaped_and_sends_nothing(client: FlaskClient, transaction: UnitOfWork) -> None:
    answer = client.get(f"/demo?name=<b>Anna</b>&email=a@b.de&start={START}&segment=team")

    assert b"<b>Anna" not in answer.data
    assert Page.read(answer).fields["name"] == "<b>Anna</b>"
    with transaction() as session:
        assert set(stored(session).values()) == {0}


def test_choosing_holds_the_time(client: FlaskClient, transaction: UnitOfWork) -> None:
    page = choose(client, START)

    assert "Dienstag, 24. November 2026 10:00–10:30 Uhr (MEZ)" in page.text
    assert page.fields["start"] == START
    with transaction() as session:
        assert stored(session) == HELD_ALONE
        assert session.scalars(select(Booking.state)).one() is BookingState.HELD
    assert START not in open_page(client, "/demo?day=2026-11-24").offers("choose")


def test_choosing_another_time_lets_the_first_go(
    client: FlaskClient, transaction: UnitOfWork
) -> None:
    page = choose(client, START)

    answer = send(client, page, choose=LATER, name="Anna")

    assert answer.status_code == 200
    again = Page.read(answer)
    assert (again.fields["start"], again.fields["name"]) == (LATER, "Anna")
    assert again.fields["stamp"] == page.fields["stamp"]
    with transaction() as session:
        assert stored(session) == HELD_ALONE
    assert START in open_page(client, "/demo?day=2026-11-24").offers("choose")


def test_choosing_without_a_segment_asks_for_it_and_keeps_the_time(
    client: FlaskClient, transaction: UnitOfWork
) -> None:
    answer = send(client, open_page(client, "/demo"), choose=START)

    page = open_page(client, answer.location)
    assert page.title.startswith("Produktdemo")
    assert page.alert == ""
    assert "Bitte wählen Sie, für wen die Demo ist." in page.text
    with transaction() as session:
        assert set(stored(session).values()) == {0}
    forgotten = Page.read(send(client, page, name="Erika Mustermann"))
    assert "Für wen ist die Demo? Bitte wählen Sie eine Antwort." in forgotten.alert
    assert "#segment" in forgotten.links
    told = {"segment": "team", "name": "Erika Mustermann", "email": "erika@kunde.example"}
    assert send(client, page, **told).status_code == 303
    with transaction() as session:
        assert write_start(session.scalars(select(Meeting.starts_at)).one()) == START


def test_choosing_another_time_without_a_segment_keeps_what_was_typed(client: FlaskClient) -> None:
    answer = send(client, open_page(client, "/demo"), choose=START)
    page = open_page(client, answer.location)

    again = Page.read(send(client, page, choose=LATER, name="Erika"))

    assert again.alert == ""
    assert "Bitte wählen Sie, für wen die Demo ist." in again.text
    assert (again.fields["start"], again.fields["name"]) == (LATER, "Erika")


def test_choosing_a_taken_time_shows_others(client: FlaskClient) -> None:
    page = open_page(client, "/demo?segment=team")
    assert book(client).status_code == 201

    answer = send(client, page, choose=START)

    again = Page.read(answer)
    assert answer.status_code == 409
    assert "Dieser Termin wurde gerade vergeben." in again.alert
    assert again.offers("choose")[:3] == [
        "2026-11-24T08:00:00Z",
        "2026-11-24T08:30:00Z",
        "2026-11-24T09:30:00Z",
    ]


def test_looking_elsewhere_keeps_what_was_typed(client: FlaskClient) -> None:
    page = choose(client, START)

    answer = send(client, page, day="2026-11-25", name="Anna", notes="Zeile 1\nZeile 2")

    again = Page.read(answer)
    assert answer.status_code == 200
    assert again.fields["name"] == "Anna"
    assert again.fields["notes"] == "Zeile 1\nZeile 2"
    assert again.fields["start"] == START
    assert "2026-11-25T09:00:00Z" in again.offers("choose")


@pytest.mark.settings(RATE_LIMITS="on")
def test_who_has_held_enough_goes_on_without_a_hold(
    client: FlaskClient, transaction: UnitOfWork
) -> None:
    page = open_page(client, "/demo?segment=team")
    for _ in range(10):
        send(client, page, choose="2026-11-24T07:00:00Z")

    answer = send(client, page, choose=START)

    assert answer.status_code == 303
    assert "hold=" not in answer.location
    assert open_page(client, answer.location).fields["start"] == START
    with transaction() as session:
        assert set(stored(session).values()) == {0}


def test_form_without_a_button_and_fields_is_refused_kindly(client: FlaskClient) -> None:
    answer = client.post("/demo", data={}, headers=OWN_PAGE)

    assert answer.status_code == 403
    assert Page.read(answer).title.startswith("Fehler: Produktdemo")
