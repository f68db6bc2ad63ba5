"""What an event type asks its leads besides the usual fields, as the setup file has put it.

Stored as JSON with the event type; here it gets its types. Knows no lead, and no answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from booking.segment import Segment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST_QUESTIONS = 10
"""More than this no lead answers."""


class QuestionKind(StrEnum):
    """What an answer is."""

    TEXT = "text"
    CHOICE = "choice"
    """The value of one of the options."""
    NUMBER = "number"
    """A whole one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One of the answers that can be chosen."""

    value: str
    label: Mapping[str, str]
    """Text by locale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question; ``segments`` are those that it is asked."""

    key: str
    label: Mapping[str, str]
    """Text by locale."""
    kind: QuestionKind
    required: bool
    segments: tuple[Segment, ...]
    options: tuple[Option, ...]

    @property
    def field(self) -> str:
        """The name of its field, in forms and where something is wrong."""
        return field_of(self.key)

    def is_for(self, segment: Segment | None) -> bool:
        """Tell whether it is asked ``segment``; None, who has not said: whether everybody is."""
        return set(Segment if segment is None else [segment]) <= set(self.segments)


def field_of(key: str) -> str:
    """Return the name of the field in which ``key`` is answered."""
    return f"answers.{key}"


def read_questions(stored: Iterable[Mapping[str, Any]]) -> tuple[Question, ...]:
    """Return the questions of an event type, in the order in which they are asked."""
    return tuple(
        Question(
            key=question["key"],
            label=question["label"],
            kind=QuestionKind(question["kind"]),
            required=question["required"],
            segments=tuple(Segment(segment) for segment in question["segments"]),
            options=tuple(Option(**option) for option in question["options"]),
        )
        for question in stored
    )
