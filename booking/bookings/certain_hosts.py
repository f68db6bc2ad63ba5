"""Who will give a demo, as far as that can be told before a time is chosen."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import select

from booking.availability.policy import HostsNeeded
from booking.bookings.pool import list_active_pool
from booking.staff.models import Staff

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from booking.event_types.models import EventType
    from booking.segment import Segment


def list_certain_hosts(
    event_type: EventType, *, segment: Segment | None, session: Session
) -> list[Staff]:
    """Return, by id, the hosts of every demo of ``segment`` (None: not chosen yet).

    Empty where it depends on the time, or on the segment that is not chosen yet.
    """
    pools = defaultdict(set)
    for member in list_active_pool(event_type, segment=segment, session=session):
        pools[member.segment].add(member.host_id)
    possible = {frozenset(pool) for pool in pools.values()}
    if len(possible) != 1:
        return []
    (host_ids,) = possible
    if event_type.hosts_needed is HostsNeeded.ANY and len(host_ids) > 1:
        return []
    return list(session.scalars(select(Staff).where(Staff.id.in_(host_ids)).order_by(Staff.id)))
