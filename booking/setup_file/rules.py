"""What may stand in the single values of a setup file, one small rule a kind of value.

Texts follow the rules of ``booking.fields.rules``; what only operators write is ruled here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Annotated, Any, cast
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo

from booking.availability.wall_clock import read_clock
from booking.fields.rules import (
    clean_email,
    clean_line,
    clean_text,
    clean_time_zone,
    fault,
    normalise_address,
)
from booking.public_holidays import is_region
from booking.setup_file.faults import refusal
from booking.templating import locales

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

MOST_URL = 500
COLOUR = re.compile(r"#[0-9a-fA-F]{6}", re.ASCII)
ORIGIN = re.compile(
    r"(?:(?P<https>https://[a-z0-9-]+(?:\.[a-z0-9-]+)*)|http://(?:localhost|127\.0\.0\.1|\[::1\]))"
    r"(?::(?P<port>[1-9][0-9]{0,4}))?",
    re.ASCII,
)
HIGHEST_PORT = 65_535
MEETING = "{meeting}"
"""In a meeting address: stands for an unguessable id of the meeting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What the database holds already and a setup file may refer to, or must not contradict."""

    addresses: frozenset[str]
    """Of the staff, normalised."""
    notices: Mapping[str, Mapping[str, str]]
    """Texts by locale, by version."""
    locale: str | None
    """The organisation's; None before the first setup file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the rules know beside the value they look at."""

    folder: Path
    """Where the setup file lies."""
    notices: Mapping[str, Mapping[str, str]]
    """The stored ones: texts by locale, by version."""


class Table(BaseModel):
    """A table of the file: no unknown key, no value of a wrong type, never changed."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


def surroundings(info: ValidationInfo) -> Surroundings:
    """Return what the reader handed to the rules."""
    return cast("Surroundings", info.context)


def at_most(length: int) -> Callable[[str], str]:
    """Return a rule that refuses texts of more than ``length`` characters."""

    def rule(text: str) -> str:
        if len(text) > length:
            raise refusal(
                f"must have at most {length} characters", code="text_too_long", max_length=length
            )
        return text

    return rule


def filled(text: str) -> str:
    """Refuse an empty text."""
    if not text:
        raise fault("required")
    return text


def minute_of_day(clock: str) -> int:
    """Return the minutes after midnight of ``HH:MM``; "24:00" is 1440."""
    try:
        return read_clock(clock)
    except ValueError:
        problem = 'must be a time of day such as "09:00", at most "24:00"'
        raise refusal(problem, code="windows") from None


def web_address(url: str) -> str:
    """Return an absolute http(s) address without user and password."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or "@" in parts.netloc or not url.isprintable() or " " in url:
        raise refusal(
            "must be an address that begins with https:// (or http://)", code="web_address"
        )
    return at_most(MOST_URL)(url)


def web_origin(origin: str) -> str:
    """Return an origin as browsers write it: scheme, host and, unless it is the usual one, port."""
    found = ORIGIN.fullmatch(origin.lower())
    if found is None or int(found["port"] or 0) > HIGHEST_PORT:
        raise refusal(
            'must be an origin such as "https://www.example.com": no path, no *, https'
            " (http for this machine alone), a host name in ASCII (xn--…)",
            code="origin",
        )
    return found[0].removesuffix(":443" if found["https"] else ":80")


def fixed_web_address(url: str) -> str:
    """Return a web address in which nothing is to be filled in."""
    if "{" in url or "}" in url:
        raise refusal("must not hold { or }", code="web_address")
    return web_address(url)


def meeting_address(url: str) -> str:
    """Return a web address that may hold ``{meeting}``, in its path or query."""
    rest = url.replace(MEETING, "")
    if "{" in rest or "}" in rest:
        raise refusal(f"knows only {MEETING} as something to be filled in", code="placeholder")
    web_address(rest)
    if MEETING in urlsplit(url).netloc:
        raise refusal(f"must not hold {MEETING} in its host name", code="placeholder")
    return at_most(MOST_URL)(url)


def accent_colour(colour: str) -> str:
    """Return a colour in lower case."""
    if not COLOUR.fullmatch(colour):
        raise refusal('must be a colour such as "#0b5fff"', code="colour")
    return colour.lower()


def known_locale(tag: str) -> str:
    """Refuse a language that has no catalogue."""
    if tag not in locales():
        raise refusal(
            f"must be a language of this program: {', '.join(sorted(locales()))}", code="locale"
        )
    return tag


def known_region(code: str) -> str:
    """Refuse a region whose public holidays are not known."""
    if not is_region(code):
        raise refusal('must be a region whose public holidays are known, such as "DE-BE" or "AT"')
    return code


def unless_empty(rule: Callable[[str], str]) -> Callable[[str], str]:
    """Return ``rule`` for a value that may be left empty."""
    return lambda text: rule(text) if text else ""


def line(most: int, *rules: Callable[[str], str]) -> AfterValidator:
    """Return the rule for a text of one line that is not empty."""
    return _one_after_another(clean_line, filled, *rules, at_most(most))


def paragraphs(most: int) -> AfterValidator:
    """Return the rule for a text of any number of lines that is not empty."""
    return _one_after_another(clean_text, filled, at_most(most))


def whole(lowest: int, highest: int) -> Any:
    """Return the rule for a whole number between both bounds, inclusive."""
    return Field(ge=lowest, le=highest)


def _one_after_another(*rules: Callable[[str], str]) -> AfterValidator:
    return AfterValidator(lambda text: reduce(lambda so_far, rule: rule(so_far), rules, text))


Locale = Annotated[str, AfterValidator(known_locale)]
TimeZone = Annotated[str, AfterValidator(clean_time_zone)]
Address = Annotated[str, AfterValidator(clean_email), AfterValidator(normalise_address)]
Origin = Annotated[str, AfterValidator(at_most(MOST_URL)), AfterValidator(web_origin)]
WebAddress = Annotated[str, AfterValidator(fixed_web_address)]
HolidayRegion = Annotated[str, AfterValidator(unless_empty(known_region))]
MeetingAddress = Annotated[str, AfterValidator(unless_empty(meeting_address))]
