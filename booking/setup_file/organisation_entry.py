"""What a setup file says of the organisation."""

from __future__ import annotations

from typing import Annotated

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    model_validator,
)

from booking.fields.rules import clean_line
from booking.setup_file.faults import refusal
from booking.setup_file.logo import Logo, read_logo
from booking.setup_file.rules import (
    Address,
    HolidayRegion,
    Locale,
    Origin,
    Table,
    TimeZone,
    WebAddress,
    accent_colour,
    at_most,
    fixed_web_address,
    line,
    paragraphs,
    surroundings,
    unless_empty,
)
from booking.setup_file.years import Day

MOST_ORIGINS = 20
"""All of them are sent with every page that may stand in a frame."""


class NoticeEntry(Table):
    """One version of the privacy notice at the button; beside the version, a text by locale."""

    model_config = ConfigDict(extra="allow")

    version: Annotated[str, line(40)]
    __pydantic_extra__: dict[Locale, Annotated[str, paragraphs(2000)]]

    @property
    def texts(self) -> dict[str, str]:
        """The text by locale."""
        return dict(self.__pydantic_extra__)

    @model_validator(mode="after")
    def _never_changes(self, info: ValidationInfo) -> NoticeEntry:
        if surroundings(info).notices.get(self.version, self.texts) != self.texts:
            raise refusal(
                f'version "{self.version}" was loaded earlier with another text;'
                " give the new text a new version",
                code="version_used",
            )
        return self


class ClosingDayEntry(Table):
    """A date on which the whole company gives no demos."""

    date: Day
    note: Annotated[str, AfterValidator(clean_line), AfterValidator(at_most(200))] = ""


class PlainOrganisation(Table):
    """What is text, one value a key or one a line: a form of the console holds as much."""

    name: Annotated[str, line(200)]
    time_zone: TimeZone
    locale: Locale
    accent: Annotated[str, AfterValidator(accent_colour)] = "#0b5fff"
    contact_email: Address
    imprint_url: WebAddress
    privacy_url: WebAddress
    accessibility_url: Annotated[str, AfterValidator(unless_empty(fixed_web_address))] = ""
    imprint_text: Annotated[str, paragraphs(1000)]
    embed_origins: list[Origin] = Field(default_factory=list, max_length=MOST_ORIGINS)


class OrganisationEntry(PlainOrganisation):
    """The table ``[organisation]``."""

    logo: Annotated[Logo | None, BeforeValidator(read_logo)] = None
    notice: NoticeEntry | None = None
    holiday_region: HolidayRegion = ""
    closing_days: list[ClosingDayEntry] = Field(default_factory=list)
