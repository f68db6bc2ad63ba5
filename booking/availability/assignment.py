"""Who of the free hosts gets the next meeting, and why not the others.

Fair by arithmetic alone: the bookings of the last 30 days for each unit of weight, then who has
waited longest, then the id. The same question always has the same answer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A host who is free at the start in question.

    Attributes:
        host_id: whose it is.
        weight: share of the pool's meetings that is due to this host; at least 1.
        recent_bookings: bookings of the last 30 days in this pool.
        last_assigned_at: when a meeting last went to this host, aware UTC; None = never.
        newcomer: whether the host joined the pool within the last 30 days.

    Raises:
        ValueError: the weight is less than 1.
    """

    host_id: int
    weight: int
    recent_bookings: int
    last_assigned_at: datetime | None
    newcomer: bool

    def __post_init__(self) -> None:
        """Refuse a weight that no load can be divided by."""
        if self.weight < 1:
            raise ValueError(f"the weight of host {self.host_id} is {self.weight}, not at least 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The hosts in the order in which they are to be tried, and the reason in JSON.

    Attributes:
        order: host ids, the first choice first.
        why: `rule` (`fair_share` or `same_host`) and `candidates` in the same order, each with
            `rank` (from 1), `host_id`, `load` (exact, like "7/2"), `bookings`, `weight`,
            `newcomer` and `last_assigned_at` (ISO 8601 in UTC, or null).
    """

    order: tuple[int, ...]
    why: dict[str, object]


def rank_hosts(candidates: Iterable[Candidate], *, keep_host_id: int | None = None) -> Ranking:
    """Return the candidates ordered by whose turn it is.

    The load of a host is bookings by weight; that of a newcomer is at least the lowest load of
    those who are no newcomers, so that nobody has to make up for the time before they came. Ties
    go to who was assigned least recently (never = first), then to the lower id. `keep_host_id`,
    the host of a meeting that is being moved, comes first if they are a candidate.
    """
    pool = list(candidates)
    lowest = min((_own_load(c) for c in pool if not c.newcomer), default=Fraction(0))
    loads = {c.host_id: max(_own_load(c), lowest) if c.newcomer else _own_load(c) for c in pool}
    pool.sort(
        key=lambda c: (
            c.host_id != keep_host_id,
            loads[c.host_id],
            c.last_assigned_at or _NEVER,
            c.host_id,
        )
    )
    kept = bool(pool) and pool[0].host_id == keep_host_id
    return Ranking(
        order=tuple(c.host_id for c in pool),
        why={
            "rule": "same_host" if kept else "fair_share",
            "candidates": [
                _standing(c, rank=rank, load=loads[c.host_id])
                for rank, c in enumerate(pool, start=1)
            ],
        },
    )


def _own_load(candidate: Candidate) -> Fraction:
    return Fraction(candidate.recent_bookings, candidate.weight)


def _standing(candidate: Candidate, *, rank: int, load: Fraction) -> dict[str, object]:
    last = candidate.last_assigned_at
    return {
        "rank": rank,
        "host_id": candidate.host_id,
        "load": str(load),
        "bookings": candidate.recent_bookings,
        "weight": candidate.weight,
        "newcomer": candidate.newcomer,
        "last_assigned_at": None if last is None else last.astimezone(UTC).isoformat(),
    }
