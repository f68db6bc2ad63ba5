"""What a setup file says of one segment of an event type, where it differs from the others."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from booking.availability.minutes import MINUTES_A_DAY
from booking.setup_file.faults import refusal
from booking.setup_file.question_entry import SegmentName
from booking.setup_file.rules import Table, whole
from booking.setup_file.staff_entry import WorkingHoursEntry, united_week

MINUTES_A_YEAR = 366 * MINUTES_A_DAY

Reminder = Annotated[int, whole(1, MINUTES_A_YEAR)]
Notice = Annotated[int, whole(0, MINUTES_A_YEAR)]
Limit = Annotated[int, whole(0, 1000)]


def distinct(numbers: list[int]) -> list[int]:
    """Refuse a number that is named twice."""
    if len(set(numbers)) < len(numbers):
        raise refusal("names the same number twice", code="repeated")
    return numbers


Reminders = Annotated[list[Reminder], AfterValidator(distinct)]


class SegmentRuleEntry(Table):
    """One table of ``segment_rules``; what is left out is as the event type has it."""

    segment: SegmentName
    hours: Annotated[list[WorkingHoursEntry], Field(min_length=1)] | None = None
    minimum_notice_minutes: Notice | None = None
    max_per_day: Limit | None = None
    max_per_week: Limit | None = None
    reminders_minutes_before: Reminders | None = None

    def columns(self) -> dict[str, Any]:
        """Return what is stored beside the segment."""
        hours = None if self.hours is None else [list(span) for span in united_week(self.hours)]
        return self.model_dump(exclude={"segment", "hours"}) | {"hours": hours}
