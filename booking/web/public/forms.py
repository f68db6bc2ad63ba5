"""What a form brings: the signed stamp that makes it count once, and the details as typed."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from itsdangerous import BadSignature, URLSafeSerializer
from pydantic_core import PydanticCustomError

from booking.bookings.answers import read_with_answers
from booking.event_types.questions import QuestionKind, field_of
from booking.leads.fields import clean_line
from booking.leads.intake import LeadDetails
from booking.segment import Segment
from booking.wishes.wished_times import WISHED_FIELDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from booking.event_types.questions import Question
    from booking.installation import Installation

STAMP_LASTS = timedelta(hours=24)
"""As long as an idempotency key is kept: after that, sending again would book again."""

TYPED = ("name", "email", "company", "team_size", "phone", "notes")
"""The fields in which people say who they are, in the order of the page."""

WHOLE_NUMBER = re.compile(r"\d{1,18}")

TRAP = "website"
"""Nobody sees this field; what fills it is no person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """Says that a form came from here, and which sendings of it are one and the same.

    Whoever knows its key is shown what was booked with it. So the key is random, stands in the form
    alone, and never follows from anything that an address carries: addresses are passed on.
    """

    key: str
    issued_at: datetime

    @classmethod
    def new(cls, *, now: datetime) -> Stamp:
        """Return the stamp of a new form."""
        return cls(key=secrets.token_urlsafe(32), issued_at=now)

    @classmethod
    def read(cls, text: str, *, now: datetime, installation: Installation) -> Stamp | None:
        """Return the stamp a form brought; None where it is forged or too old."""
        try:
            key, seconds = _serializer(installation).loads(text)
        except (BadSignature, ValueError):
            return None
        issued_at = datetime.fromtimestamp(seconds, UTC)
        return cls(key=key, issued_at=issued_at) if now < issued_at + STAMP_LASTS else None

    def write(self, *, installation: Installation) -> str:
        """Return the signed text for the hidden field."""
        seconds = int(self.issued_at.timestamp())
        signed = _serializer(installation).dumps([self.key, seconds])
        return signed if isinstance(signed, str) else signed.decode()


def read_typed(form: Mapping[str, str]) -> dict[str, str]:
    """Return the typed fields exactly as they were typed."""
    answers = {name: text for name, text in form.items() if name.startswith(field_of(""))}
    return {name: form.get(name, "") for name in (*TYPED, *WISHED_FIELDS)} | answers


def read_details(
    typed: Mapping[str, str],
    *,
    questions: Sequence[Question],
    segment: Segment | None,
    time_zone: str | None,
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
    return read_with_answers(LeadDetails, raw, questions=questions)


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


def _serializer(installation: Installation) -> URLSafeSerializer:
    oldest_first = list(reversed(installation.secret_keys))
    return URLSafeSerializer(oldest_first, salt="booking-form")
