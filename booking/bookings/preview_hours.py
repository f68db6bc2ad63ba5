"""What somebody would offer if other hours were theirs: asked of the engine, nothing is stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from sqlalchemy import select

from booking.availability.engine import find_slots
from booking.bookings.facts import load_facts
from booking.event_types.find import policy_of
from booking.event_types.models import EventType, PoolMember
from booking.time_zone import local_day, time_zone

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.availability.engine import Slot
    from booking.segment import Segment
    from booking.staff.host_rules import HostRules

DAYS = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewedDay:
    """One local date, and what would be offered on it."""

    on: date
    slots: tuple[Slot, ...]
    closed_for: str | None
    """Why hours do not hold on that date: a closing day's note, or a holiday's name; else None."""


def list_event_types_of(host_id: int, *, session: Session) -> Sequence[EventType]:
    """Return the published event types that this host gives, by slug."""
    given = select(PoolMember.event_type_id).where(PoolMember.host_id == host_id)
    query = select(EventType).where(EventType.published, EventType.id.in_(given))
    return session.scalars(query.order_by(EventType.slug)).all()


def preview_hours(
    host_id: int, *, rules: HostRules, event_type: EventType, now: datetime, session: Session
) -> list[PreviewedDay]:
    """Return the two weeks from today on, as this host alone would offer them by ``rules``.

    Bookings, absences, notice and limits count as they are. Somebody who has left offers nothing.
    """
    zone = rules.time_zone
    today = now.astimezone(time_zone(zone)).date()
    days = [today + timedelta(days=number) for number in range(DAYS)]
    end = local_day(days[-1], zone=zone)[1]
    facts = load_facts(
        event_type,
        host_ids=[host_id],
        start=now,
        end=end,
        now=now,
        session=session,
        as_if={host_id: rules},
    )
    policies = {
        policy_of(event_type, segment=segment)
        for segment in _segments_of(host_id, event_type=event_type, session=session)
    }
    found: set[Slot] = set()
    for policy in policies:
        found.update(find_slots(policy, facts, start=now, end=end, now=now))
    slots = sorted(found)
    by_day = {
        on: tuple(those)
        for on, those in groupby(slots, lambda slot: slot.start.astimezone(time_zone(zone)).date())
    }
    hours = facts[0].hours if facts else rules.working_hours
    closed = {**hours.holidays, **hours.closing_days}
    return [
        PreviewedDay(
            on=day,
            slots=by_day.get(day, ()),
            closed_for=closed[day] if hours.is_closed(day) else None,
        )
        for day in days
    ]


def _segments_of(host_id: int, *, event_type: EventType, session: Session) -> Sequence[Segment]:
    """Return for whom the host gives the demo."""
    return session.scalars(
        select(PoolMember.segment).where(
            PoolMember.event_type_id == event_type.id, PoolMember.host_id == host_id
        )
    ).all()
