"""What a setup file says of one staff member: the person, the hours, the absences.

Wall times are the staff member's own. What is worked out of them is what the tables hold.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from booking.availability.minutes import Span, unite
from booking.availability.wall_clock import is_empty, starts_on_its_date, window_between
from booking.fields.rules import clean_line, clean_name
from booking.setup_file.faults import refusal
from booking.setup_file.rules import (
    Address,
    HolidayRegion,
    MeetingAddress,
    Table,
    TimeZone,
    at_most,
    line,
    minute_of_day,
)
from booking.setup_file.years import Day, within_years
from booking.staff.host_rules import MOST_DATES, MOST_WINDOWS
from booking.staff.models import Role
from booking.time_zone import instant_of

if TYPE_CHECKING:
    from collections.abc import Sequence


class Weekday(StrEnum):
    """The days as the file names them."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


WEEKDAYS = tuple(Weekday)
"""In the order of ``datetime.date.weekday``: 0 is Monday."""


class WindowEntry(Table):
    """A stretch of one local date."""

    from_: Annotated[str, Field(alias="from")]
    to: str

    @field_validator("from_")
    @classmethod
    def _from_on_its_date(cls, clock: str) -> str:
        if not starts_on_its_date(minute_of_day(clock)):
            raise refusal('must be a time of day before "24:00"', code="windows")
        return clock

    @field_validator("to")
    @classmethod
    def _to_differs(cls, clock: str, info: ValidationInfo) -> str:
        if is_empty(minute_of_day(info.data.get("from_", "24:00")), minute_of_day(clock)):
            raise refusal(
                'must differ from "from"; "00:00" to "24:00" is a whole day', code="windows"
            )
        return clock

    @property
    def span(self) -> Span:
        """The same in minutes after local midnight."""
        return window_between(minute_of_day(self.from_), minute_of_day(self.to))


class WorkingHoursEntry(WindowEntry):
    """A window on some days of every week."""

    days: Annotated[list[Annotated[Weekday, Field(strict=False)]], Field(min_length=1)]


def united_week(windows: Sequence[WorkingHoursEntry]) -> list[tuple[int, int, int]]:
    """Return (weekday, from minute, to minute), united a weekday and sorted; 0 is Monday."""
    return [
        (number, start, end)
        for number, day in enumerate(WEEKDAYS)
        for start, end in unite(window.span for window in windows if day in window.days)
    ]


class DateOverrideEntry(Table):
    """The windows that replace the weekly ones of one local date; none = closed."""

    date: Day
    hours: list[WindowEntry] = Field(max_length=MOST_WINDOWS)


class TimeOffEntry(Table):
    """An absence, [from, to) on the staff member's clock, which ``references`` compares."""

    from_: Annotated[datetime, Field(alias="from")]
    to: datetime
    note: Annotated[str, AfterValidator(clean_line), AfterValidator(at_most(200))] = ""

    @field_validator("from_", "to")
    @classmethod
    def _local(cls, moment: datetime) -> datetime:
        if moment.tzinfo is not None:
            raise refusal("must be local to the staff member: without an offset")
        return within_years(moment)


class BusyEntry(Table):
    """An interval [from, to) of instants in which the staff member cannot be booked."""

    from_: Annotated[datetime, Field(alias="from")]
    to: datetime

    @field_validator("from_", "to")
    @classmethod
    def _instant(cls, moment: datetime) -> datetime:
        if moment.tzinfo is None:
            raise refusal("must be an instant: with an offset such as +01:00")
        try:
            return within_years(moment.astimezone(UTC))
        except OverflowError as error:
            raise refusal("lies outside the calendar") from error

    @field_validator("to")
    @classmethod
    def _forward(cls, moment: datetime, info: ValidationInfo) -> datetime:
        start = info.data.get("from_")
        if start is not None and moment <= start:
            raise refusal("must be later than from")
        return moment


class StaffProfile(Table):
    """What people may say of themselves: a form of the console holds as much."""

    name: Annotated[str, line(100, clean_name)]
    meeting_url: MeetingAddress = ""


class StaffEntry(StaffProfile):
    """One table of ``[[staff]]``."""

    email: Address
    role: Annotated[Role, Field(strict=False)] = Role.HOST
    time_zone: TimeZone
    active: bool = True
    holiday_region: HolidayRegion | None = None
    """None: the organisation's; empty: nobody's."""
    working_hours: list[WorkingHoursEntry] = Field(default_factory=list)
    date_overrides: list[DateOverrideEntry] = Field(default_factory=list, max_length=MOST_DATES)
    time_off: list[TimeOffEntry] = Field(default_factory=list)
    busy: list[BusyEntry] = Field(default_factory=list)

    @field_validator("working_hours")
    @classmethod
    def _few_a_day(cls, windows: list[WorkingHoursEntry]) -> list[WorkingHoursEntry]:
        for day in WEEKDAYS:
            number = sum(day in window.days for window in windows)
            if number > MOST_WINDOWS:
                raise refusal(
                    f'must hold at most {MOST_WINDOWS} windows a day, not {number} of "{day}"'
                )
        return windows

    def weekly_windows(self) -> list[tuple[int, int, int]]:
        """Return (weekday, from minute, to minute), united a weekday and sorted; 0 is Monday."""
        return united_week(self.working_hours)

    def overriding_windows(self) -> list[tuple[date, list[list[int]]]]:
        """Return each overridden local date with its united windows, as pairs of minutes."""
        return [
            (entry.date, [list(span) for span in unite(window.span for window in entry.hours)])
            for entry in self.date_overrides
        ]

    def absences(self) -> list[tuple[datetime, datetime, str]]:
        """Return (start, end, note) of each time off, in UTC."""
        return [
            (
                instant_of(entry.from_, zone=self.time_zone),
                instant_of(entry.to, zone=self.time_zone),
                entry.note,
            )
            for entry in self.time_off
        ]

    def busy_times(self) -> list[tuple[datetime, datetime]]:
        """Return (start, end) of each busy time, in UTC."""
        return [(entry.from_, entry.to) for entry in self.busy]
