"""What an event type asks: read from how it is stored, and whom it is for."""

import pytest

from booking.event_types.questions import Option, Question, QuestionKind, read_questions
from booking.segment import Segment
from tests.factories import make_question


def question(*segments: str) -> Question:
    """Return a question that these segments are asked."""
    return read_questions([make_question("crm", segments=segments)])[0]


def test_questions_are_read_as_they_are_stored() -> None:
    options = [{"value": "a", "label": {"de": "A"}}, {"value": "b", "label": {"de": "B"}}]
    stored = [
        make_question("seats", kind="number", required=True, segments=["team"]),
        make_question("crm", kind="choice", options=options),
    ]

    assert read_questions(stored) == (
        Question(
            key="seats",
            label={"de": "Frage seats", "en": "Question seats"},
            kind=QuestionKind.NUMBER,
            required=True,
            segments=(Segment.TEAM,),
            options=(),
        ),
        Question(
            key="crm",
            label={"de": "Frage crm", "en": "Question crm"},
            kind=QuestionKind.CHOICE,
            required=False,
            segments=(Segment.INDIVIDUAL, Segment.TEAM),
            options=(Option(value="a", label={"de": "A"}), Option(value="b", label={"de": "B"})),
        ),
    )


def test_question_is_answered_in_a_field_of_its_own() -> None:
    assert question("team").field == "answers.crm"


@pytest.mark.parametrize(
    ("segments", "segment", "is_for"),
    [
        (["team"], Segment.TEAM, True),
        (["team"], Segment.INDIVIDUAL, False),
        (["team"], None, False),
        (["individual", "team"], Segment.INDIVIDUAL, True),
        (["individual", "team"], None, True),
    ],
)
def test_question_is_for_the_segments_that_it_names(
    segments: list[str], segment: Segment | None, *, is_for: bool
) -> None:
    assert question(*segments).is_for(segment) == is_for
