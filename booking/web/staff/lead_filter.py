"""What somebody asks of the list of leads, as it stands in the address of the page.

Read leniently: an address that somebody has shortened or made up shows the list, never an error.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from booking.inbox.list_leads import LeadFilter
from booking.inbox.standing import LeadState
from booking.segment import Segment
from booking.web.days import beginning_of, end_of, read_day
from booking.web.short_ids import find_id
from booking.web.staff.scope import sees_everybody

if TYPE_CHECKING:
    from collections.abc import Mapping

    from booking.web.staff.signed_in import SignedIn

FIELDS = ("q", "segment", "state", "host", "source", "from", "to")
LONGEST = 200


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
            "host": sees_everybody(signed_in) and find_id(typed["host"]) is not None,
            "source": "\0" not in typed["source"],
            "from": read_day(typed["from"]) is not None,
            "to": read_day(typed["to"]) is not None,
        }
        return cls(
            values={name: typed[name] for name in FIELDS if typed[name] and makes_sense[name]}
        )

    def filter(self, *, signed_in: SignedIn) -> LeadFilter:
        """Return the filter; days are those of the reader's own zone."""
        zone_name = signed_in.time_zone
        first, last = (read_day(self.values.get(name)) for name in ("from", "to"))
        segment, state = self.values.get("segment"), self.values.get("state")
        asked_host = find_id(self.values.get("host", ""))
        return LeadFilter(
            seen_by=asked_host if sees_everybody(signed_in) else signed_in.staff_id,
            segment=Segment(segment) if segment else None,
            state=LeadState(state) if state else None,
            source=self.values.get("source", ""),
            came_from=beginning_of(first, zone_name=zone_name) if first else None,
            came_before=end_of(last, zone_name=zone_name) if last else None,
            text=self.values.get("q", ""),
        )
