"""Who of an event type's hosts can be booked: everyone who has not left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from booking.event_types.models import EventType, PoolMember
from booking.staff.models import Staff

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.orm import Session

    from booking.segment import Segment


def list_active_pool(
    event_type: EventType, *, segment: Segment | None, session: Session
) -> list[PoolMember]:
    """Return who may take ``segment`` (None: any segment) of ``event_type``, by host id."""
    query = (
        select(PoolMember)
        .join(Staff, PoolMember.host_id == Staff.id)
        .where(PoolMember.event_type_id == event_type.id, Staff.active)
    )
    if segment is not None:
        query = query.where(PoolMember.segment == segment)
    return list(session.scalars(query.order_by(PoolMember.host_id, PoolMember.segment)))


def active_hosts(
    event_type_ids: Collection[int], *, session: Session
) -> dict[int, dict[Segment, set[int]]]:
    """Return the ids of who may take which segment of each event type; by one query."""
    query = (
        select(PoolMember.event_type_id, PoolMember.segment, PoolMember.host_id)
        .join(Staff, PoolMember.host_id == Staff.id)
        .where(PoolMember.event_type_id.in_(event_type_ids), Staff.active)
    )
    pools: dict[int, dict[Segment, set[int]]] = {
        event_type_id: {} for event_type_id in event_type_ids
    }
    for event_type_id, segment, host_id in session.execute(query):
        pools[event_type_id].setdefault(segment, set()).add(host_id)
    return pools
