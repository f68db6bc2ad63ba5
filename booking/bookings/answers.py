"""What a lead has answered to an event type's questions: read, and told to the host.

Pure: the questions are handed in, and what was sent comes in plain values, as the API brings them.
What is right is cleaned, what is wrong is told by the name of its field.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic_core import PydanticCustomError

from booking.errors import FieldError, InvalidFieldsError
from booking.event_types.questions import Question, QuestionKind, field_of
from booking.fields.read import MOST_ERRORS, read
from booking.fields.rules import clean_text, fault
from booking.leads.intake import LeadDetails
from booking.segment import Segment
from booking.templating import text_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

D = TypeVar("D", bound=LeadDetails)

Answer = str | int

LONGEST_TEXT = 500
LARGEST_NUMBER = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What could be read, by key in the order of the questions, and everything that is wrong."""

    given: Mapping[str, Answer]
    errors: Sequence[FieldError]


def read_answers(
    sent: Mapping[str, Any], *, questions: Sequence[Question], segment: Segment | None
) -> Answers:
    """Return the answers of a lead of ``segment``; None and blanks count as not answered."""
    given: dict[str, Answer] = {}
    errors: list[FieldError] = []
    for question in questions:
        try:
            answer = _read(sent.get(question.key), question=question, segment=segment)
        except PydanticCustomError as error:
            errors.append(FieldError(question.field, error.type, limit=_limit(error)))
        else:
            if answer is not None:
                given[question.key] = answer
    known = {question.key for question in questions}
    errors += [FieldError(field_of(key), "unknown") for key in sent if key not in known]
    return Answers(given=given, errors=errors[:MOST_ERRORS])


def read_with_answers(
    model: type[D], raw: Mapping[str, Any], *, questions: Sequence[Question], home_time_zone: str
) -> D:
    """Return ``raw`` as a ``model``, its answers as they were sent: booking judges them.

    By then the questions may have changed, and what was booked already must not be judged again.
    The organisation's ``home_time_zone`` stands in where the lead has told none.

    Raises:
        InvalidFieldsError: every faulty field, answers among them, in the order of the model.
    """
    try:
        return read(model, raw, context=home_time_zone)
    except InvalidFieldsError as refusal:
        errors = [*refusal.errors, *_errors_beside(raw, questions=questions)]
    place = {name: number for number, name in enumerate(model.model_fields)}
    errors.sort(key=lambda error: place.get(error.field.partition(".")[0], len(place)))
    raise InvalidFieldsError(errors[:MOST_ERRORS])


def tell_answers(
    given: Mapping[str, Any], *, questions: Sequence[Question], locale: str, fallback: str
) -> list[tuple[str, str]]:
    """Return pairs of question and answer in the language ``locale``, in the order of asking.

    What is no longer asked comes last, under its key; an option that is gone is told by its value.
    """
    texts = {"locale": locale, "fallback": fallback}
    told = []
    for question in questions:
        if question.key in given:
            options = {option.value: text_in(option.label, **texts) for option in question.options}
            answer = given[question.key]
            told.append((text_in(question.label, **texts), options.get(answer, str(answer))))
    known = {question.key for question in questions}
    return [*told, *((key, str(given[key])) for key in sorted(given.keys() - known))]


def _errors_beside(
    raw: Mapping[str, Any], *, questions: Sequence[Question]
) -> Sequence[FieldError]:
    """Return what is wrong with the answers of details that are faulty themselves."""
    sent = raw.get("answers", {})
    if not isinstance(sent, dict):
        return ()
    return read_answers(sent, questions=questions, segment=_segment(raw)).errors


def _segment(raw: Mapping[str, Any]) -> Segment | None:
    try:
        return Segment(str(raw.get("segment")))
    except ValueError:
        return None


def _read(sent: Any, *, question: Question, segment: Segment | None) -> Answer | None:
    answer = None if sent is None else READERS[question.kind](sent, question)
    is_asked = question.is_for(segment)
    if answer is None and question.required and is_asked:
        raise fault("required")
    if answer is not None and segment is not None and not is_asked:
        raise fault("conflict")
    return answer


def _limit(error: PydanticCustomError) -> int | None:
    return (error.context or {}).get("max_length")


def _read_text(sent: Any, _question: Question) -> str | None:
    if not isinstance(sent, str):
        raise fault("type")
    text = clean_text(sent)
    if len(text) > LONGEST_TEXT:
        raise PydanticCustomError("too_long", "too_long", {"max_length": LONGEST_TEXT})
    return text or None


def _read_choice(sent: Any, question: Question) -> str | None:
    if sent == "":
        return None
    chosen = next((option.value for option in question.options if option.value == sent), None)
    if chosen is None:
        raise fault("choice")
    return chosen


def _read_number(sent: Any, _question: Question) -> int:
    # True is an int to Python, and to nobody else.
    if not isinstance(sent, int) or isinstance(sent, bool):
        raise fault("whole_number")
    if not 0 <= sent <= LARGEST_NUMBER:
        raise fault("out_of_range")
    return sent


READERS = {
    QuestionKind.TEXT: _read_text,
    QuestionKind.CHOICE: _read_choice,
    QuestionKind.NUMBER: _read_number,
}
