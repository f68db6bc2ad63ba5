"""The demos that an absence would touch, and what could become of each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from booking.bookings.agenda import list_agenda
from booking.bookings.ask_to_move import can_move
from booking.bookings.successors import list_successors_of
from booking.history import versions_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.availability.interval import Interval
    from booking.bookings.agenda import AgendaEntry
    from booking.bookings.successors import Successor
    from booking.staff.models import Staff


@dataclass(frozen=True, slots=True, kw_only=True)
class TouchedDemo:
    """One demo in the way of an absence."""

    entry: AgendaEntry
    version: int
    """What is decided of it holds for it as it is now."""
    free: tuple[Successor, ...]
    """Colleagues who could take it over; the pool by whose turn it is, then others."""
    proposed: int | None
    """Who of the pool is proposed: one after another, so that not one gets all."""
    can_be_moved: bool
    """Whether its lead can still be asked to choose another time."""

    @property
    def public_id(self) -> str:
        """The booking's id as pages and forms name it."""
        return self.entry.booking.public_id


def list_in_the_way(
    staff: Staff, *, interval: Interval, now: datetime, session: Session
) -> Sequence[AgendaEntry]:
    """Return the demos of ``staff`` in ``interval`` that are not over at ``now`` (UTC)."""
    coming = max(interval.start, now)
    return list_agenda([staff.id], start=coming, end=interval.end, session=session)


def list_touched(
    staff: Staff, *, interval: Interval, now: datetime, session: Session
) -> list[TouchedDemo]:
    """Return the demos in the way of an absence of ``staff``, by start."""
    entries = list_in_the_way(staff, interval=interval, now=now, session=session)
    bookings = [entry.booking for entry in entries]
    versions = versions_of(bookings, session=session)
    successors = list_successors_of(bookings, now=now, session=session)
    taken: Counter[int] = Counter()
    touched = []
    for entry in entries:
        is_to_come = entry.meeting.starts_at > now
        free = [one for one in successors[entry.booking.id] if one.is_free and is_to_come]
        proposed = _propose(free, taken=taken)
        touched.append(
            TouchedDemo(
                entry=entry,
                version=versions.get(entry.booking.id, 0),
                free=tuple(free),
                proposed=proposed,
                can_be_moved=is_to_come
                and can_move(entry.booking, event_type=entry.event_type, now=now),
            )
        )
    return touched


def _propose(free: Sequence[Successor], *, taken: Counter[int]) -> int | None:
    """Return whose turn it is of the pool, going by what has been proposed to each already."""
    pool = [one for one in free if one.rank is not None]
    if not pool:
        return None
    proposed = min(pool, key=lambda one: (taken[one.staff.id], one.rank or 0)).staff.id
    taken[proposed] += 1
    return proposed
