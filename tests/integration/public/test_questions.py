"""What an event type asks, in the booking form: shown, kept while typing, read, refused."""

from collections.abc import Sequence
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from booking.bookings.models import Booking
from booking.event_types.models import EventType
from tests.factories import make_question
from tests.fixtures.application import UnitOfWork
from tests.pages import Page, choose, open_page, send

pytestmark = pytest.mark.usefixtures("host")

START, LATER = "2026-11-24T09:00:00Z", "2026-11-24T10:00:00Z"
DETAILS = {"name": "Erika Mustermann", "email": "erika@kunde.example"}
HOSTILE = "<script>alert(1)</script>{{7*7}}%(x)s\"'&"
OPTIONS = [
    {"value": value, "label": {"de": f"Antwort {value}", "en": f"Answer {value}"}}
    for value in ("a", "b", "c", "d")
]
QUESTIONS = [
    make_question("few", kind="choice", required=True, options=OPTIONS[:3]),
    make_question("many", kind="choice", required=True, segments=["team"], options=OPTIONS),
    make_question("one", kind="choice", segments=["team"], options=OPTIONS[:2]),
    make_question("seats", kind="number", segments=["individual"]),
    make_question("wish", label={"de": "Was wünschen Sie?"}),
]
ANSWERED = {"answers.few": "b", "answers.many": "d", "answers.seats": "7", "answers.wish": "& mehr"}


def ask(transaction: UnitOfWork, questions: Sequence[dict[str, Any]], **changes: Any) -> None:
    """Let the event type ask ``questions`` from now on."""
    with transaction() as session:
        event_type = session.scalars(select(EventType)).one()
        event_type.questions = list(questions)
        for name, value in changes.items():
            setattr(event_type, name, value)


def answers(transaction: UnitOfWork) -> dict[str, Any]:
    """Return the answers of the one booking."""
    with transaction() as session:
        return session.scalars(select(Booking.answers)).one()


@pytest.fixture(autouse=True)
def _questions(host: object, transaction: UnitOfWork) -> None:  # noqa: ARG001 - asks in its house
    ask(transaction, QUESTIONS)


def element(html: str, start: str) -> str:
    """Return the tag that begins with ``start``."""
    return html[html.index(start) :].partition(">")[0] + ">"


def test_questions_stand_before_the_message_and_say_what_is_optional(client: FlaskClient) -> None:
    page = choose(client, START)

    text = page.text
    shown = [
        "Telefonnummer (freiwillig)",
        "Frage few Antwort a Antwort b Antwort c",
        "Frage many Frage one (freiwillig) Frage seats (freiwillig) Was wünschen Sie? (freiwillig)",
        "Nachricht (freiwillig)",
    ]
    assert [part for part in shown if part not in text] == []
    assert [text.index(part) for part in shown] == sorted(text.index(part) for part in shown)
    assert list(page.fields)[-7:] == [
        "phone",
        "answers.many",
        "answers.one",
        "answers.seats",
        "answers.wish",
        "notes",
        "website",
    ]


def test_page_insists_only_on_what_everybody_is_asked(client: FlaskClient) -> None:
    """A required field that is hidden from somebody would keep the browser from sending."""
    html = client.get(f"/demo?segment=team&start={START}").get_data(as_text=True)

    assert " required" in element(html, '<input type="radio" id="answers.few"')
    assert 'aria-required="true"' in element(html, '<select id="answers.many"')
    for start in ('<select id="answers.many"', '<select id="answers.one"'):
        assert " required" not in element(html, start)
    assert html.count('class="team-only"') == 3  # with the size of the team
    assert html.count('class="individual-only"') == 1


def test_event_type_of_one_segment_hides_nothing_and_insists(
    client: FlaskClient, transaction: UnitOfWork
) -> None:
    ask(transaction, [QUESTIONS[1]], segments=["team"])

    html = client.get(f"/demo?start={START}").get_data(as_text=True)

    assert "-only" not in html
    assert " required" in element(html, '<select id="answers.many"')


def test_form_stores_the_answers(client: FlaskClient, transaction: UnitOfWork) -> None:
    page = choose(client, START, address="/demo?segment=team")

    assert send(client, page, **DETAILS | ANSWERED).status_code == 303

    assert answers(transaction) == {"few": "b", "many": "d", "wish": "& mehr"}


def test_individual_books_without_what_teams_must_answer(
    client: FlaskClient, transaction: UnitOfWork
) -> None:
    page = choose(client, START)

    assert (
        send(client, page, **DETAILS | {"answers.few": "a", "answers.seats": "7"}).status_code
        == 303
    )

    assert answers(transaction) == {"few": "a", "seats": 7}


def test_faults_are_told_at_once_and_tied_to_their_fields(
    client: FlaskClient, transaction: UnitOfWork
) -> None:
    page = choose(client, START, address="/demo?segment=team")

    answer = send(
        client, page, name="Erika", email="x", notes="y" * 2001, **{"answers.wish": "z" * 501}
    )

    again, html = Page.read(answer), answer.get_data(as_text=True)
    assert answer.status_code == 422
    faulty = [link for link in again.links if link.startswith("#")]
    assert faulty[1:] == ["#email", "#answers.few", "#answers.many", "#answers.wish", "#notes"]
    assert "Frage many: Bitte wählen Sie eine Antwort." in again.alert
    assert "Was wünschen Sie? Das ist zu lang: Möglich sind höchstens 500 Zeichen." in again.alert
    for start, field in (
        ('<fieldset class="segments" role="radiogroup"', "answers.few"),
        ('<select id="answers.many"', "answers.many"),
        ('<input id="answers.wish"', "answers.wish"),
    ):
        assert f'aria-invalid="true" aria-describedby="{field}-fault"' in element(html, start)
        assert f'id="{field}-fault"' in html
    with transaction() as session:
        assert session.scalars(select(Booking.name)).one() is None


def test_number_that_is_none_is_a_fault_of_its_field(client: FlaskClient) -> None:
    page = choose(client, START)

    answer = send(client, page, **DETAILS | {"answers.few": "a", "answers.seats": "viele"})

    again = Page.read(answer)
    assert "Frage seats: Bitte geben Sie eine ganze Zahl in Ziffern ein" in again.alert
    assert again.fields["answers.seats"] == "viele"


@pytest.mark.parametrize(
    "button",
    [
        {"show": "segment", "segment": "individual"},
        {"show": "zone", "tz": "Asia/Kolkata"},
        {"day": "2026-11-25"},
        {"month": "2026-12"},
        {"choose": LATER},
        {"stamp": "forged"},
        {"email": "x"},
    ],
)
def test_typed_answers_survive_whatever_is_pressed(
    client: FlaskClient, button: dict[str, str]
) -> None:
    page = choose(client, START, address="/demo?segment=team")

    again = Page.read(send(client, page, **DETAILS | ANSWERED | {"answers.wish": HOSTILE} | button))

    assert {name: again.fields.get(name) for name in ANSWERED} == ANSWERED | {
        "answers.wish": HOSTILE
    }


def test_hostile_labels_are_escaped(client: FlaskClient, transaction: UnitOfWork) -> None:
    options = [{"value": HOSTILE, "label": {"de": HOSTILE}}, OPTIONS[0]]
    ask(
        transaction,
        [
            make_question(
                "few", label={"de": HOSTILE}, kind="choice", required=True, options=options
            ),
            make_question("many", label={"de": HOSTILE}, kind="choice", options=options),
        ],
    )
    page = choose(client, START)

    answer = send(client, page, **DETAILS | {"answers.many": HOSTILE})

    assert b"<script>alert" not in answer.data
    again = Page.read(answer)
    assert f"{HOSTILE}: Bitte wählen Sie eine Antwort." in again.alert
    assert again.fields["answers.many"] == HOSTILE
    assert send(client, again, **{"answers.few": HOSTILE}).status_code == 303
    assert answers(transaction) == {"few": HOSTILE, "many": HOSTILE}


def test_form_of_before_a_change_shows_what_is_asked_now(
    client: FlaskClient, transaction: UnitOfWork
) -> None:
    page = choose(client, START)
    ask(transaction, [make_question("budget", kind="number", required=True)])

    answer = send(client, page, **DETAILS | ANSWERED)

    again = Page.read(answer)
    assert (answer.status_code, "#answers.budget" in again.links) == (422, True)
    assert send(client, again, **{"answers.budget": "5000"}).status_code == 303
    assert answers(transaction) == {"budget": 5000}


def test_form_sent_again_shows_what_it_has_booked_though_more_is_asked_now(
    client: FlaskClient, transaction: UnitOfWork
) -> None:
    page = choose(client, START)
    booked = send(client, page, **DETAILS | {"answers.few": "a"}).location
    ask(transaction, [*QUESTIONS, make_question("budget", required=True)])

    again = send(client, page, **DETAILS | {"answers.few": "a"})

    assert again.location == booked


def test_link_brings_no_answers(client: FlaskClient) -> None:
    page = open_page(client, f"/demo?segment=team&start={START}&answers.wish=Kaufen%20Sie")

    assert page.fields["answers.wish"] == ""
