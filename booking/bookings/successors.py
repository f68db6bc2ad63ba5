"""Who might take demos over: who is free then, whose turn it is, and what stands against others.

However many demos are asked about, each kind of fact is loaded once an event type.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from booking.availability.assignment import rank_hosts
from booking.availability.explain import explain
from booking.bookings.authority import ONCE_SETTLED, OVERRULABLE
from booking.bookings.candidates import load_candidates
from booking.bookings.facts import load_facts
from booking.bookings.models import MeetingHost
from booking.bookings.pool import list_active_pool
from booking.event_types.find import policy_of
from booking.event_types.models import EventType
from booking.staff.models import Staff

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.availability.explain import ReasonCode
    from booking.availability.facts import HostFacts
    from booking.bookings.models import Booking
    from booking.segment import Segment

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Successor:
    """A colleague who might take a demo over."""

    staff: Staff
    rank: int | None
    """Whose turn it is, from 1; None: not in the pool."""
    obstacles: tuple[ReasonCode, ...]
    """What stands against them then."""

    @property
    def is_free(self) -> bool:
        """Tell whether nothing stands against them."""
        return not self.obstacles

    @property
    def is_possible(self) -> bool:
        """Tell whether what stands against them can be set aside."""
        return OVERRULABLE.issuperset(self.obstacles)


def list_successors(booking: Booking, *, now: datetime, session: Session) -> list[Successor]:
    """Return every colleague, those first who are free, and of these the pool by whose turn it is.

    Those after them are free only if a rule is set aside, or not at all.
    """
    return list_successors_of([booking], now=now, session=session)[booking.id]


def list_successors_of(
    bookings: Sequence[Booking], *, now: datetime, session: Session
) -> dict[int, list[Successor]]:
    """Return the successors of each of ``bookings``, as ``list_successors`` does, by its id."""
    staff = session.scalars(select(Staff).where(Staff.active).order_by(Staff.name, Staff.id)).all()
    present = _list_present(bookings, session=session)
    by_type: defaultdict[int, list[Booking]] = defaultdict(list)
    for booking in bookings:
        by_type[booking.meeting.event_type_id].append(booking)
    found: dict[int, list[Successor]] = {}
    for event_type_id, those in by_type.items():
        event_type = session.get_one(EventType, event_type_id)
        facts = _load_facts(event_type, those, staff=staff, now=now, session=session)
        orders = {
            segment: _order(event_type, segment=segment, now=now, session=session)
            for segment in {booking.segment for booking in those}
        }
        for booking in those:
            host_ids = present[booking.meeting_id]
            found[booking.id] = _successors(
                booking,
                event_type=event_type,
                facts=[host for host in facts if host.host_id not in host_ids],
                staff=[one for one in staff if one.id not in host_ids],
                order=[one for one in orders[booking.segment] if one not in host_ids],
                now=now,
            )
    return found


def _successors(
    booking: Booking,
    *,
    event_type: EventType,
    facts: list[HostFacts],
    staff: list[Staff],
    order: list[int],
    now: datetime,
) -> list[Successor]:
    ranks = {host_id: rank for rank, host_id in enumerate(order, start=1)}
    against: defaultdict[int, list[ReasonCode]] = defaultdict(list)
    policy = policy_of(event_type, segment=booking.segment)
    start = booking.meeting.starts_at
    for reason in explain(policy, facts, start=start, now=now):
        if reason.code not in ONCE_SETTLED:
            against[reason.host_id].append(reason.code)
    successors = [
        Successor(staff=one, rank=ranks.get(one.id), obstacles=tuple(against[one.id]))
        for one in staff
    ]
    last = len(ranks) + 1
    return sorted(
        successors, key=lambda one: (not one.is_free, not one.is_possible, one.rank or last)
    )


def _load_facts(
    event_type: EventType,
    bookings: Sequence[Booking],
    *,
    staff: Sequence[Staff],
    now: datetime,
    session: Session,
) -> list[HostFacts]:
    """Return what stands in the calendars of ``staff`` around the demos.

    A demo takes no time of those who do not give it, so none has to be left out.
    """
    starts = [booking.meeting.starts_at for booking in bookings]
    return load_facts(
        event_type,
        host_ids=[one.id for one in staff],
        start=min(starts),
        end=max(starts) + ONE_DAY,
        now=now,
        session=session,
    )


def _order(
    event_type: EventType, *, segment: Segment, now: datetime, session: Session
) -> tuple[int, ...]:
    """Return the pool by whose turn it is."""
    pool = list_active_pool(event_type, segment=segment, session=session)
    return rank_hosts(load_candidates(pool, now=now, session=session)).order


def _list_present(bookings: Sequence[Booking], *, session: Session) -> dict[int, set[int]]:
    """Return who gives each meeting."""
    present: defaultdict[int, set[int]] = defaultdict(set)
    rows = session.execute(
        select(MeetingHost.meeting_id, MeetingHost.host_id).where(
            MeetingHost.meeting_id.in_([booking.meeting_id for booking in bookings]),
            MeetingHost.active,
        )
    )
    for meeting_id, host_id in rows:
        present[meeting_id].add(host_id)
    return present
