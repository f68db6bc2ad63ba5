"""Which times are offered, and why a time is not."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from booking.availability.engine import Slot, find_slots, nearest_slots
from booking.availability.explain import Reason, ReasonCode, explain
from booking.bookings.facts import load_facts
from booking.bookings.refusals import (
    SlotNotOfferedError,
    SlotTakenError,
    SlotUnavailableError,
)
from booking.event_types.find import list_pool, policy_of

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.bookings.models import Meeting
    from booking.event_types.models import EventType
    from booking.segment import Segment

TAKEN = {ReasonCode.HELD, ReasonCode.BOOKED, ReasonCode.BUFFER}


def list_slots(
    event_type: EventType,
    *,
    segment: Segment | None,
    start: datetime,
    end: datetime,
    now: datetime,
    session: Session,
    moving: Meeting | None = None,
) -> list[Slot]:
    """Return the offered slots that start in [start, end) (UTC), sorted.

    Without a segment: what anyone could book. ``moving`` is a meeting whose own time is free to it.
    """
    host_ids = {m.host_id for m in list_pool(event_type, segment=segment, session=session)}
    facts = load_facts(
        event_type,
        host_ids=host_ids,
        start=start,
        end=end,
        now=now,
        session=session,
        moving=moving,
    )
    return find_slots(policy_of(event_type), facts, start=start, end=end, now=now)


def explain_start(
    event_type: EventType,
    *,
    segment: Segment,
    start: datetime,
    now: datetime,
    session: Session,
    moving: Meeting | None = None,
) -> list[Reason]:
    """Return every reason why a meeting cannot start at ``start`` (UTC), each with its host."""
    everyone = {m.host_id for m in list_pool(event_type, segment=None, session=session)}
    in_segment = {m.host_id for m in list_pool(event_type, segment=segment, session=session)}
    facts = load_facts(
        event_type,
        host_ids=everyone,
        start=start,
        end=start + timedelta(days=1),
        now=now,
        session=session,
        moving=moving,
    )
    return explain(policy_of(event_type), facts, start=start, now=now, segment_host_ids=in_segment)


def refusal(
    event_type: EventType,
    *,
    segment: Segment,
    start: datetime,
    now: datetime,
    session: Session,
    moving: Meeting | None = None,
) -> SlotUnavailableError:
    """Return why ``start`` cannot be had, with the nearest times that can.

    Taken: some host would be free but for another booking or hold. Not offered: anything else.
    """
    reasons = explain_start(
        event_type, segment=segment, start=start, now=now, session=session, moving=moving
    )
    hosts = {reason.host_id for reason in reasons}
    only_taken = any(
        all(reason.code in TAKEN for reason in reasons if reason.host_id == host_id)
        for host_id in hosts
    )
    error = SlotTakenError if only_taken or not reasons else SlotNotOfferedError
    alternatives = _alternatives(
        event_type, segment=segment, start=start, now=now, session=session, moving=moving
    )
    return error(reasons=reasons, alternatives=alternatives)


def _alternatives(
    event_type: EventType,
    *,
    segment: Segment,
    start: datetime,
    now: datetime,
    session: Session,
    moving: Meeting | None,
) -> list[Slot]:
    # Whatever was asked for, what can be had lies between now and the horizon.
    end = now + timedelta(days=event_type.horizon_days + 2)
    host_ids = {m.host_id for m in list_pool(event_type, segment=segment, session=session)}
    facts = load_facts(
        event_type, host_ids=host_ids, start=now, end=end, now=now, session=session, moving=moving
    )
    return nearest_slots(policy_of(event_type), facts, start=start, now=now)
