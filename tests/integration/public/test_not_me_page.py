"""„Das war ich nicht“: only who reads the mail can say so, and then it is quiet."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from booking.bookings.models import Booking
from booking.outbox.models import Message
from tests.api_calls import book, stored
from tests.fixtures.application import UnitOfWork
from tests.pages import OWN_PAGE, Page, choose, open_page, path_of, send

pytestmark = pytest.mark.usefixtures("host")

NEXT_START = "2026-11-24T10:00:00Z"


def confirmation_of(app: Flask, transaction: UnitOfWork, *, whom: str = "lead") -> str:
    """Return the text of the confirmation as it would be mailed now."""
    with transaction() as session:
        message = session.scalars(
            select(Message).where(Message.kind == "confirmation", Message.recipient == whom)
        ).one()
        text: str = app.extensions["composers"]["confirmation"].compose(message, session).text
        return text


@pytest.fixture
def link(app: Flask, client: FlaskClient, transaction: UnitOfWork) -> str:
    """The path that the mail about a booking names."""
    book(client, locale="de")
    found = re.search(r"https://\S+/not-me", confirmation_of(app, transaction))
    assert found is not None
    return path_of(found[0])


def state_of(transaction: UnitOfWork) -> str:
    with transaction() as session:
        return session.scalars(select(Booking.state)).one().value


def test_looking_changes_nothing_and_saying_so_cancels(
    client: FlaskClient, link: str, transaction: UnitOfWork
) -> None:
    page = open_page(client, link)
    before = state_of(transaction)

    answer = send(client, page)

    assert page.title == "Sie haben diese Demo nicht gebucht? – Beispiel KI GmbH"
    assert "Dienstag, 24. November 2026 10:00–10:30 Uhr (MEZ)" in page.text
    assert before == "confirmed"
    assert (answer.status_code, path_of(answer.location)) == (303, link)
    assert state_of(transaction) == "cancelled"
    done = open_page(client, link)
    assert done.title == "Danke, das ist erledigt – Beispiel KI GmbH"
    assert "Alle künftigen Demos, die mit Ihrer Adresse gebucht waren, sind abgesagt." in done.text


def test_whoever_booked_does_not_know_the_link(
    client: FlaskClient, link: str, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        before = stored(session)
    manage = link.removesuffix("/not-me")
    facts = book(client, email="max@kunde.example", start="2026-11-24T11:00:00+01:00").get_json()

    own = path_of(facts["booking"]["manage_url"])

    assert client.get(manage).status_code == 404
    assert client.post(f"{own}/not-me", headers=OWN_PAGE).status_code == 404
    assert "not-me" not in client.get(own).get_data(as_text=True)
    assert before["booking"] == 1


def test_owner_of_a_mistyped_address_is_left_in_peace_and_the_booking_stays(
    app: Flask, client: FlaskClient, link: str, transaction: UnitOfWork
) -> None:
    found = re.search(r"https://\S+(?=/move)", confirmation_of(app, transaction))
    assert found is not None
    page = open_page(client, f"{path_of(found[0])}/address")
    corrected = send(client, page, email="erika@firma.example")

    page = open_page(client, link)
    answer = send(client, page)

    assert corrected.status_code == answer.status_code == 303
    assert "Diese Demo bleibt, wie sie ist." in page.text
    assert "24. November" not in page.text
    assert open_page(client, link).title == "Danke, das ist erledigt – Beispiel KI GmbH"
    assert state_of(transaction) == "confirmed"
    again = book(client, start=NEXT_START)
    assert (again.status_code, again.get_json()) == (202, {"state": "received"})
    with_new_address = book(client, start=NEXT_START, email="erika@firma.example")
    assert with_new_address.status_code == 201


def test_host_is_not_given_the_link(app: Flask, link: str, transaction: UnitOfWork) -> None:
    assert link not in confirmation_of(app, transaction, whom="host")


def test_who_books_with_the_address_afterwards_gets_a_neutral_answer_and_nothing_else(
    client: FlaskClient, link: str, transaction: UnitOfWork
) -> None:
    client.post(link, headers=OWN_PAGE)
    with transaction() as session:
        before = stored(session)
    page = choose(client, NEXT_START)

    over_api = book(client, start=NEXT_START, headers={"Idempotency-Key": "again"})
    by_form = send(client, page, name="Max", email="erika@kunde.example")

    assert (over_api.status_code, over_api.get_json()) == (202, {"state": "received"})
    assert (by_form.status_code, Page.read(by_form).title) == (
        200,
        "Vielen Dank – Beispiel KI GmbH",
    )
    with transaction() as session:
        # What the form holds is a hold still: it knows no person.
        assert stored(session) == before | {
            "booking": before["booking"] + 1,
            "meeting": before["meeting"] + 1,
        }
