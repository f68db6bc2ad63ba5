"""The signed stamp of a form, and the details as typed."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from booking.errors import InvalidFieldsError
from booking.event_types.questions import Question, read_questions
from booking.installation import Installation
from booking.segment import Segment
from booking.web.public.forms import STAMP_LASTS, Stamp, read_typed
from booking.web.typed_details import read_details
from booking.wishes.wished_times import WISHED_FIELDS
from tests.factories import NOW, make_question

KEYS = ("a" * 32, "b" * 32)
QUESTIONS = read_questions(
    [
        make_question("wish"),
        make_question("seats", kind="number", required=True, segments=["team"]),
    ]
)
TYPED = {"name": "Anna", "email": "anna@kunde.example", "team_size": "12", "company": "  "}


def installation(*keys: str) -> Installation:
    return Installation(base_url="https://example.com", sender="demo@example.com", secret_keys=keys)


def test_stamp_is_read_until_its_day_is_over() -> None:
    stamp = Stamp.new(now=NOW)
    written = stamp.write(installation=installation(*KEYS))

    read = [
        Stamp.read(written, now=NOW + after, installation=installation(*KEYS))
        for after in (timedelta(0), STAMP_LASTS - timedelta(seconds=1), STAMP_LASTS)
    ]

    assert read == [stamp, stamp, None]


def test_stamp_of_an_older_key_is_read_and_of_a_foreign_one_is_not() -> None:
    stamp = Stamp.new(now=NOW)
    written = stamp.write(installation=installation(KEYS[1]))

    assert Stamp.read(written, now=NOW, installation=installation(*KEYS)) == stamp
    assert Stamp.read(written, now=NOW, installation=installation(KEYS[0])) is None


def test_every_form_has_a_key_of_its_own() -> None:
    keys = {Stamp.new(now=NOW).key for _ in range(3)}

    assert len(keys) == 3
    assert min(map(len, keys)) == 43


def details(
    segment: Segment | None, *, questions: Sequence[Question] = (), **typed: str
) -> dict[str, object]:
    read = read_details(
        TYPED | typed,
        questions=questions,
        segment=segment,
        time_zone=None,
        home_time_zone="Europe/Berlin",
        locale="de",
        notice_version=None,
        source={"utm_source": "mail", "utm_term": "x" + "\u0301" * 20},
    )
    return read.model_dump(include={"name", "company", "team_size", "answers", "source"})


def answers(segment: Segment, **typed: str) -> object:
    """Return the answers read from fields called ``answers.<key>``."""
    fields = {f"answers.{key}": text for key, text in typed.items()}
    return details(segment, questions=QUESTIONS, **fields)["answers"]


def test_details_are_what_was_typed() -> None:
    assert details(Segment.TEAM) == {
        "name": "Anna",
        "company": None,
        "team_size": 12,
        "answers": {},
        "source": {"utm_source": "mail"},
    }
    assert details(Segment.INDIVIDUAL)["team_size"] is None


def test_faulty_details_are_told_at_once() -> None:
    with pytest.raises(InvalidFieldsError) as refusal:
        details(None, name="", team_size="zwölf")

    assert [(error.field, error.code) for error in refusal.value.errors] == [
        ("segment", "required"),
        ("name", "required"),
    ]


@pytest.mark.parametrize("team_size", ["9" * 4400, "ten", "1.000"])
def test_team_size_that_is_no_number_is_a_fault_of_its_field(team_size: str) -> None:
    with pytest.raises(InvalidFieldsError) as refusal:
        details(Segment.TEAM, name="Erika", email="erika@kunde.de", team_size=team_size)

    assert [error.field for error in refusal.value.errors] == ["team_size"]


def test_typed_fields_are_ours_and_those_of_questions() -> None:
    form = {"name": " Anna", "answers.wish": "<b>", "answers.gone": "x", "segment": "team"}

    typed = read_typed(form | {"on-1": "morgen"})

    assert typed == dict.fromkeys(WISHED_FIELDS, "") | {
        "on-1": "morgen",
        "name": " Anna",
        "email": "",
        "company": "",
        "team_size": "",
        "phone": "",
        "notes": "",
        "answers.wish": "<b>",
        "answers.gone": "x",
    }


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ({"wish": "Alles", "seats": " 12 "}, {"wish": "Alles", "seats": 12}),
        ({"wish": "  ", "seats": "0"}, {"seats": 0}),
        ({"seats": "zwölf"}, {"seats": "zwölf"}),
        ({"seats": "9" * 4400}, {"seats": "9" * 4400}),
        ({"gone": "x"}, {}),
    ],
)
def test_answers_are_what_was_typed(typed: dict[str, str], read: dict[str, object]) -> None:
    assert answers(Segment.TEAM, **typed) == read


def test_answer_typed_for_the_other_segment_is_left_out() -> None:
    assert answers(Segment.INDIVIDUAL, wish="Alles", seats="12") == {"wish": "Alles"}


def test_missing_answer_and_wrong_email_are_told_together() -> None:
    with pytest.raises(InvalidFieldsError) as refusal:
        details(Segment.TEAM, questions=QUESTIONS, email="x", notes="\0")

    assert [(error.field, error.code) for error in refusal.value.errors] == [
        ("email", "email"),
        ("answers.seats", "required"),
        ("notes", "control_characters"),
    ]
