"""On which local days a host can take no start at all: beyond the horizon, or full.

Days are the host's own: a meeting belongs to the local date, and the ISO week, of its start.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from booking.availability.facts import HostFacts
from booking.availability.minutes import Span, floor_minute, weekday_of
from booking.availability.offsets import ZoneOffsets, offsets_between
from booking.availability.policy import Policy

DAYS_A_WEEK = 7


def horizon_day(policy: Policy, host: HostFacts, *, now: datetime) -> int:
    """Return the number of the last local day on which `host` can be booked."""
    minute = floor_minute(now)
    offsets = offsets_between(host.hours.time_zone, minute, minute)
    return offsets.local_day(minute) + policy.horizon_days


def full_days(policy: Policy, host: HostFacts, *, offsets: ZoneOffsets) -> Iterator[Span]:
    """Yield the runs of local days (first and last, both included) that have reached a limit.

    Reservations that count, holds included, are counted; `offsets` must be right for them as far
    as they can share a week with a start that is asked about.
    """
    if not policy.max_per_day and not policy.max_per_week:
        return
    days = Counter(
        offsets.local_day(floor_minute(reservation.start))
        for reservation in host.reservations
        if reservation.counts
    )
    weeks: Counter[int] = Counter()
    for day, count in days.items():
        weeks[day - weekday_of(day)] += count
        if policy.max_per_day and count >= policy.max_per_day:
            yield day, day
    for monday, count in weeks.items():
        if policy.max_per_week and count >= policy.max_per_week:
            yield monday, monday + DAYS_A_WEEK - 1
