"""What a setup file says of one event type: the texts, the rules, the pool of hosts."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from booking.availability.minutes import MINUTES_A_DAY
from booking.availability.policy import HostsNeeded
from booking.event_types.models import LocationKind
from booking.event_types.questions import MOST_QUESTIONS
from booking.fields.rules import clean_line
from booking.segment import Segment
from booking.setup_file.faults import refusal
from booking.setup_file.question_entry import QuestionEntry, SegmentName
from booking.setup_file.rules import (
    Address,
    Locale,
    Table,
    at_most,
    line,
    meeting_address,
    paragraphs,
    unless_empty,
    whole,
)
from booking.setup_file.segment_rule_entry import Limit, Notice, Reminders, SegmentRuleEntry

MOST_SLUG = 60
MOST_STARTS = 40_000
"""From today to the horizon, if somebody worked day and night: a page looks at every one."""
MOST_AGENDA_ITEMS = 5
"""More than this nobody reads before a demo of half an hour."""
SLUG = re.compile(r"[a-z0-9]+(-+[a-z0-9]+)*", re.ASCII)
RESERVED_SLUGS = frozenset({"api", "b", "dev", "embed", "feeds", "health", "staff", "static"})
"""First parts of paths that are something else."""

GROUP_DEMO = "must be 1: group demos (several leads in one meeting) are not built yet"


def free_slug(slug: str) -> str:
    """Return a slug that no other page lies under."""
    if not SLUG.fullmatch(slug) or len(slug) > MOST_SLUG:
        raise refusal(
            f"must be of a–z, 0–9 and - (inside), at most {MOST_SLUG} characters", code="slug"
        )
    if slug in RESERVED_SLUGS:
        raise refusal("is reserved for other pages", code="reserved")
    return slug


class LocationEntry(Table):
    """How lead and host meet."""

    kind: Annotated[LocationKind, Field(strict=False)]
    url: Annotated[
        str,
        AfterValidator(clean_line),
        AfterValidator(at_most(500)),
        Field(validate_default=True),
    ] = ""

    @field_validator("url")
    @classmethod
    def _fits_kind(cls, url: str, info: ValidationInfo) -> str:
        kind = info.data.get("kind")
        if kind is LocationKind.VIDEO:
            return unless_empty(meeting_address)(url)
        if kind is LocationKind.PHONE and url:
            raise refusal("must be empty: with phone, the lead is called", code="not_with_phone")
        if kind is LocationKind.ADDRESS and not url:
            raise refusal("must say the address to come to", code="no_address")
        return url


class HostEntry(Table):
    """A staff member who gives this demo, to some segments, with a weight in each pool."""

    email: Address
    segments: Annotated[list[SegmentName], Field(min_length=1)] | None = None
    """None: all that the event type is for."""
    weight: Annotated[int, whole(1, 1000)] = 1


class EventTypeEntry(Table):
    """One table of ``[[event_types]]``."""

    slug: Annotated[str, AfterValidator(free_slug)]
    published: bool = True
    title: dict[Locale, Annotated[str, line(100)]]
    description: dict[Locale, Annotated[str, paragraphs(2000)]] = Field(default_factory=dict)
    agenda: list[dict[Locale, Annotated[str, line(200)]]] = Field(
        default_factory=list, max_length=MOST_AGENDA_ITEMS
    )
    duration_minutes: Annotated[int, whole(1, MINUTES_A_DAY)] = 30
    slot_interval_minutes: Annotated[int, whole(5, MINUTES_A_DAY)] = 30
    buffer_before_minutes: Annotated[int, whole(0, MINUTES_A_DAY)] = 0
    buffer_after_minutes: Annotated[int, whole(0, MINUTES_A_DAY)] = 0
    minimum_notice_minutes: Notice = 120
    minimum_change_notice_minutes: Notice = 60
    horizon_days: Annotated[int, whole(0, 730)] = 60
    max_per_day: Limit = 0
    max_per_week: Limit = 0
    hold_minutes: Annotated[int, whole(1, 60)] = 5
    capacity: Annotated[int, whole(1, 1000)] = 1
    hosts_needed: Annotated[HostsNeeded, Field(strict=False)] = HostsNeeded.ANY
    prefer_known_host: bool = False
    segments: list[SegmentName] = Field(default=list(Segment), min_length=1)
    questions: list[QuestionEntry] = Field(default_factory=list, max_length=MOST_QUESTIONS)
    location: LocationEntry = LocationEntry(kind=LocationKind.VIDEO)
    reminders_minutes_before: Reminders = Field(default=[1440, 60])
    segment_rules: list[SegmentRuleEntry] = Field(default_factory=list)
    hosts: list[HostEntry] = Field(min_length=1)

    @field_validator("horizon_days")
    @classmethod
    def _few_starts(cls, days: int, info: ValidationInfo) -> int:
        most = MOST_STARTS * info.data.get("slot_interval_minutes", MINUTES_A_DAY) // MINUTES_A_DAY
        if days > most:
            raise refusal(
                f"must be at most {most} with this slot_interval_minutes", code="many_starts"
            )
        return days

    @field_validator("capacity")
    @classmethod
    def _one_lead_a_meeting(cls, capacity: int) -> int:
        if capacity > 1:
            raise refusal(GROUP_DEMO)
        return capacity

    def offered_segments(self) -> list[str]:
        """Return the segments by value, each once, in the order in which the product names them."""
        return [segment.value for segment in Segment if segment in self.segments]

    def stored_questions(self) -> list[dict[str, Any]]:
        """Return the questions as they are stored, each with the segments that it is asked."""
        offered = self.offered_segments()
        return [question.stored(offered=offered) for question in self.questions]

    def rules_by_segment(self) -> dict[Segment, dict[str, Any]]:
        """Return what is stored of each segment that has rules of its own."""
        return {rule.segment: rule.columns() for rule in self.segment_rules}

    def pool(self) -> dict[tuple[str, Segment], int]:
        """Return the weight by host address and segment."""
        return {
            (host.email, segment): host.weight
            for host in self.hosts
            for segment in (host.segments or self.segments)
        }
