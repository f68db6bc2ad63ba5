"""What the calls answer: an allow-list of facts, one model an answer.

Times are told in the zone that was asked for, or that the lead booked in, with their offset.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal

from flask import Response
from pydantic import BaseModel, ConfigDict

from booking.bookings.lifecycle import BookingState
from booking.event_types.questions import QuestionKind
from booking.segment import Segment
from booking.templating import text_in
from booking.time_zone import time_zone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from booking.availability.engine import Slot
    from booking.bookings.links import BookingLinks
    from booking.bookings.summary import BookingSummary
    from booking.event_types.questions import Question


class OptionAnswer(BaseModel):
    """One of the answers that can be chosen; ``value`` is what is sent."""

    value: str
    label: str


class QuestionAnswer(BaseModel):
    """A question, which a booking answers under its key; ``segments`` are those it is asked."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "key": "crm",
                    "label": "Which CRM do you use?",
                    "kind": "choice",
                    "required": False,
                    "segments": ["team"],
                    "options": [
                        {"value": "hubspot", "label": "HubSpot"},
                        {"value": "none", "label": "None"},
                    ],
                }
            ]
        }
    )

    key: str
    label: str
    kind: QuestionKind
    required: bool
    segments: list[Segment]
    options: list[OptionAnswer]
    """Empty but with kind choice."""


class EventTypeAnswer(BaseModel):
    """What can be booked, in the asker's language."""

    slug: str
    title: str
    description: str
    duration_minutes: int
    segments: list[Segment]
    questions: list[QuestionAnswer]


class EventTypesAnswer(BaseModel):
    """All published event types, by slug, and the privacy notice to show beside the button."""

    event_types: list[EventTypeAnswer]
    notice_version: str | None


class SlotAnswer(BaseModel):
    """An offered time, half-open."""

    start: datetime
    end: datetime


class SlotsAnswer(BaseModel):
    """The offered times, sorted."""

    time_zone: str
    slots: list[SlotAnswer]


class HostAnswer(BaseModel):
    """Who gives the demo."""

    name: str


class BookingFacts(BaseModel):
    """One booking, as its lead may see it; ``id`` opens nothing, ``token`` does."""

    id: str
    token: str
    state: BookingState
    start: datetime
    end: datetime
    segment: Segment
    event_type: str
    host: HostAnswer
    hosts: list[HostAnswer]
    manage_url: str
    invite_url: str
    uid: str
    sequence: int


class BookingAnswer(BaseModel):
    """Answer of everything that is done to a booking."""

    booking: BookingFacts


class ReceivedAnswer(BaseModel):
    """All that is told where the owner of the address wants no bookings; nothing was booked."""

    state: Literal["received"] = "received"


class HoldFacts(BaseModel):
    """A hold; ``expires_at`` is UTC."""

    token: str
    expires_at: datetime


class HoldAnswer(BaseModel):
    """Answer of a hold."""

    hold: HoldFacts


def tell_question(question: Question, *, locale: str, fallback: str) -> QuestionAnswer:
    """Return ``question`` in the language ``locale``."""
    texts = {"locale": locale, "fallback": fallback}
    return QuestionAnswer(
        key=question.key,
        label=text_in(question.label, **texts),
        kind=question.kind,
        required=question.required,
        segments=list(question.segments),
        options=[
            OptionAnswer(value=option.value, label=text_in(option.label, **texts))
            for option in question.options
        ],
    )


def tell_slots(slots: Sequence[Slot], *, zone: str) -> list[SlotAnswer]:
    """Return ``slots`` in the time zone ``zone``."""
    local = time_zone(zone)
    return [
        SlotAnswer(start=slot.start.astimezone(local), end=slot.end.astimezone(local))
        for slot in slots
    ]


def tell_booking(summary: BookingSummary, *, links: BookingLinks) -> BookingAnswer:
    """Return what the lead may know of a booking, its times in the lead's zone."""
    booking, meeting = summary.booking, summary.meeting
    zone = time_zone(booking.time_zone or summary.organisation.time_zone)
    hosts = [HostAnswer(name=host.name) for host in summary.hosts]
    return BookingAnswer(
        booking=BookingFacts(
            id=booking.public_id,
            token=links.token,
            state=booking.state,
            start=meeting.starts_at.astimezone(zone),
            end=meeting.ends_at.astimezone(zone),
            segment=booking.segment,
            event_type=summary.event_type.slug,
            host=hosts[0],
            hosts=hosts,
            manage_url=links.manage,
            invite_url=links.invite,
            uid=meeting.uid,
            sequence=meeting.sequence,
        )
    )


def json_response(answer: BaseModel | str, *, status: int = 200) -> Response:
    """Return ``answer``, or the text of one that was kept, as a JSON response."""
    text = answer if isinstance(answer, str) else answer.model_dump_json()
    return Response(text, status=status, mimetype="application/json")
