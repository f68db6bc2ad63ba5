"""Asking for a time: the way to the page and back, what is sent, what is refused, what is kept."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from booking.event_types.models import EventType, LocationKind
from booking.leads.models import Lead
from booking.organisation.models import ORGANISATION_ID, Organisation, PrivacyNotice
from booking.outbox.models import Message
from booking.staff.models import Staff
from booking.wishes.models import Wish
from tests.api_calls import book
from tests.factories import NOW, make_event_type, make_staff, make_time_off
from tests.fixtures.application import UnitOfWork
from tests.pages import OWN_PAGE, Page, choose, open_page, path_of, send

pytestmark = pytest.mark.usefixtures("host")

START = "2026-11-24T09:00:00Z"
WISH = {
    "on-1": "2026-12-01",
    "part-1": "morning",
    "name": "Erika Mustermann",
    "email": "erika@kunde.example",
    "segment": "individual",
}
NOTHING = {"wish": 0, "lead": 0, "message": 0}
ONE_WISH = {"wish": 1, "lead": 1, "message": 1}


def stored(transaction: UnitOfWork) -> dict[str, int]:
    with transaction() as session:
        return {
            model.__tablename__: session.scalar(select(func.count()).select_from(model)) or 0
            for model in (Wish, Lead, Message)
        }


def show(answer: TestResponse) -> Page:
    """Return the page of an answer that is no redirect."""
    assert answer.location is None
    return Page.read(answer)


def test_wish_is_sent_as_it_was_typed(client: FlaskClient, transaction: UnitOfWork) -> None:
    page = open_page(client, "/demo/wish?segment=team&tz=Asia/Kathmandu&locale=en&utm_source=mail")

    answer = send(
        client,
        page,
        **WISH | {"segment": "team", "on-3": "2026-12-24", "part-3": "evening"},
        company="Müller & Söhne",
        team_size="12",
        phone="984-1234567",
        notes="Hallo\r\nWelt",
    )

    assert answer.status_code == 303
    with transaction() as session:
        wish = session.scalars(select(Wish)).one()
        assert {
            "segment": wish.segment,
            "wished_times": wish.wished_times,
            "name": wish.name,
            "email": wish.email,
            "company": wish.company,
            "team_size": wish.team_size,
            "phone": wish.phone,
            "notes": wish.notes,
            "time_zone": wish.time_zone,
            "locale": wish.locale,
            "source": wish.source,
        } == {
            "segment": "team",
            "wished_times": [
                {"on": "2026-12-01", "part": "morning"},
                {"on": "2026-12-24", "part": "evening"},
            ],
            "name": "Erika Mustermann",
            "email": "erika@kunde.example",
            "company": "Müller & Söhne",
            "team_size": 12,
            "phone": "+9779841234567",
            "notes": "Hallo\nWelt",
            "time_zone": "Asia/Kathmandu",
            "locale": "en",
            "source": {"utm_source": "mail"},
        }


def test_page_afterwards_says_what_is_next_and_names_nobody(client: FlaskClient) -> None:
    address = "/demo/wish?segment=individual&name=Erika&email=e@kunde.example&utm_source=mail"

    answer = send(client, open_page(client, address), **WISH)

    done = "/demo/wish?done=yes&segment=individual&tz=Europe/Berlin&utm_source=mail"
    assert answer.location.endswith(done)
    page = open_page(client, answer.location)
    assert page.title.startswith("Ihre Anfrage ist eingegangen")
    assert "Gebucht ist damit noch keine Demo." in page.text
    assert "/demo?segment=individual&tz=Europe/Berlin&utm_source=mail" in page.links


def test_link_fills_the_form_in(client: FlaskClient, transaction: UnitOfWork) -> None:
    address = "/demo/wish?segment=team&name=<b>Anna</b>&email=a@b.de&company=Firma&locale=en"

    page = open_page(client, address)

    assert page.title.startswith("Request a time")
    assert (page.fields["segment"], page.fields["name"]) == ("team", "<b>Anna</b>")
    assert (page.fields["email"], page.fields["company"]) == ("a@b.de", "Firma")
    assert stored(transaction) == NOTHING


def test_days_that_can_be_chosen_are_those_of_the_visitor(client: FlaskClient) -> None:
    here = client.get("/demo/wish").data
    there = client.get("/demo/wish?tz=Pacific/Kiritimati").data
    with time_machine.travel(NOW + timedelta(hours=4), tick=False):
        tomorrow_there = client.get("/demo/wish?tz=Pacific/Kiritimati").data

    assert b'min="2026-11-23" max="2027-11-23"' in here
    assert b'min="2026-11-23" max="2027-11-23"' in there
    assert b'min="2026-11-24" max="2027-11-24"' in tomorrow_there


def test_first_day_of_the_visitor_can_be_wished_for(
    client: FlaskClient, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(hours=4))
    page = open_page(client, "/demo/wish?tz=Pacific/Kiritimati")

    over = send(client, page, **WISH | {"on-1": "2026-11-23"})
    today = send(client, page, **WISH | {"on-1": "2026-11-24"})

    assert (over.status_code, today.status_code) == (422, 303)


def test_faults_are_all_told_and_nothing_is_lost(
    client: FlaskClient, transaction: UnitOfWork
) -> None:
    page = open_page(client, "/demo/wish")
    typed = {
        "on-1": "2026-11-01",
        "part-1": "evening",
        "on-2": "2028-01-01",
        "part-2": "midday",
        "name": "",
        "email": "erika@kunde",
        "phone": "abc",
        "company": "A & <B>",
        "notes": "Zeile 1\nZeile 2",
    }

    answer = send(client, page, **typed)

    again = show(answer)
    assert (answer.status_code, again.title[:8]) == (422, "Fehler: ")
    faulty = [link for link in again.links if link.startswith("#") and link != "#main"]
    assert faulty == ["#segment", "#on-1", "#on-2", "#name", "#email", "#phone"]
    assert "Erste Möglichkeit: Dieser Tag ist vorbei." in again.alert
    assert "in den nächsten zwölf Monaten" in again.alert
    assert again.fields | typed == again.fields
    assert b'aria-invalid="true" aria-describedby="on-1-fault"' in answer.data
    assert stored(transaction) == NOTHING
    assert send(client, again, **WISH | {"on-2": "", "part-2": "any", "phone": ""}).location


def test_faulty_day_alone_is_told(client: FlaskClient, transaction: UnitOfWork) -> None:
    page = open_page(client, "/demo/wish")

    answer = send(client, page, **WISH, **{"on-2": "2026-12-01", "part-2": "morning"})

    assert answer.status_code == 422
    assert show(answer).alert == (
        "Bitte prüfen Sie Ihre Angaben."
        " Zweite Möglichkeit: Diesen Tag haben Sie mit derselben Tageszeit schon genannt."
    )
    assert stored(transaction) == NOTHING


def test_phone_is_optional_even_where_the_demo_is_by_phone(
    client: FlaskClient, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        session.scalars(select(EventType)).one().location_kind = LocationKind.PHONE

    assert send(client, open_page(client, "/demo/wish"), **WISH).status_code == 303


@pytest.mark.parametrize("times", [2, 3])
def test_form_sent_again_is_one_wish(
    client: FlaskClient, transaction: UnitOfWork, times: int
) -> None:
    page = open_page(client, "/demo/wish")

    answers = [send(client, page, **WISH) for _ in range(times)]

    assert {answer.location for answer in answers} == {answers[0].location}
    assert "done=yes" in answers[0].location
    assert stored(transaction) == ONE_WISH


def test_form_changed_and_sent_again_says_that_the_change_is_not_in_it(
    client: FlaskClient, transaction: UnitOfWork
) -> None:
    page = open_page(client, "/demo/wish")
    send(client, page, **WISH)

    answer = send(client, page, **WISH | {"on-1": "2026-12-02"})

    shown = open_page(client, answer.location)
    assert shown.title.startswith("Mit diesem Formular haben Sie schon eine Anfrage geschickt")
    assert stored(transaction) == ONE_WISH
    [anew] = [link for link in shown.links if link.startswith("/demo/wish?segment")]
    assert send(client, open_page(client, anew), **WISH | {"on-1": "2026-12-02"}).location
    assert stored(transaction) == {"wish": 2, "lead": 1, "message": 2}


def test_wish_leaves_the_same_form_free_to_book(
    client: FlaskClient, transaction: UnitOfWork
) -> None:
    page = choose(client, START)
    wished = client.post("/demo/wish", data=page.fields | WISH, headers=OWN_PAGE)

    booked = send(client, page, **{name: WISH[name] for name in ("name", "email")})

    assert "done=yes" in wished.location
    assert path_of(booked.location).startswith("/b/")
    assert stored(transaction)["wish"] == 1


def test_way_there_and_back_loses_nothing(client: FlaskClient, transaction: UnitOfWork) -> None:
    typed = {"name": "Erika", "email": "erika@kunde", "team_size": "7", "notes": "Zeile 1\nZeile 2"}
    page = choose(client, START, address="/demo?segment=team&locale=en&utm_source=mail")
    assert page.offers("show").count("wish") == 1

    there = Page.read(
        client.post(
            "/demo/wish?locale=en",
            data=page.fields | typed | {"show": "wish"},
            headers=OWN_PAGE,
        )
    )
    back = Page.read(
        client.post(
            "/demo?locale=en",
            data=there.fields | {"on-2": "2026-12-02", "part-2": "evening", "show": "times"},
            headers=OWN_PAGE,
        )
    )
    there_again = Page.read(
        client.post("/demo/wish?locale=en", data=back.fields | {"show": "wish"}, headers=OWN_PAGE)
    )

    assert there.title.startswith("Request a time")
    for shown in (there, back, there_again):
        assert shown.fields | typed | {"segment": "team", "start": START} == shown.fields
        assert (shown.fields["utm_source"], shown.alert) == ("mail", "")
        assert shown.fields["stamp"] == page.fields["stamp"]
    assert (there_again.fields["on-2"], there_again.fields["part-2"]) == ("2026-12-02", "evening")
    assert stored(transaction) == NOTHING


def test_day_with_free_times_leads_there(client: FlaskClient) -> None:
    page = open_page(client, "/demo?segment=team&day=2026-11-24&utm_source=mail")

    assert "Nichts Passendes dabei? Wunschtermin anfragen" in page.text
    assert "/demo/wish?segment=team&day=2026-11-24&utm_source=mail" in page.links


@pytest.mark.parametrize("end", [NOW.replace(month=12, day=10), NOW.replace(year=2027)])
def test_where_nothing_is_free_it_is_the_second_choice(
    client: FlaskClient, host: Staff, transaction: UnitOfWork, end: object
) -> None:
    with transaction() as session:
        make_time_off(session, staff=host, start=NOW, end=end)  # type: ignore[arg-type]

    page = open_page(client, "/demo?month=2026-11")

    assert "Nichts Passendes dabei?" not in page.text
    assert "/demo/wish?month=2026-11" in page.links


def test_booking_that_is_moved_is_offered_no_wish(
    client: FlaskClient, host: Staff, transaction: UnitOfWork
) -> None:
    link = path_of(book(client).get_json()["booking"]["manage_url"])
    some = client.get(f"{link}/move").data
    with transaction() as session:
        make_time_off(session, staff=host, start=NOW, end=NOW.replace(year=2027))
    none = client.get(f"{link}/move").data

    assert b"Zurzeit ist kein Termin frei." in none
    assert b"/wish" not in some + none


@pytest.mark.parametrize("stamp", ["", "erfunden", "WyJrZXkiLDE4MDAwMDAwMDBd.c2lnbmF0dXJl"])
def test_forged_stamp_is_refused_and_the_form_kept(
    client: FlaskClient, transaction: UnitOfWork, stamp: str
) -> None:
    page = open_page(client, "/demo/wish")

    answer = send(client, page, **WISH, stamp=stamp)

    again = show(answer)
    assert answer.status_code == 403
    assert again.fields | WISH == again.fields
    assert stored(transaction) == NOTHING
    assert send(client, again).status_code == 303


def test_old_stamp_is_refused_and_the_form_kept(
    client: FlaskClient, clock: time_machine.Traveller
) -> None:
    page = open_page(client, "/demo/wish")
    clock.shift(timedelta(hours=24))

    answer = send(client, page, **WISH)

    again = show(answer)
    assert answer.status_code == 403
    assert again.fields | WISH == again.fields
    assert send(client, again).status_code == 303


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {}])
def test_form_from_elsewhere_is_refused_and_kept(
    client: FlaskClient, transaction: UnitOfWork, headers: dict[str, str]
) -> None:
    page = open_page(client, "/demo/wish")

    answer = client.post(page.action, data=page.fields | WISH, headers=headers)

    again = show(answer)
    assert answer.status_code == 403
    assert again.fields | WISH == again.fields
    assert stored(transaction) == NOTHING
    assert send(client, again).status_code == 303


def test_form_from_elsewhere_for_nothing_of_ours_is_not_found(client: FlaskClient) -> None:
    assert client.post("/nichts/wish", data=WISH).status_code == 404


def test_whoever_must_not_know_gets_the_answer_of_everybody_and_nothing_is_stored(
    client: FlaskClient, transaction: UnitOfWork
) -> None:
    page = open_page(client, "/demo/wish")
    with transaction() as session:
        address = "ohne@kunde.example"
        session.add(
            Lead(
                address=address,
                mailbox=address,
                created_at=NOW,
                suppressed_until=NOW + timedelta(days=1),
            )
        )

    trapped = send(client, page, **WISH, website="https://spam.example")
    suppressed = send(client, page, **WISH | {"email": address})
    unsuspected = stored(transaction)
    sent = send(client, page, **WISH)

    assert unsuspected == NOTHING | {"lead": 1}
    assert {(one.status_code, one.location) for one in (trapped, suppressed)} == {
        (sent.status_code, sent.location)
    }


def test_address_names_nobody_even_after_a_form_that_is_not_ours(client: FlaskClient) -> None:
    answer = client.post("/demo/wish", data=WISH | {"website": "x"}, headers=OWN_PAGE)

    assert answer.location.endswith("/demo/wish?done=yes&segment=individual")


@pytest.mark.parametrize("email", ["anna@beispiel.example", "demo@termine.example.com"])
def test_address_of_our_own_is_refused(
    client: FlaskClient, transaction: UnitOfWork, email: str
) -> None:
    answer = send(client, open_page(client, "/demo/wish"), **WISH | {"email": email})

    assert answer.status_code == 422
    assert "E-Mail-Adresse: Bitte verwenden Sie Ihre eigene" in show(answer).alert
    assert stored(transaction) == NOTHING


def test_fourth_wish_of_a_day_is_told_to_wait_and_the_form_kept(
    client: FlaskClient, transaction: UnitOfWork
) -> None:
    answers = [
        send(
            client, open_page(client, "/demo/wish"), **WISH | {"email": f"erika+{n}@kunde.example"}
        )
        for n in range(4)
    ]

    assert [answer.status_code for answer in answers] == [303, 303, 303, 429]
    assert int(answers[3].headers["Retry-After"]) == 24 * 60 * 60
    again = show(answers[3])
    assert again.fields | WISH | {"email": "erika+3@kunde.example"} == again.fields
    assert "Bitte versuchen Sie es ab Di., 24.11.2026, 09:00 Uhr (MEZ) noch einmal." in again.alert
    assert stored(transaction) == {"wish": 3, "lead": 3, "message": 3}


@pytest.mark.settings(RATE_LIMITS="on")
def test_too_many_wishes_of_one_network_are_told_to_wait(client: FlaskClient) -> None:
    page = open_page(client, "/demo/wish")
    for _ in range(10):
        send(client, page, **WISH)

    answer = send(client, page, **WISH)

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1200")
    assert show(answer).fields["email"] == WISH["email"]


def test_notice_of_another_version_is_shown_again(
    client: FlaskClient, transaction: UnitOfWork
) -> None:
    show_notice(transaction, version="1", text="Erste Fassung.")
    page = open_page(client, "/demo/wish")
    show_notice(transaction, version="2", text="Zweite Fassung.")

    answer = send(client, page, **WISH)

    again = show(answer)
    assert answer.status_code == 409
    assert "Erste Fassung." in page.text
    assert "Zweite Fassung." in again.text
    assert send(client, again).status_code == 303
    with transaction() as session:
        assert session.scalars(select(Wish.notice_version)).one() == "2"


def show_notice(transaction: UnitOfWork, *, version: str, text: str) -> None:
    with transaction() as session:
        session.add(
            PrivacyNotice(version=version, texts={"de": text}, sha256=version, valid_from=NOW)
        )
        session.flush()
        session.get_one(Organisation, ORGANISATION_ID).notice_version = version


@pytest.mark.parametrize("query", ["", "?done=yes"])
def test_what_is_not_published_has_no_such_page(
    client: FlaskClient, transaction: UnitOfWork, query: str
) -> None:
    with transaction() as session:
        make_event_type(session, hosts=[make_staff(session)], slug="intern", published=False)

    assert client.get(f"/intern/wish{query}").status_code == 404
    assert client.post("/intern/wish", data=WISH, headers=OWN_PAGE).status_code == 404


def test_form_without_a_zone_takes_the_organisations(
    client: FlaskClient, transaction: UnitOfWork, clock: time_machine.Traveller
) -> None:
    page = open_page(client, "/demo/wish")
    del page.fields["tz"]
    clock.move_to(datetime(2026, 11, 23, 23, 30, tzinfo=UTC))  # half past midnight in Berlin

    yesterday = send(client, page, **WISH | {"on-1": "2026-11-23"})
    wished = send(client, page, **WISH)

    assert (yesterday.status_code, wished.status_code) == (422, 303)
    with transaction() as session:
        assert session.scalars(select(Wish.time_zone)).one() == "Europe/Berlin"
