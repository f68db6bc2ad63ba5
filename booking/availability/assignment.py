"""Who of the free hosts gets the next meeting, and why not the others.

Fair by arithmetic alone: the bookings of the last 30 days for each unit of weight, then who has
waited longest, then the id. The same question always has the same answer.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction

FAIR_SHARE, SAME_HOST, KNOWN_HOST = "fair_share", "same_host", "known_host"
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
        why: `rule` (`fair_share`, `same_host` or `known_host`) and `candidates` in the same order,
            each with `rank` (from 1), `host_id`, `load` (exact, like "7/2"), `bookings`, `weight`,
            `newcomer` and `last_assigned_at` (ISO 8601 in UTC, or null).
        known: those who know who asks.
        kept: the host of a meeting that is being moved.
    """

    order: tuple[int, ...]
    why: dict[str, object]
    known: frozenset[int] = frozenset()
    kept: int | None = None

    def why_this(self, host_id: int) -> dict[str, object]:
        """Return the reason, if it is `host_id` in the end: those before may not be free."""
        if self.why["rule"] != KNOWN_HOST or host_id in self.known:
            return self.why
        return self.why | {"rule": SAME_HOST if host_id == self.kept else FAIR_SHARE}


def rank_hosts(
    candidates: Iterable[Candidate],
    *,
    keep_host_id: int | None = None,
    known_host_ids: Sequence[int] = (),
) -> Ranking:
    """Return the candidates ordered by whose turn it is.

    The load of a host is bookings by weight; that of a newcomer is at least the lowest load of
    those who are no newcomers, so that nobody has to make up for the time before they came. Ties
    go to who was assigned least recently (never = first), then to the lower id. `keep_host_id`,
    the host of a meeting that is being moved, comes first if they are a candidate. Before all of
    them come `known_host_ids`, in that order: who has met the person or the company before.
    """
    pool = list(candidates)
    known = {host_id: rank for rank, host_id in enumerate(known_host_ids)}
    lowest = min((_own_load(c) for c in pool if not c.newcomer), default=Fraction(0))
    loads = {c.host_id: max(_own_load(c), lowest) if c.newcomer else _own_load(c) for c in pool}
    pool.sort(
        key=lambda c: (
            known.get(c.host_id, len(known)),
            c.host_id != keep_host_id,
            loads[c.host_id],
            c.last_assigned_at or _NEVER,
            c.host_id,
        )
    )
    return Ranking(
        order=tuple(c.host_id for c in pool),
        known=frozenset(known),
        kept=keep_host_id,
        why={
            "rule": _rule(pool[:1], keep_host_id=keep_host_id, known=known),
            "candidates": [
                _standing(c, rank=rank, load=loads[c.host_id])
                for rank, c in enumerate(pool, start=1)
            ],
        },
    )


def _rule(first: Sequence[Candidate], *, keep_host_id: int | None, known: Collection[int]) -> str:
    """Return why the first, if there is one, comes first."""
    if any(candidate.host_id in known for candidate in first):
        return KNOWN_HOST
    is_kept = any(candidate.host_id == keep_host_id for candidate in first)
    return SAME_HOST if is_kept else FAIR_SHARE


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
