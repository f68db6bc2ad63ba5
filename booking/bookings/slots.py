"""Which times are offered, and why a time is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from booking.availability.engine import Slot, find_slots, nearest_slots
from booking.availability.explain import Reason, explain
from booking.availability.policy import HostsNeeded
from booking.bookings.facts import load_facts
from booking.bookings.pool import list_active_pool
from booking.bookings.refusals import (
    SlotNotOfferedError,
    SlotTakenError,
    SlotUnavailableError,
)
from booking.event_types.find import policy_of
from booking.segment import Segment

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.availability.policy import Policy
    from booking.bookings.models import Meeting
    from booking.event_types.models import EventType


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
    askings = _askings(event_type, segment=segment, session=session)
    facts = load_facts(
        event_type,
        host_ids=set().union(*(host_ids for _, host_ids in askings)),
        start=start,
        end=end,
        now=now,
        session=session,
        moving=moving,
    )
    found: set[Slot] = set()
    for policy, host_ids in askings:
        of_pool = [host for host in facts if host.host_id in host_ids]
        found.update(find_slots(policy, of_pool, start=start, end=end, now=now))
    return sorted(found)


def list_slots_of(
    event_type: EventType,
    *,
    segment: Segment | None,
    host_ids: Collection[int],
    now: datetime,
    session: Session,
    moving: Meeting | None = None,
) -> list[Slot]:
    """Return what exactly ``host_ids`` offer together from ``now`` (UTC) to the horizon, sorted.

    Without a segment: what they offer to any.
    """
    start, end = now, horizon_end(event_type, now=now)
    facts = load_facts(
        event_type,
        host_ids=host_ids,
        start=start,
        end=end,
        now=now,
        session=session,
        moving=moving,
    )
    policies = {
        _policy_of_all(event_type, segment=one)
        for one in ([segment] if segment else map(Segment, event_type.segments))
    }
    found: set[Slot] = set()
    for policy in policies:
        found.update(find_slots(policy, facts, start=start, end=end, now=now))
    return sorted(found)


def list_all_slots(
    event_type: EventType,
    *,
    segment: Segment | None,
    now: datetime,
    session: Session,
    moving: Meeting | None = None,
) -> list[Slot]:
    """Return every slot from ``now`` (UTC) to the horizon; otherwise as ``list_slots``."""
    return list_slots(
        event_type,
        segment=segment,
        start=now,
        end=horizon_end(event_type, now=now),
        now=now,
        session=session,
        moving=moving,
    )


def horizon_end(event_type: EventType, *, now: datetime) -> datetime:
    """Return an instant beyond everything that can be booked at ``now``.

    A host's last local date may end a day later than ours, and a day may be longer than 24 hours.
    """
    return now + timedelta(days=event_type.horizon_days + 2)


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
    everyone = _host_ids(event_type, segment=None, session=session)
    facts = load_facts(
        event_type,
        host_ids=everyone,
        start=start,
        end=start + timedelta(days=1),
        now=now,
        session=session,
        moving=moving,
    )
    in_segment = _host_ids(event_type, segment=segment, session=session)
    policy = policy_of(event_type, segment=segment)
    return explain(policy, facts, start=start, now=now, segment_host_ids=in_segment)


def explain_hosts(
    event_type: EventType,
    *,
    segment: Segment,
    host_ids: Collection[int],
    start: datetime,
    now: datetime,
    session: Session,
    moving: Meeting | None = None,
) -> list[Reason]:
    """Return every reason why one of ``host_ids`` cannot start a meeting at ``start`` (UTC)."""
    facts = load_facts(
        event_type,
        host_ids=host_ids,
        start=start,
        end=start + timedelta(days=1),
        now=now,
        session=session,
        moving=moving,
    )
    return explain(policy_of(event_type, segment=segment), facts, start=start, now=now)


def list_nearest(
    event_type: EventType, *, segment: Segment, start: datetime, now: datetime, session: Session
) -> list[Slot]:
    """Return the three offered slots that are nearest to ``start`` (UTC), sorted."""
    return _alternatives(
        event_type,
        policy=policy_of(event_type, segment=segment),
        host_ids=_host_ids(event_type, segment=segment, session=session),
        start=start,
        now=now,
        session=session,
        moving=None,
    )


def refusal(
    event_type: EventType,
    *,
    segment: Segment,
    start: datetime,
    now: datetime,
    session: Session,
    moving: Meeting | None = None,
    host_ids: Collection[int] | None = None,
) -> SlotUnavailableError:
    """Return why ``start`` cannot be had, with the nearest times that can.

    Taken: but for other bookings and holds it could be had. Not offered: anything else.
    ``host_ids``: who is asked, each of them; None: the pool.
    """
    asked: dict[str, Any] = {"start": start, "now": now, "session": session, "moving": moving}
    if host_ids is None:
        policy = policy_of(event_type, segment=segment)
        wanted = _host_ids(event_type, segment=segment, session=session)
        reasons = explain_start(event_type, segment=segment, **asked)
    else:
        policy, wanted = _policy_of_all(event_type, segment=segment), set(host_ids)
        reasons = explain_hosts(event_type, segment=segment, host_ids=wanted, **asked)
    alternatives = _alternatives(event_type, policy=policy, host_ids=wanted, **asked)
    is_taken = _is_taken(policy, reasons=reasons, host_ids=wanted)
    error = SlotTakenError if is_taken else SlotNotOfferedError
    return error(reasons=reasons, alternatives=alternatives)


def _is_taken(policy: Policy, *, reasons: list[Reason], host_ids: set[int]) -> bool:
    """Tell whether as many hosts as needed would be free if nobody else had booked."""
    would_be_free = host_ids - {reason.host_id for reason in reasons if not reason.taken}
    if policy.hosts_needed is HostsNeeded.ALL:
        return bool(host_ids) and would_be_free == host_ids
    return bool(would_be_free)


def _alternatives(
    event_type: EventType,
    *,
    policy: Policy,
    host_ids: Collection[int],
    start: datetime,
    now: datetime,
    session: Session,
    moving: Meeting | None,
) -> list[Slot]:
    # Whatever was asked for, what can be had lies between now and the horizon.
    facts = load_facts(
        event_type,
        host_ids=host_ids,
        start=now,
        end=horizon_end(event_type, now=now),
        now=now,
        session=session,
        moving=moving,
    )
    return nearest_slots(policy, facts, start=start, now=now)


def _policy_of_all(event_type: EventType, *, segment: Segment) -> Policy:
    """Return the rules by which hosts are asked who are named, so that each of them counts."""
    return replace(policy_of(event_type, segment=segment), hosts_needed=HostsNeeded.ALL)


def _askings(
    event_type: EventType, *, segment: Segment | None, session: Session
) -> list[tuple[Policy, set[int]]]:
    """Return which hosts may give the meeting, and by which rules they are asked.

    Segments are asked together where they have the same rules, unless every host of a pool is
    needed: then their pools must not be mixed.
    """
    pools: dict[Segment, set[int]] = {}
    for member in list_active_pool(event_type, segment=segment, session=session):
        pools.setdefault(member.segment, set()).add(member.host_id)
    askings = [(policy_of(event_type, segment=one), pool) for one, pool in sorted(pools.items())]
    if event_type.hosts_needed is HostsNeeded.ALL:
        return askings
    together: dict[Policy, set[int]] = {}
    for policy, pool in askings:
        together.setdefault(policy, set()).update(pool)
    return list(together.items())


def _host_ids(event_type: EventType, *, segment: Segment | None, session: Session) -> set[int]:
    pool = list_active_pool(event_type, segment=segment, session=session)
    return {member.host_id for member in pool}
