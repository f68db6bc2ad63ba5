"""When can a meeting start? The offered slots of a pool of hosts.

A start is offered when it stands on a host's grid, the meeting lies in that host's working time
and nothing blocks meeting or buffers, within notice, horizon and limits; `any` needs one such
host, `all` needs every host. Pure: facts and `now` come in, slots go out, and neither the
viewer's zone nor the zone of the process plays a part.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from booking.availability.facts import HostFacts
from booking.availability.host_starts import open_starts
from booking.availability.minutes import (
    MINUTES_A_DAY,
    Span,
    ceil_minute,
    floor_minute,
    instants_at,
)
from booking.availability.policy import HostsNeeded, Policy

_WEEK_MINUTES = 7 * MINUTES_A_DAY


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """An offered meeting time: aware UTC, half-open, without buffers."""

    start: datetime
    end: datetime


def find_slots(
    policy: Policy,
    hosts: Sequence[HostFacts],
    *,
    start: datetime,
    end: datetime,
    now: datetime,
) -> list[Slot]:
    """Return what is offered with `start` <= slot.start < `end`, sorted, each start once.

    All instants are aware; the facts must be those of the whole range, and of its ISO weeks where
    limits apply. No hosts, no slots.
    """
    within = _bookable(policy, (ceil_minute(start), ceil_minute(end)), now=now)
    offered = _offered_minutes(policy, hosts, within=within, now=now)
    return _slots(policy, instants_at(offered))


def hosts_free_at(
    policy: Policy, hosts: Sequence[HostFacts], *, start: datetime, now: datetime
) -> list[int]:
    """Return the ids of the hosts who could take a meeting at `start`, in the given order.

    Each host is judged alone, also where the meeting needs all of them.
    """
    minute = floor_minute(start)
    within = _bookable(policy, (ceil_minute(start), minute + 1), now=now)
    if within[0] >= within[1]:
        return []
    return [
        host.host_id for host in hosts if any(open_starts(policy, host, within=within, now=now))
    ]


def nearest_slots(
    policy: Policy,
    hosts: Sequence[HostFacts],
    *,
    start: datetime,
    now: datetime,
    count: int = 3,
) -> list[Slot]:
    """Return the `count` offered slots nearest to `start`, sorted by start; fewer if there are.

    Looks at everything that can be booked, so the facts must reach from now to the horizon.
    """
    everything = _bookable(policy, None, now=now)
    radius = _WEEK_MINUTES
    while True:
        within = (
            max(everything[0], floor_minute(start) - radius),
            min(everything[1], ceil_minute(start) + radius + 1),
        )
        offered = _offered_minutes(policy, hosts, within=within, now=now)
        if len(offered) >= count or within == everything:
            break
        radius *= 2
    return nearest(_slots(policy, instants_at(offered)), start=start, count=count)


def nearest(slots: Sequence[Slot], *, start: datetime, count: int = 3) -> list[Slot]:
    """Return those `count` of `slots`, which are sorted, that are nearest to `start`, sorted.

    Of two that are equally near, the earlier counts as nearer.
    """
    return sorted(sorted(slots, key=lambda slot: abs(slot.start - start))[:count])


def _bookable(policy: Policy, asked: Span | None, *, now: datetime) -> Span:
    """Return `asked` (None = any time) without what notice and horizon exclude for every host.

    The horizon is met exactly for each host later; here its two days to spare are for the hosts'
    local dates, whose days can be longer than 24 hours.
    """
    earliest = ceil_minute(now + policy.minimum_notice)
    latest = floor_minute(now) + (policy.horizon_days + 2) * MINUTES_A_DAY
    if asked is None:
        return earliest, latest
    return max(asked[0], earliest), min(asked[1], latest)


def _offered_minutes(
    policy: Policy, hosts: Sequence[HostFacts], *, within: Span, now: datetime
) -> set[int]:
    """Return the minutes in `within` at which as many hosts as needed can start."""
    if within[0] >= within[1]:
        return set()
    starts = [open_starts(policy, host, within=within, now=now) for host in hosts]
    if policy.hosts_needed is HostsNeeded.ANY:
        return set().union(*chain.from_iterable(starts))
    of_each = [set().union(*ranges) for ranges in starts]
    return set.intersection(*of_each) if of_each else set()


def _slots(policy: Policy, starts: list[datetime]) -> list[Slot]:
    return list(map(Slot, starts, [start + policy.duration for start in starts]))
