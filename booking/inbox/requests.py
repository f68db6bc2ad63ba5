"""Loads every booking and every wish of some leads, as far as their standing needs them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from booking.bookings.lifecycle import BookingState
from booking.bookings.models import Booking, Meeting, MeetingHost
from booking.inbox.standing import LeadRequest, LeadState, Standing, state_of_booking, sum_up
from booking.wishes.models import Wish, WishState

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.orm import Session

WISH_STATES = {
    WishState.OPEN: LeadState.REQUESTED,
    WishState.ANSWERED: LeadState.OFFERED,
    WishState.CLOSED: LeadState.CLOSED,
}

BOOKED = (BookingState.PENDING, BookingState.CONFIRMED)


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedDemo:
    """When a booking's demo starts (UTC), and who gives it."""

    came_at: datetime
    start: datetime
    is_on: bool
    host_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadFacts:
    """All there is of one lead."""

    requests: tuple[LeadRequest, ...]
    demos: tuple[BookedDemo, ...]
    assigned_to: frozenset[int]
    """Who has taken one of its wishes."""

    @property
    def standing(self) -> Standing:
        """What its requests come to."""
        return sum_up(self.requests)

    @property
    def present_host_ids(self) -> tuple[int, ...]:
        """Who gives, gave or was to give the newest demo; nobody where there is none."""
        return max(self.demos, key=lambda demo: demo.came_at).host_ids if self.demos else ()

    def next_start(self, *, now: datetime) -> datetime | None:
        """Return when the next demo starts after ``now`` (UTC)."""
        return min(
            (demo.start for demo in self.demos if demo.is_on and demo.start > now), default=None
        )

    def last_start(self, *, now: datetime) -> datetime | None:
        """Return when the last demo up to ``now`` (UTC) has started."""
        past = (demo.start for demo in self.demos if demo.is_on and demo.start <= now)
        return max(past, default=None)

    @property
    def host_ids(self) -> frozenset[int]:
        """Everybody in whose calendar it stands or stood, or who has taken a wish of its."""
        return self.assigned_to.union(*(demo.host_ids for demo in self.demos))


def load_facts_of_leads(lead_ids: Collection[int], *, session: Session) -> Mapping[int, LeadFacts]:
    """Return the facts by lead; who has neither booking nor wish is not among them."""
    demos: dict[int, list[BookedDemo]] = defaultdict(list)
    requests: dict[int, list[LeadRequest]] = defaultdict(list)
    assigned: dict[int, set[int]] = defaultdict(set)
    for rows in _bookings(lead_ids, session=session).values():
        booking = rows[0]
        demos[booking.lead_id].append(_demo(rows))
        requests[booking.lead_id].append(_booked(booking))
    for wish in _wishes(lead_ids, session=session):
        requests[wish.lead_id].append(_wished(wish))
        if wish.assigned_to is not None:
            assigned[wish.lead_id].add(wish.assigned_to)
    return {
        lead_id: LeadFacts(
            requests=tuple(requests[lead_id]),
            demos=tuple(demos[lead_id]),
            assigned_to=frozenset(assigned[lead_id]),
        )
        for lead_id in requests
    }


def _bookings(lead_ids: Collection[int], *, session: Session) -> dict[int, list[Row[Any]]]:
    """Return the rows by booking, one for each of its hosts, the lowest id first."""
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    rows = session.execute(
        select(
            Booking.id,
            Booking.lead_id,
            Booking.state,
            Booking.outcome,
            Booking.segment,
            Booking.name,
            Booking.email,
            Booking.company,
            Booking.team_size,
            Booking.source,
            Booking.created_at,
            Booking.confirmed_at,
            Booking.first_starts_at,
            Meeting.starts_at,
            MeetingHost.host_id,
        )
        .join(Meeting, Booking.meeting_id == Meeting.id)
        .outerjoin(MeetingHost, MeetingHost.meeting_id == Meeting.id)
        .where(Booking.lead_id.in_(lead_ids))
        .order_by(Booking.id, MeetingHost.host_id)
    )
    for row in rows:
        found[row.id].append(row)
    return found


def _wishes(lead_ids: Collection[int], *, session: Session) -> list[Row[Any]]:
    rows = session.execute(
        select(
            Wish.lead_id,
            Wish.state,
            Wish.segment,
            Wish.name,
            Wish.email,
            Wish.company,
            Wish.team_size,
            Wish.source,
            Wish.created_at,
            Wish.assigned_to,
        ).where(Wish.lead_id.in_(lead_ids))
    )
    return list(rows)


def _demo(rows: list[Row[Any]]) -> BookedDemo:
    booking = rows[0]
    return BookedDemo(
        came_at=_came_at(booking),
        start=booking.starts_at,
        is_on=booking.state in BOOKED,
        host_ids=tuple(row.host_id for row in rows if row.host_id is not None),
    )


def _booked(booking: Row[Any]) -> LeadRequest:
    state = state_of_booking(
        state=booking.state,
        outcome=booking.outcome,
        start=booking.starts_at,
        first_start=booking.first_starts_at,
    )
    return _request(booking, came_at=_came_at(booking), state=state)


def _wished(wish: Row[Any]) -> LeadRequest:
    return _request(wish, came_at=wish.created_at, state=WISH_STATES[wish.state])


def _came_at(booking: Row[Any]) -> datetime:
    # A hold is older than what is then made of it.
    came_at: datetime = booking.confirmed_at or booking.created_at
    return came_at


def _request(row: Row[Any], *, came_at: datetime, state: LeadState) -> LeadRequest:
    return LeadRequest(
        came_at=came_at,
        state=state,
        segment=row.segment,
        name=row.name or "",
        email=row.email or "",
        company=row.company,
        team_size=row.team_size,
        source=row.source,
    )
