"""What an event type asks, told over the API, and answered there."""

from collections.abc import Sequence
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from booking.bookings.models import Booking
from booking.event_types.models import EventType
from tests.api_calls import book, faults, stored
from tests.factories import make_question
from tests.fixtures.application import UnitOfWork

pytestmark = pytest.mark.usefixtures("host")

NOTHING = {"booking": 0, "idempotency_key": 0, "lead": 0, "meeting": 0, "message": 0}
CRM = make_question(
    "crm",
    label={"de": "Welches CRM nutzen Sie?", "en": "Which CRM do you use?"},
    kind="choice",
    required=True,
    segments=["team"],
    options=[
        {"value": "hubspot", "label": {"de": "HubSpot", "en": "HubSpot"}},
        {"value": "none", "label": {"de": "Keines"}},
    ],
)
QUESTIONS = [CRM, make_question("seats", kind="number"), make_question("wish")]


def ask(transaction: UnitOfWork, questions: Sequence[dict[str, Any]]) -> None:
    """Let the event type ask ``questions`` from now on."""
    with transaction() as session:
        session.scalars(select(EventType)).one().questions = list(questions)


@pytest.fixture(autouse=True)
def _questions(host: object, transaction: UnitOfWork) -> None:  # noqa: ARG001 - asks in its house
    ask(transaction, QUESTIONS)


def test_questions_are_told_in_the_language_asked_for(client: FlaskClient) -> None:
    answer = client.get("/api/v1/event-types?locale=en")

    both = ["individual", "team"]
    (told,) = answer.get_json()["event_types"]
    assert told["questions"] == [
        {
            "key": "crm",
            "label": "Which CRM do you use?",
            "kind": "choice",
            "required": True,
            "segments": ["team"],
            "options": [
                {"value": "hubspot", "label": "HubSpot"},
                {"value": "none", "label": "Keines"},
            ],
        },
        {
            "key": "seats",
            "label": "Question seats",
            "kind": "number",
            "required": False,
            "segments": both,
            "options": [],
        },
        {
            "key": "wish",
            "label": "Question wish",
            "kind": "text",
            "required": False,
            "segments": both,
            "options": [],
        },
    ]


@pytest.mark.parametrize(
    ("segment", "sent", "kept"),
    [
        ("team", {"crm": "none"}, {"crm": "none"}),
        (
            "team",
            {"wish": " <b>Alles</b>\r\n& mehr ", "seats": 40, "crm": "hubspot"},
            {"crm": "hubspot", "seats": 40, "wish": "<b>Alles</b>\n& mehr"},
        ),
        ("individual", {}, {}),
        ("individual", {"crm": None, "wish": " "}, {}),
    ],
)
def test_answers_are_stored(
    client: FlaskClient,
    transaction: UnitOfWork,
    segment: str,
    sent: dict[str, Any],
    kept: dict[str, Any],
) -> None:
    assert book(client, segment=segment, answers=sent).status_code == 201

    with transaction() as session:
        assert session.scalars(select(Booking.answers)).one() == kept


def test_faulty_answers_are_all_told_and_nothing_is_stored(
    client: FlaskClient, transaction: UnitOfWork
) -> None:
    answer = book(client, answers={"crm": "Excel", "seats": "40", "wish": 5, "gone": 1})

    assert (answer.status_code, faults(answer)) == (
        422,
        {
            ("answers.crm", "choice"),
            ("answers.seats", "whole_number"),
            ("answers.wish", "type"),
            ("answers.gone", "unknown"),
        },
    )
    with transaction() as session:
        assert stored(session) == NOTHING


@pytest.mark.parametrize(
    "changes",
    [
        {"email": "x"},
        {"notice_version": "unknown"},
        {"segment": "individual", "answers": {"crm": "none"}, "email": "x"},
    ],
)
def test_missing_answer_is_told_with_the_other_faults(
    client: FlaskClient, changes: dict[str, Any]
) -> None:
    fields = {field for field, _ in faults(book(client, **changes))}

    assert fields == {"answers.crm", *(changes.keys() - {"answers", "segment"})}


def test_answer_to_a_question_for_the_other_segment_is_a_conflict(client: FlaskClient) -> None:
    answer = book(client, segment="individual", answers={"crm": "none"})

    assert (answer.status_code, faults(answer)) == (422, {("answers.crm", "conflict")})


@pytest.mark.parametrize("event_type", ["nothing", "demo\0", 5, ["demo"], None])
def test_faults_are_told_where_nobody_knows_what_is_asked(
    client: FlaskClient, event_type: object
) -> None:
    found = faults(book(client, event_type=event_type, email="x", answers={"crm": "none"}))

    assert {("email", "email"), ("answers.crm", "unknown")} <= found


def test_request_sent_again_is_answered_though_more_is_asked_now(
    client: FlaskClient, transaction: UnitOfWork
) -> None:
    key = {"Idempotency-Key": "7f3a"}
    first = book(client, headers=key, answers={"crm": "none"})
    ask(transaction, [make_question("budget", required=True)])

    again = book(client, headers=key, answers={"crm": "none"})

    assert (again.status_code, again.get_data()) == (201, first.get_data())
    assert faults(book(client, email="max@kunde.example", answers={"crm": "none"})) == {
        ("answers.budget", "required"),
        ("answers.crm", "unknown"),
    }
