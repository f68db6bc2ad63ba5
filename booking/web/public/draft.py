"""What stands in the booking form while it goes back and forth between visitor and server."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Self

from booking.web.public.choice import Choice
from booking.web.public.forms import Stamp, read_typed
from booking.web.refused import faults_told

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from booking.errors import BookingError
    from booking.installation import Installation

STAMP = "stamp"

LEADS_TO = {"choose": "details", "day": "times", "month": "month"}
"""The part of the page that a button of this name leads to."""

PARTS = frozenset({"segment", "times"})
"""Those that a button called ``show`` may lead to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Everything that must come back when the page is shown again."""

    choice: Choice
    typed: Mapping[str, str] = field(default_factory=dict)
    has_details: bool = False
    """Whether the visitor has seen the fields for the details already."""
    stamp: Stamp | None = None
    refusal: BookingError | None = None
    """Why the page is shown again."""
    goes_on_at: str | None = None
    """The part of the page at which the visitor goes on."""

    @classmethod
    def from_link(cls, values: Mapping[str, str]) -> Self:
        """Return the draft with which somebody comes to the page."""
        choice = Choice.read(values)
        return cls(choice=choice, typed=choice.prefill, goes_on_at=_part(values.get("show")))

    @classmethod
    def from_form(
        cls, form: Mapping[str, str], *, now: datetime, installation: Installation
    ) -> Self:
        """Return the draft that was sent."""
        choice = Choice.read(form)
        if STAMP not in form:
            return cls(choice=choice, typed=choice.prefill)
        return cls(
            # What was typed stands in fields from now on, and in no address.
            choice=choice.but(prefill={}, offer=None),
            typed=read_typed(form),
            has_details=True,
            refusal=faults_told(form),
            stamp=Stamp.read(form[STAMP], now=now, installation=installation),
            goes_on_at=next(
                (part for name, part in LEADS_TO.items() if name in form), _part(form.get("show"))
            ),
        )

    def prefilled(
        self, typed: Mapping[str, str], *, source: Mapping[str, str], stamp: Stamp
    ) -> Self:
        """Return the draft with details that are known already, and where their lead came from."""
        return replace(self, choice=self.choice.but(source={**source}), typed=typed, stamp=stamp)

    def choosing(self, **changes: Any) -> Self:
        """Return the draft with ``changes`` to its choice."""
        return replace(self, choice=self.choice.but(**changes))

    def going_on_at(self, part: str) -> Self:
        """Return the draft with the visitor led to that part of the page."""
        return replace(self, goes_on_at=part)

    def refused(self, refusal: BookingError) -> Self:
        """Return the draft as it is shown again because of ``refusal``."""
        return replace(self, refusal=refusal)


def _part(name: str | None) -> str | None:
    return name if name in PARTS else None
