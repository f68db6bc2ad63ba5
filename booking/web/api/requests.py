"""What the calls take: one model a call, beside the lead's details that forms ask for too."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from flask import request
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from booking.bookings.answers import read_with_answers
from booking.errors import FieldError, InvalidFieldsError
from booking.fields.read import read
from booking.fields.rules import clean_line, fault
from booking.leads.intake import LeadDetails, Reason, SegmentValue, TimeZone
from booking.web.rfc3339 import DateTimeError, parse_instant, parse_query_instant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from booking.event_types.questions import Question

KEY_HEADER = "Idempotency-Key"
KEY_FIELD = "idempotency_key"
LONGEST_KEY = 255


def _reads(parse: Callable[[str], datetime]) -> BeforeValidator:
    def instant(value: Any) -> datetime:
        if not isinstance(value, str):
            raise fault("required" if value is None else "type")
        if not value:
            raise fault("required")
        try:
            return parse(value)
        except DateTimeError as error:
            raise fault(error.code) from None

    return BeforeValidator(instant, json_schema_input_type=datetime)


Instant = Annotated[datetime, _reads(parse_instant)]
QueryInstant = Annotated[datetime, _reads(parse_query_instant)]
# Not the pattern of our own slugs: whatever else is written here is simply not found.
Slug = Annotated[str, AfterValidator(clean_line), Field(max_length=60)]
Token = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,100}$")]


class _Request(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class BookingRequest(LeadDetails):
    """Body of a new booking: what is booked, and by whom."""

    event_type: Slug
    start: Instant
    hold: Token | None = None


class RescheduleRequest(_Request):
    """Body of a move."""

    start: Instant


class CancelRequest(_Request):
    """Body of a cancellation; it may be empty."""

    reason: Reason | None = None


class HoldRequest(_Request):
    """Body of a hold."""

    event_type: Slug
    start: Instant
    segment: SegmentValue


class SlotsQuery(_Request):
    """Query string of the slots; what is not said is None."""

    from_: QueryInstant | None = Field(None, alias="from")
    to: QueryInstant | None = None
    segment: SegmentValue | None = None
    time_zone: TimeZone | None = None
    locale: str | None = None


def read_query() -> SlotsQuery:
    """Return the query string; a parameter without a value counts as not given.

    Raises:
        InvalidFieldsError: every faulty, unknown or repeated parameter.
    """
    repeated = [name for name, values in request.args.lists() if len(values) > 1]
    if repeated:
        raise InvalidFieldsError([FieldError(name, "repeated") for name in repeated])
    return read(SlotsQuery, {name: value for name, value in request.args.items() if value})


def read_booking(
    raw: Mapping[str, Any], *, questions: Sequence[Question], home_time_zone: str
) -> tuple[BookingRequest, str | None]:
    """Return the body and the Idempotency-Key, None without that header.

    Raises:
        InvalidFieldsError: every faulty field, answers and the key among them.
    """
    key = request.headers.get(KEY_HEADER)
    key_errors = [] if key is None else list(_key_faults(key))
    try:
        wanted = read_with_answers(
            BookingRequest, raw, questions=questions, home_time_zone=home_time_zone
        )
    except InvalidFieldsError as error:
        raise InvalidFieldsError([*error.errors, *key_errors]) from None
    if key_errors:
        raise InvalidFieldsError(key_errors)
    return wanted, key


def _key_faults(key: str) -> Iterator[FieldError]:
    """Yield what keeps ``key`` from being 1 to 255 visible ASCII characters."""
    if not key:
        yield FieldError(KEY_FIELD, "required")
    if len(key) > LONGEST_KEY:
        yield FieldError(KEY_FIELD, "too_long", LONGEST_KEY)
    if not (key.isascii() and key.isprintable()):
        yield FieldError(KEY_FIELD, "control_characters")
