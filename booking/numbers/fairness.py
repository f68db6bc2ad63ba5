"""Whether hosts of one pool get what their weights promise them."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from booking.event_types.models import PoolMember
from booking.numbers.share import Share
from booking.segment import Segment
from booking.staff.models import Staff

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from booking.availability.interval import Interval
    from booking.numbers.demo import Demo


@dataclass(frozen=True, slots=True, kw_only=True)
class Fairness:
    """What one host got of one segment's demos, and what the present weights promise."""

    host_id: int
    segment: Segment
    assigned: Share
    promised: Share
    """The host's weight of all weights, over all event types."""


def measure_fairness(
    demos: Sequence[Demo], *, period: Interval, session: Session
) -> list[Fairness]:
    """Return a row for each active host of each segment, for what was booked in ``period``."""
    weights = _weights(session=session)
    booked: defaultdict[Segment, Counter[int]] = defaultdict(Counter)
    for demo in demos:
        if period.start <= demo.booked_at < period.end:
            booked[demo.segment].update(demo.host_ids)
    return [
        Fairness(
            host_id=host_id,
            segment=segment,
            assigned=Share(booked[segment][host_id], booked[segment].total()),
            promised=Share(weight, weights[segment].total()),
        )
        for segment in Segment
        for host_id, weight in sorted(weights[segment].items())
    ]


def _weights(*, session: Session) -> defaultdict[Segment, Counter[int]]:
    rows = session.execute(
        select(PoolMember.host_id, PoolMember.segment, PoolMember.weight)
        .join(Staff, PoolMember.host_id == Staff.id)
        .where(Staff.active)
    )
    weights: defaultdict[Segment, Counter[int]] = defaultdict(Counter)
    for host_id, segment, weight in rows:
        weights[segment][host_id] += weight
    return weights
