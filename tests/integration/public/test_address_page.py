"""The page on which a mistyped address is corrected."""

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from booking.bookings.models import Booking
from booking.outbox.models import Message
from tests.api_calls import book, stored
from tests.factories import NOW, make_event_type, make_staff
from tests.fixtures.application import UnitOfWork
from tests.pages import OWN_PAGE, Page, choose, open_page, path_of, send

pytestmark = pytest.mark.usefixtures("host")

START = "2026-11-24T09:00:00Z"
MISTYPED, MEANT = "erika@kunde.example", "erika@firma.example"


@pytest.fixture
def form(client: FlaskClient) -> Page:
    """The page of the booking form, as it was sent."""
    page = choose(client, START)
    page.fields |= {"name": "Erika Mustermann", "email": MISTYPED}
    return page


@pytest.fixture
def link(client: FlaskClient, form: Page) -> str:
    """The path of the booking."""
    return path_of(send(client, form).location)


def email_of(transaction: UnitOfWork) -> str | None:
    with transaction() as session:
        return session.scalars(select(Booking.email)).one()


def test_booking_leads_to_the_page_that_shows_what_was_given(
    client: FlaskClient, link: str
) -> None:
    page = open_page(client, f"{link}/address")

    assert f"{link}/address" in open_page(client, link).links
    assert page.title == "E-Mail-Adresse berichtigen – Beispiel KI GmbH"
    assert page.fields["email"] == MISTYPED


def test_correction_leads_to_the_new_link(
    client: FlaskClient, link: str, transaction: UnitOfWork
) -> None:
    page = open_page(client, f"{link}/address")

    answer = send(client, page, email=MEANT)

    assert answer.status_code == 303
    page = open_page(client, answer.location)
    assert "Die E-Mail-Adresse ist berichtigt." in page.text
    assert "Die Einladung ist unterwegs an erika@firma.example." in page.text
    assert client.get(link).status_code == 404
    assert email_of(transaction) == MEANT


def test_correction_that_is_sent_twice_is_made_once(
    client: FlaskClient, link: str, transaction: UnitOfWork
) -> None:
    page = open_page(client, f"{link}/address")
    first = send(client, page, email=MEANT)
    with transaction() as session:
        before = stored(session)

    second = send(client, page, email=MEANT)

    assert (second.status_code, second.location) == (303, first.location)
    with transaction() as session:
        assert stored(session) == before


def test_booking_form_that_is_sent_again_leads_to_the_new_link(
    client: FlaskClient, link: str, form: Page
) -> None:
    corrected = send(client, open_page(client, f"{link}/address"), email=MEANT)

    again = send(client, form)

    assert (again.status_code, path_of(again.location)) == (303, path_of(corrected.location))


def test_form_that_is_sent_again_with_another_address_corrects_again(
    client: FlaskClient, link: str, transaction: UnitOfWork
) -> None:
    page = open_page(client, f"{link}/address")
    first = send(client, page, email=MEANT)

    second = send(client, page, email="mustermann@firma.example")

    assert email_of(transaction) == "mustermann@firma.example"
    assert client.get(path_of(first.location)).status_code == 404
    assert "unterwegs an mustermann@firma.example" in open_page(client, second.location).text


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("erika@firma", "Bitte geben Sie eine vollständige E-Mail-Adresse ein"),
        ("", "Bitte füllen Sie dieses Feld aus"),
        ("anna@beispiel.example", "Bitte verwenden Sie Ihre eigene E-Mail-Adresse"),
    ],
)
def test_fault_is_told_beside_what_was_typed(
    client: FlaskClient, link: str, transaction: UnitOfWork, typed: str, message: str
) -> None:
    answer = send(client, open_page(client, f"{link}/address"), email=typed)

    page = Page.read(answer)
    assert answer.status_code == 422
    assert page.title.startswith("Fehler: ")
    assert message in page.alert
    assert page.fields["email"] == typed
    assert email_of(transaction) == MISTYPED


def test_stale_form_is_shown_again(client: FlaskClient, link: str, transaction: UnitOfWork) -> None:
    page = open_page(client, f"{link}/address")

    answer = send(client, page, stamp="forged", email=MEANT)

    assert (answer.status_code, Page.read(answer).fields["email"]) == (403, MEANT)
    assert email_of(transaction) == MISTYPED
    assert send(client, Page.read(answer)).status_code == 303


def test_address_that_has_booked_the_same_time_is_mailed_its_link(
    client: FlaskClient, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        make_event_type(session, hosts=[make_staff(session), make_staff(session)], slug="zu-zweit")
    book(client, event_type="zu-zweit", email=MEANT)
    made = book(client, event_type="zu-zweit", email=MISTYPED).get_json()["booking"]
    page = open_page(client, f"{path_of(made['manage_url'])}/address")

    answer = send(client, page, email=MEANT)

    with transaction() as session:
        mailed = session.scalars(select(Message.recipient).where(Message.kind == "link")).all()
    assert answer.status_code == 409
    assert "Sie haben diesen Termin schon gebucht" in Page.read(answer).alert
    assert mailed == ["lead"]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_after_ten_minutes_the_page_says_whom_to_write_to(
    client: FlaskClient, link: str, method: str
) -> None:
    stamp = open_page(client, f"{link}/address").fields["stamp"]
    with time_machine.travel(NOW.replace(minute=11), tick=False):
        answer = client.open(
            f"{link}/address",
            method=method,
            data={"stamp": stamp, "email": MEANT},
            headers=OWN_PAGE,
        )
        booked = open_page(client, link)

    page = Page.read(answer)
    assert answer.status_code == 409
    assert "bis zehn Minuten nach der Buchung" in page.text
    assert "mailto:kontakt@beispiel.example" in page.links
    assert f"{link}/address" not in booked.links


def test_whoever_has_called_it_off_is_not_written_to(
    client: FlaskClient, link: str, app: Flask, transaction: UnitOfWork
) -> None:
    book(client, email=MEANT, start="2026-11-24T11:00:00+01:00")
    with transaction() as session:
        message = session.scalars(
            select(Message)
            .where(Message.kind == "confirmation", Message.recipient == "lead")
            .order_by(Message.id.desc())
            .limit(1)
        ).one()
        mail = app.extensions["composers"]["confirmation"].compose(message, session)
    not_me = next(path_of(word) for word in mail.text.split() if word.endswith("/not-me"))
    client.post(not_me, headers=OWN_PAGE)

    answer = send(client, open_page(client, f"{link}/address"), email=MEANT)

    assert (answer.status_code, Page.read(answer).title) == (200, "Vielen Dank – Beispiel KI GmbH")
    assert client.get(link).status_code == 200
