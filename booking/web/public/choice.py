"""What a visitor has chosen so far, as it stands in the address of the booking page.

Read leniently: an address that somebody has shortened or made up shows the page, never an error.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Self

from booking.segment import Segment
from booking.time_zone import is_time_zone
from booking.web.days import read_day
from booking.web.rfc3339 import read_start, write_start

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

PREFILLED = ("name", "email", "company")
SOURCES = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
LONGEST_SOURCE = 200
LONGEST_PREFILL = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The state of the page but for what was typed; None and empty where nothing was said."""

    segment: Segment | None = None
    time_zone: str | None = None
    month: date | None = None
    day: date | None = None
    start: datetime | None = None
    """UTC."""
    hold: str | None = None
    """The token that keeps ``start``."""
    prefill: dict[str, str] = field(default_factory=dict)
    """Details that came with the link to the page."""
    source: dict[str, str] = field(default_factory=dict)
    """Where the visitor came from."""
    offer: str | None = None
    """The token of an offer, which stands for details that stand in no address."""

    @classmethod
    def read(cls, values: Mapping[str, str]) -> Self:
        """Return the choice that a query or a form tells; what makes no sense is left out."""
        time_zone = values.get("tz", "")
        return cls(
            segment=_segment(values.get("segment", "")),
            time_zone=time_zone if is_time_zone(time_zone) else None,
            month=read_day(f"{values.get('month', '')}-01"),
            day=read_day(values.get("day", "")),
            start=read_start(values.get("start", "")),
            hold=values.get("hold") or None,
            prefill=_texts(values, names=PREFILLED, longest=LONGEST_PREFILL),
            source=_texts(values, names=SOURCES, longest=LONGEST_SOURCE),
            offer=values.get("offer") or None,
        )

    def but(self, **changes: Any) -> Self:
        """Return the choice with ``changes``."""
        return replace(self, **changes)

    def query(self, **changes: Any) -> dict[str, str]:
        """Return the choice, with ``changes``, as parameters of an address."""
        choice = self.but(**changes)
        parameters = {
            "segment": choice.segment,
            "tz": choice.time_zone,
            "month": choice.month and f"{choice.month:%Y-%m}",
            "day": choice.day and choice.day.isoformat(),
            "start": choice.start and write_start(choice.start),
            "hold": choice.hold,
            "offer": choice.offer,
        }
        known = {name: str(value) for name, value in parameters.items() if value}
        return known | choice.prefill | choice.source


def _segment(text: str) -> Segment | None:
    return Segment(text) if text in {segment.value for segment in Segment} else None


def _texts(values: Mapping[str, str], *, names: tuple[str, ...], longest: int) -> dict[str, str]:
    texts = {name: _readable(values.get(name, ""), longest=longest) for name in names}
    return {name: text for name, text in texts.items() if text}


def _readable(text: str, *, longest: int) -> str:
    """Return as much of ``text`` as a lead's details may have of it."""
    printable = "".join(character for character in text if character.isprintable()).strip()
    # Composed before it is cut, and again cut: some characters are composed to several.
    return unicodedata.normalize("NFC", printable[:longest])[:longest]
