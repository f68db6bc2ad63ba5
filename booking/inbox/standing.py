"""How far a lead has come, told by all of its bookings and wishes.

Pure: whoever asks hands in the requests of one lead, in any order.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from booking.bookings.lifecycle import BookingState, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from booking.segment import Segment


class LeadState(StrEnum):
    """Where a lead stands; the values are stored and stand in addresses."""

    REQUESTED = "requested"
    """A wish of theirs is open."""
    OFFERED = "offered"
    """Times were offered, and nothing was booked since."""
    BOOKED = "booked"
    """To come, or not marked yet."""
    MOVED = "moved"
    """The same, at another time than was booked first."""
    ATTENDED = "attended"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    """Every booking."""
    CLOSED = "closed"
    """Nothing but wishes, and all of them are done with."""


OVER = frozenset({LeadState.CANCELLED, LeadState.CLOSED})
"""What tells where a lead stands only where nothing else does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadRequest:
    """One booking or one wish, as far as it tells where its lead stands."""

    came_at: datetime
    state: LeadState
    segment: Segment
    name: str
    email: str
    phone: str | None
    company: str | None
    team_size: int | None
    source: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What all requests of one lead come to: its words are the newest ones."""

    newest: LeadRequest
    state: LeadState
    words: str
    """Every name, company and address it has ever given, as they are searched."""

    @property
    def source(self) -> str:
        """Where the newest request came from; empty where that is not known."""
        return str(self.newest.source.get("utm_source", ""))


def state_of_booking(
    *,
    state: BookingState,
    outcome: Outcome | None,
    start: datetime,
    first_start: datetime,
) -> LeadState:
    """Return where a lead with this booking alone stands."""
    if state is BookingState.CANCELLED:
        return LeadState.CANCELLED
    if outcome is not None:
        return LeadState(outcome.value)
    return LeadState.BOOKED if start == first_start else LeadState.MOVED


def sum_up(requests: Iterable[LeadRequest]) -> Standing:
    """Return the standing of the lead with these requests, of which there is at least one.

    An open wish waits for an answer and so comes before all else. Then the newest request counts
    that was neither cancelled nor closed; if all were, the newest of them.
    """
    newest_first = sorted(requests, key=lambda request: request.came_at, reverse=True)
    deciding = min(newest_first, key=_rank)
    return Standing(
        newest=newest_first[0],
        state=deciding.state,
        words=_words(newest_first),
    )


def as_searched(text: str) -> str:
    """Return ``text`` as it is compared: upper and lower case are one."""
    return " ".join(text.casefold().split())


def _rank(request: LeadRequest) -> int:
    if request.state is LeadState.REQUESTED:
        return 0
    return 2 if request.state in OVER else 1


def _words(requests: Iterable[LeadRequest]) -> str:
    told = (
        as_searched(text)
        for request in requests
        for text in (request.name, request.company, request.email)
        if text
    )
    return "\n".join(dict.fromkeys(told))
