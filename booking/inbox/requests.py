"""Loads every booking and every wish of some leads, as far as their standing needs them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from booking.bookings.lifecycle import BookingState
from booking.bookings.models import Booking, Meeting, MeetingHost
from booking.bookings.whose import load_hosts_ever
from booking.inbox.standing import LeadRequest, LeadState, Standing, state_of_booking, sum_up
from booking.wishes.models import Wish, WishState

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.orm import InstrumentedAttribute, Session

    AnyRow = Row[*tuple[Any, ...]]

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
class Part:
    """One booking or one wish of a lead, and whose it is."""

    request: LeadRequest
    demo: BookedDemo | None
    """None: a wish."""
    host_ids: frozenset[int]
    """In whose calendar the booking stands or stood; who has taken the wish."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadFacts:
    """All there is of one lead, or what one host may know of it; at least one part."""

    parts: tuple[Part, ...]

    def seen_by(self, reader: int | None) -> LeadFacts | None:
        """Return what of it is a host's own, None where nothing is; None sees all of it."""
        own = tuple(part for part in self.parts if reader is None or reader in part.host_ids)
        return LeadFacts(parts=own) if own else None

    @property
    def standing(self) -> Standing:
        """What its requests come to."""
        return sum_up(part.request for part in self.parts)

    @property
    def demos(self) -> list[BookedDemo]:
        """The demos of its bookings."""
        return [part.demo for part in self.parts if part.demo is not None]

    @property
    def present_host_ids(self) -> tuple[int, ...]:
        """Who gives, gave or was to give the newest demo; nobody where there is none."""
        newest = max(self.demos, key=lambda demo: demo.came_at, default=None)
        return () if newest is None else newest.host_ids

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
        """Everybody who has a part of it."""
        return frozenset[int]().union(*(part.host_ids for part in self.parts))


def load_facts_of_leads(lead_ids: Collection[int], *, session: Session) -> Mapping[int, LeadFacts]:
    """Return the facts by lead; who has neither booking nor wish is not among them."""
    parts: dict[int, list[Part]] = defaultdict(list)
    bookings = _bookings(lead_ids, session=session)
    hosts_ever = load_hosts_ever(bookings, session=session)
    for booking_id, rows in bookings.items():
        parts[rows[0].lead_id].append(
            Part(request=_booked(rows[0]), demo=_demo(rows), host_ids=hosts_ever[booking_id])
        )
    for wish in _wishes(lead_ids, session=session):
        taken_by = frozenset(() if wish.assigned_to is None else (wish.assigned_to,))
        parts[wish.lead_id].append(Part(request=_wished(wish), demo=None, host_ids=taken_by))
    return {lead_id: LeadFacts(parts=tuple(of_lead)) for lead_id, of_lead in parts.items()}


def _bookings(lead_ids: Collection[int], *, session: Session) -> dict[int, list[AnyRow]]:
    """Return the rows by booking, one for each of its hosts, the lowest id first."""
    found: dict[int, list[AnyRow]] = defaultdict(list)
    rows = session.execute(
        select(
            *_told(Booking),
            Booking.id,
            Booking.outcome,
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


def _wishes(lead_ids: Collection[int], *, session: Session) -> list[AnyRow]:
    query = select(*_told(Wish), Wish.assigned_to).where(Wish.lead_id.in_(lead_ids))
    return list(session.execute(query))


def _told(table: type[Booking | Wish]) -> list[InstrumentedAttribute[Any]]:
    """Return what a booking and a wish both tell of their lead."""
    return [
        table.lead_id,
        table.state,
        table.segment,
        table.name,
        table.email,
        table.phone,
        table.company,
        table.team_size,
        table.source,
        table.created_at,
    ]


def _demo(rows: list[AnyRow]) -> BookedDemo:
    booking = rows[0]
    return BookedDemo(
        came_at=came_at(booking),
        start=booking.starts_at,
        is_on=booking.state in BOOKED,
        host_ids=tuple(row.host_id for row in rows if row.host_id is not None),
    )


def _booked(booking: AnyRow) -> LeadRequest:
    state = state_of_booking(
        state=booking.state,
        outcome=booking.outcome,
        start=booking.starts_at,
        first_start=booking.first_starts_at,
    )
    return _request(booking, came_at=came_at(booking), state=state)


def _wished(wish: AnyRow) -> LeadRequest:
    return _request(wish, came_at=wish.created_at, state=WISH_STATES[wish.state])


def came_at(request: Booking | Wish | AnyRow) -> datetime:
    """Return when somebody asked for it (UTC): a hold is older than what is then made of it."""
    confirmed_at: datetime | None = getattr(request, "confirmed_at", None)
    created_at: datetime = request.created_at
    return confirmed_at or created_at


def _request(row: AnyRow, *, came_at: datetime, state: LeadState) -> LeadRequest:
    return LeadRequest(
        came_at=came_at,
        state=state,
        segment=row.segment,
        name=row.name or "",
        email=row.email or "",
        phone=row.phone,
        company=row.company,
        team_size=row.team_size,
        source=row.source,
    )
