"""What a setup file says of one question that an event type asks its leads."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from booking.event_types.questions import QuestionKind
from booking.segment import Segment
from booking.setup_file.faults import refusal
from booking.setup_file.rules import Locale, Table, line

MOST_KEY = 40
KEY = re.compile(r"[a-z0-9_]+", re.ASCII)
FEWEST_OPTIONS = 2

SegmentName = Annotated[Segment, Field(strict=False)]


def plain_key(key: str) -> str:
    """Return a key that can stand in names of fields."""
    if not KEY.fullmatch(key) or len(key) > MOST_KEY:
        raise refusal(f"must be of a–z, 0–9 and _, at most {MOST_KEY} characters", code="key")
    return key


class OptionEntry(Table):
    """One of the answers that can be chosen."""

    value: Annotated[str, line(100)]
    label: dict[Locale, Annotated[str, line(100)]]


class QuestionEntry(Table):
    """One table of ``questions``."""

    key: Annotated[str, AfterValidator(plain_key)]
    label: dict[Locale, Annotated[str, line(200)]]
    kind: Annotated[QuestionKind, Field(strict=False)]
    required: bool = False
    segments: Annotated[list[SegmentName], Field(min_length=1)] | None = None
    """None: all that the event type is for."""
    options: list[OptionEntry] = Field(default_factory=list, validate_default=True)

    @field_validator("options")
    @classmethod
    def _fit_kind(cls, options: list[OptionEntry], info: ValidationInfo) -> list[OptionEntry]:
        kind = info.data.get("kind")
        if kind is QuestionKind.CHOICE and len(options) < FEWEST_OPTIONS:
            raise refusal('must hold at least two options: kind is "choice"', code="few_options")
        if kind in {QuestionKind.TEXT, QuestionKind.NUMBER} and options:
            raise refusal('must be empty: only kind "choice" has options', code="no_options")
        return options

    def stored(self, *, offered: list[str]) -> dict[str, Any]:
        """Return the question as ``booking.event_types.questions`` reads it.

        ``offered``: the segments of the event type, in the order of the product.
        """
        asked = offered if self.segments is None else self.segments
        return self.model_dump(mode="json") | {
            "segments": [segment for segment in offered if segment in asked]
        }
