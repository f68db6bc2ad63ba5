"""What a lead tells when booking: the fields, and every fault of them at once.

Where the details came from, a form or the API, is not known here: both hand in plain values, and
``read`` gives them their types or says what is wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)

from booking.errors import FieldError, InvalidFieldsError
from booking.leads.fields import (
    blank_as_none,
    clean_email,
    clean_label,
    clean_line,
    clean_locale,
    clean_name,
    clean_phone,
    clean_text,
    clean_time_zone,
    fault,
    mailbox_of,
    normalise_address,
)
from booking.segment import Segment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic_core import ErrorDetails

__all__ = ["LeadDetails", "mailbox_of", "normalise_address", "read"]

M = TypeVar("M", bound=BaseModel)

MOST_ERRORS = 100
"""More faults than this are not told: an answer should not grow with what was sent."""

CODES = {
    "missing": "required",
    "extra_forbidden": "unknown",
    "int_type": "whole_number",
    "enum": "choice",
    "bool_parsing": "choice",
    "string_pattern_mismatch": "format",
    "string_unicode": "control_characters",
    "greater_than_equal": "out_of_range",
    "less_than_equal": "out_of_range",
    "address_too_long": "too_long",
    "text_too_long": "too_long",
}
"""Our codes for what pydantic finds by itself; our own rules bring theirs."""

# Strict mode would ask for the enum itself; its value must still be exact.
SegmentValue = Annotated[Segment, Field(strict=False)]

Name = Annotated[str, AfterValidator(clean_name), Field(max_length=100)]
Email = Annotated[str, AfterValidator(clean_email)]
TimeZone = Annotated[str, AfterValidator(clean_time_zone)]
Locale = Annotated[str, AfterValidator(clean_locale)]
Company = Annotated[
    str, AfterValidator(clean_label), Field(max_length=200), AfterValidator(blank_as_none)
]
TeamSize = Annotated[int, Field(ge=1, le=100_000)]
Phone = Annotated[str, AfterValidator(clean_phone), AfterValidator(blank_as_none)]
Notes = Annotated[
    str, AfterValidator(clean_text), Field(max_length=2000), AfterValidator(blank_as_none)
]
Reason = Annotated[
    str, AfterValidator(clean_text), Field(max_length=2000), AfterValidator(blank_as_none)
]
NoticeVersion = Annotated[str, AfterValidator(clean_line), Field(max_length=40)]
AnswerAsSent = Annotated[Any, WithJsonSchema({"type": ["string", "integer", "null"]})]
SourceText = Annotated[str, AfterValidator(clean_line), Field(max_length=200)]


class LeadDetails(BaseModel):
    """The lead's own words, cleaned; optional fields that were left blank are None."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    segment: SegmentValue
    name: Name
    email: Email
    time_zone: TimeZone | None = None
    locale: Locale | None = None
    company: Company | None = None
    team_size: TeamSize | None = None
    phone: Phone | None = None
    """E.164."""
    answers: dict[str, AnswerAsSent] = Field(
        default_factory=dict, examples=[{"crm": "hubspot", "seats": 40}]
    )
    """By question key, as they were sent: what they may be, the event type's questions say."""
    notes: Notes | None = None
    source: Annotated[dict[SourceText, SourceText], Field(max_length=10)] = Field(
        default_factory=dict
    )
    """Where the lead came from, such as ``utm_campaign``."""
    notice_version: NoticeVersion | None = None
    marketing_opt_in: bool = False

    @field_validator("team_size")
    @classmethod
    def _team_only(cls, team_size: int | None, info: ValidationInfo) -> int | None:
        if team_size is not None and info.data.get("segment") is Segment.INDIVIDUAL:
            raise fault("conflict")
        return team_size


def read(model: type[M], raw: Mapping[str, Any], *, context: object = None) -> M:
    """Return ``raw`` as a ``model``, whose rules may ask for ``context``.

    Raises:
        InvalidFieldsError: every faulty and every unknown field, in the order of the model.
    """
    try:
        return model.model_validate(raw, context=context)
    except ValidationError as error:
        errors = [_field_error(details) for details in error.errors(include_url=False)]
    # Raised here, so that what was typed does not hang on it as its context.
    raise InvalidFieldsError(list(dict.fromkeys(errors))[:MOST_ERRORS])


def _field_error(details: ErrorDetails) -> FieldError:
    field = ".".join(str(part) for part in details["loc"] if part != "[key]")
    return FieldError(field, _code(details), _limit(details))


def _code(details: ErrorDetails) -> str:
    kind = details["type"]
    if details["input"] is None and kind in {"string_type", "enum"}:
        return "required"
    return CODES.get(kind, "type" if kind.endswith("_type") else kind)


def _limit(details: ErrorDetails) -> int | None:
    """Return the most characters of a text; a table with too many entries has none."""
    return details.get("ctx", {}).get("max_length") if isinstance(details["input"], str) else None
