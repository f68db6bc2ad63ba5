"""What somebody asks of the list of leads, as it stands in the address of the page.

Read leniently: an address that somebody has shortened or made up shows the list, never an error.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Self

from booking.inbox.list_leads import LeadFilter
from booking.inbox.models import EVERYBODY
from booking.inbox.standing import LeadState
from booking.segment import Segment
from booking.time_zone import time_zone
from booking.web.staff.scope import sees_everybody

if TYPE_CHECKING:
    from collections.abc import Mapping

    from booking.web.staff.signed_in import SignedIn

FIELDS = ("q", "segment", "state", "host", "source", "from", "to")
LONGEST = 200
MOST_DIGITS = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedFor:
    """The parameters of an address that mean something."""

    values: Mapping[str, str]

    @classmethod
    def read(cls, query: Mapping[str, str], *, signed_in: SignedIn) -> Self:
        """Return what ``query`` asks for; a host cannot ask for another one's leads."""
        typed = {name: query.get(name, "").strip()[:LONGEST] for name in FIELDS}
        makes_sense = {
            "q": "\0" not in typed["q"],
            "segment": typed["segment"] in set(Segment),
            "state": typed["state"] in set(LeadState),
            "host": sees_everybody(signed_in) and _is_id(typed["host"]),
            "source": "\0" not in typed["source"],
            "from": _date(typed["from"]) is not None,
            "to": _date(typed["to"]) is not None,
        }
        return cls(
            values={name: typed[name] for name in FIELDS if typed[name] and makes_sense[name]}
        )

    def filter(self, *, signed_in: SignedIn) -> LeadFilter:
        """Return the filter; days are those of the reader's own zone."""
        zone = time_zone(signed_in.time_zone)
        first, last = (_date(self.values.get(name, "")) for name in ("from", "to"))
        after_last = last and last + timedelta(days=1)
        segment, state = self.values.get("segment"), self.values.get("state")
        host_id = int(self.values.get("host", EVERYBODY))
        return LeadFilter(
            seen_by=host_id if sees_everybody(signed_in) else signed_in.staff_id,
            segment=Segment(segment) if segment else None,
            state=LeadState(state) if state else None,
            source=self.values.get("source", ""),
            came_from=datetime.combine(first, time(), zone) if first else None,
            came_before=datetime.combine(after_last, time(), zone) if after_last else None,
            text=self.values.get("q", ""),
        )


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS


def _date(text: str) -> date | None:
    try:
        read = date.fromisoformat(text)
    except ValueError:
        return None
    # Beyond these, a zone's offset would leave the calendar.
    return read if 1970 <= read.year <= 9000 else None  # noqa: PLR2004 - years
