"""Reads a lead's details from a form, as visitors type them, and staff on their behalf."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticCustomError

from booking.bookings.answers import read_with_answers
from booking.event_types.questions import QuestionKind
from booking.fields.rules import clean_line
from booking.leads.intake import LeadDetails
from booking.segment import Segment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from booking.event_types.questions import Question

TYPED = ("name", "email", "company", "team_size", "phone", "notes")
"""The fields in which people say who they are, in the order of the page."""

WHOLE_NUMBER = re.compile(r"\d{1,18}")


def read_details(
    typed: Mapping[str, str],
    *,
    questions: Sequence[Question],
    segment: Segment | None,
    time_zone: str | None,
    home_time_zone: str,
    locale: str | None,
    notice_version: str | None,
    source: Mapping[str, str],
) -> LeadDetails:
    """Return the details of the lead.

    Raises:
        InvalidFieldsError: every faulty field at once.
    """
    filled = {name: text for name, text in typed.items() if text.strip()}
    raw: dict[str, Any] = {name: filled[name] for name in TYPED if name in filled}
    # What is hidden from a segment is left out: typed before changing to it, it is no fault.
    if segment is not Segment.TEAM:
        raw.pop("team_size", None)
    if "team_size" in raw:
        raw["team_size"] = _as_number(raw["team_size"])
    raw["answers"] = {
        question.key: _as_answer(filled[question.field], question=question)
        for question in questions
        if question.field in filled and (segment is None or question.is_for(segment))
    }
    if segment is not None:
        raw["segment"] = segment.value
    raw |= {
        "time_zone": time_zone,
        "locale": locale,
        "source": {name: text for name, text in source.items() if _is_plain(text)},
        "notice_version": notice_version,
    }
    return read_with_answers(LeadDetails, raw, questions=questions, home_time_zone=home_time_zone)


def _as_answer(text: str, *, question: Question) -> str | int:
    return _as_number(text) if question.kind is QuestionKind.NUMBER else text


def _as_number(text: str) -> str | int:
    """Return the number that was typed; what is none stays a text, which is then refused."""
    return int(text) if WHOLE_NUMBER.fullmatch(text.strip()) else text


def _is_plain(text: str) -> bool:
    """Tell whether a text may be stored; nobody can mend what came with a link."""
    try:
        clean_line(text)
    except PydanticCustomError:
        return False
    return True
