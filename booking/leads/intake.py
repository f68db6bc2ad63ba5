"""What a lead tells when booking: which fields there are, and what each may be.

Where the details came from, a form or the API, is not known here: both hand in plain values, and
``booking.fields.read`` gives them their types or says what is wrong.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)

from booking.fields.phone import clean_phone
from booking.fields.read import Email, Name
from booking.fields.rules import (
    blank_as_none,
    clean_label,
    clean_line,
    clean_locale,
    clean_text,
    clean_time_zone,
    fault,
)
from booking.segment import Segment


def _clean_phone(text: str, info: ValidationInfo) -> str:
    """Read a number without a country where its lead lives, else where the organisation does."""
    zones = (info.data.get("time_zone"), info.context)
    return clean_phone(text, time_zones=[zone for zone in zones if zone])


# Strict mode would ask for the enum itself; its value must still be exact.
SegmentValue = Annotated[Segment, Field(strict=False)]

TimeZone = Annotated[str, AfterValidator(clean_time_zone)]
Locale = Annotated[str, AfterValidator(clean_locale)]
Company = Annotated[
    str, AfterValidator(clean_label), Field(max_length=200), AfterValidator(blank_as_none)
]
TeamSize = Annotated[int, Field(ge=1, le=100_000)]
Phone = Annotated[str, AfterValidator(_clean_phone), AfterValidator(blank_as_none)]
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
    """The lead's own words, cleaned; optional fields that were left blank are None.

    They are read in the context of the organisation's time zone, an IANA name.
    """

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
