"""A lead's answers: cleaned or refused one by one, and told to the host in words."""

from typing import Any

import pytest

from booking.bookings.answers import read_answers, read_with_answers, tell_answers
from booking.errors import FieldError, InvalidFieldsError
from booking.event_types.questions import read_questions
from booking.fields.read import MOST_ERRORS
from booking.leads.intake import LeadDetails
from booking.segment import Segment
from tests.factories import make_question

HOME = "Europe/Berlin"
OPTIONS = [
    {"value": "hubspot", "label": {"de": "HubSpot", "en": "HubSpot"}},
    {"value": "none", "label": {"de": "Keines"}},
]
QUESTIONS = read_questions(
    [
        make_question("wish"),
        make_question("crm", kind="choice", options=OPTIONS),
        make_question("seats", kind="number"),
    ]
)
DETAILS = {"segment": "team", "name": "Erika Mustermann", "email": "erika@kunde.example"}


def asked(**changes: Any) -> Any:
    """Return one question, called ``crm``."""
    return read_questions([make_question("crm", **changes)])


def given(**sent: Any) -> dict[str, Any]:
    """Return what is kept of answers that are all right."""
    answers = read_answers(sent, questions=QUESTIONS, segment=Segment.TEAM)
    assert list(answers.errors) == []
    return dict(answers.given)


def faults(
    sent: dict[str, Any], *, questions: Any = QUESTIONS, segment: Segment | None = Segment.TEAM
) -> list[tuple[str, str]]:
    """Return what is wrong with answers."""
    answers = read_answers(sent, questions=questions, segment=segment)
    return [(error.field, error.code) for error in answers.errors]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"wish": " Mu\u0308ller\r\n\u202eLinks: https://a.example "}, "Müller\nLinks: https://a.example"),
        ({"wish": "<script>alert(1)</script>"}, "<script>alert(1)</script>"),
        ({"wish": "x" * 500}, "x" * 500),
        ({"crm": "none"}, "none"),
        ({"seats": 0}, 0),
        ({"seats": 1_000_000_000}, 1_000_000_000),
    ],
)  # fmt: skip
def test_answer_is_kept_clean(sent: dict[str, Any], kept: object) -> None:
    (key,) = sent

    assert given(**sent) == {key: kept}


@pytest.mark.parametrize(
    "sent", [{}, {"wish": None}, {"wish": " \n"}, {"crm": ""}, {"seats": None}]
)
def test_answer_that_was_left_blank_is_none(sent: dict[str, Any]) -> None:
    assert given(**sent) == {}


def test_answers_are_kept_in_the_order_of_the_questions() -> None:
    assert list(given(seats=2, crm="none", wish="Alles")) == ["wish", "crm", "seats"]


@pytest.mark.parametrize(
    ("key", "sent", "code"),
    [
        ("wish", "x" * 501, "too_long"),
        ("wish", "a\0", "control_characters"),
        ("wish", "a\ud800", "control_characters"),
        ("wish", "www.a.example " * 11, "too_many_links"),
        ("wish", "Z" + "\u0300" * 20, "stacked_characters"),
        *(("wish", sent, "type") for sent in (5, True, [], {})),
        *(("crm", sent, "choice") for sent in ("Hubspot", " none", "Keines", 5, True, [], {})),
        *(("seats", sent, "whole_number") for sent in ("5", "", 1.5, True, [], {}, float("nan"))),
        *(("seats", sent, "out_of_range") for sent in (-1, 1_000_000_001, 2**63)),
        ("gone", "x", "unknown"),
        ("gone", None, "unknown"),
    ],
)
def test_answer_of_another_kind_is_refused(key: str, sent: object, code: str) -> None:
    assert faults({key: sent}) == [(f"answers.{key}", code)]


def test_answer_that_is_too_long_is_told_how_long_it_may_be() -> None:
    read = read_answers({"wish": "x" * 501}, questions=QUESTIONS, segment=Segment.TEAM)

    assert list(read.errors) == [FieldError("answers.wish", "too_long", limit=500)]


def test_faults_are_all_told_in_the_order_of_the_questions_and_unknown_ones_last() -> None:
    sent = {"gone": 1, "seats": -1, "crm": "x", "wish": 1}

    assert faults(sent) == [
        ("answers.wish", "type"),
        ("answers.crm", "choice"),
        ("answers.seats", "out_of_range"),
        ("answers.gone", "unknown"),
    ]


def test_faults_do_not_grow_with_what_was_sent() -> None:
    assert len(faults({str(number): 1 for number in range(MOST_ERRORS * 2)})) == MOST_ERRORS


@pytest.mark.parametrize("sent", [{}, {"crm": None}, {"crm": "  "}])
def test_required_answer_must_be_there(sent: dict[str, Any]) -> None:
    assert faults(sent, questions=asked(required=True)) == [("answers.crm", "required")]


@pytest.mark.parametrize(
    ("sent", "segment", "found"),
    [
        ({}, Segment.TEAM, [("answers.crm", "required")]),
        ({}, Segment.INDIVIDUAL, []),
        ({}, None, []),
        ({"crm": " "}, Segment.INDIVIDUAL, []),
        ({"crm": "x"}, Segment.TEAM, []),
        ({"crm": "x"}, Segment.INDIVIDUAL, [("answers.crm", "conflict")]),
        ({"crm": "x"}, None, []),
        ({"crm": 5}, None, [("answers.crm", "type")]),
    ],
)
def test_question_is_asked_its_segments_alone(
    sent: dict[str, Any], segment: Segment | None, found: list[tuple[str, str]]
) -> None:
    questions = asked(required=True, segments=["team"])

    assert faults(sent, questions=questions, segment=segment) == found


def test_details_bring_their_answers_as_they_were_sent() -> None:
    raw = DETAILS | {"answers": {"gone": [1], "crm": "  "}}

    read = read_with_answers(LeadDetails, raw, questions=asked(required=True), home_time_zone=HOME)

    assert read.answers == {"gone": [1], "crm": "  "}


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (
            {"email": "x", "notes": 5, "role": "admin", "answers": {"seats": -1}},
            ["email", "answers.crm", "answers.seats", "notes", "role"],
        ),
        ({"segment": "Team"}, ["segment", "answers.crm"]),
        ({"segment": []}, ["segment", "answers.crm"]),
        ({"answers": []}, ["answers"]),
        ({"answers": None}, ["answers"]),
    ],
)
def test_faults_of_answers_are_told_with_those_of_the_other_fields(
    changes: dict[str, Any], found: list[str]
) -> None:
    with pytest.raises(InvalidFieldsError) as refusal:
        read_with_answers(
            LeadDetails, DETAILS | changes, questions=asked(required=True), home_time_zone=HOME
        )

    assert [error.field for error in refusal.value.errors] == found
    assert refusal.value.__context__ is None


def test_faults_of_all_fields_do_not_grow_with_what_was_sent() -> None:
    raw = {"email": "x", "answers": {str(number): 1 for number in range(MOST_ERRORS * 2)}}

    with pytest.raises(InvalidFieldsError) as refusal:
        read_with_answers(LeadDetails, raw, questions=(), home_time_zone=HOME)

    assert len(refusal.value.errors) == MOST_ERRORS


@pytest.mark.parametrize(
    ("locale", "told"),
    [
        (
            "de",
            [
                ("Frage wish", "A\nB"),
                ("Frage crm", "Keines"),
                ("Frage seats", "0"),
                ("alpha", "7"),
                ("beta", "x"),
            ],
        ),
        (
            "en",
            [
                ("Question wish", "A\nB"),
                ("Question crm", "Keines"),
                ("Question seats", "0"),
                ("alpha", "7"),
                ("beta", "x"),
            ],
        ),
    ],
)
def test_answers_are_told_in_words(locale: str, told: list[tuple[str, str]]) -> None:
    stored = {"beta": "x", "seats": 0, "crm": "none", "alpha": 7, "wish": "A\nB"}

    assert tell_answers(stored, questions=QUESTIONS, locale=locale, fallback="de") == told


def test_option_that_is_gone_is_told_by_its_value() -> None:
    stored = {"crm": "salesforce"}

    told = tell_answers(stored, questions=QUESTIONS, locale="de", fallback="de")

    assert told == [("Frage crm", "salesforce")]
