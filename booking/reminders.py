"""Which reminders a lead gets before a meeting, and when.

A reminder never comes at night, never right after the booking that it would only repeat, and never
late. Knows no mail and no table: the outbox keeps what is planned here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from booking.time_zone import time_zone as get_time_zone

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

LEAST_NOTICE = timedelta(hours=2)
EVENING = time(20)
MORNING = time(7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """One reminder: which of the configured ones it is, and when it is due."""

    minutes_before: int
    """As configured; quiet hours may have moved ``due_at`` further away from the start."""
    due_at: datetime
    """Aware UTC."""


def plan_reminders(
    *, start: datetime, minutes_before: Sequence[int], time_zone: str, now: datetime
) -> list[Reminder]:
    """Return the reminders of a meeting, the first one due first, no two at the same instant.

    A reminder is due that many elapsed minutes before the start. Between 20:00 and 07:00, both
    exclusive, on the lead's clock, it moves to 20:00 before. What is then due less than two hours
    after ``now`` is dropped, as is what would come at the start or later. Of reminders that fall
    on one instant, the one with the fewest minutes stays.

    Args:
        start: of the meeting; aware UTC.
        minutes_before: in any order.
        time_zone: IANA name, the lead's.
        now: when the meeting was booked or changed; aware UTC.

    Raises:
        ValueError: there is no such time zone.
    """
    zone = get_time_zone(time_zone)
    earliest = now + LEAST_NOTICE
    # From the furthest to the nearest: so the nearest of one instant stays, and all are in order.
    nearest_by_due_at = {
        _before_the_night(start - timedelta(minutes=minutes), zone=zone): minutes
        for minutes in sorted(minutes_before, reverse=True)
        if minutes > 0
    }
    return [
        Reminder(minutes_before=minutes, due_at=due_at)
        for due_at, minutes in nearest_by_due_at.items()
        if due_at >= earliest
    ]


def _before_the_night(due_at: datetime, *, zone: ZoneInfo) -> datetime:
    local = due_at.astimezone(zone)
    if MORNING <= local.time() <= EVENING:
        return due_at
    day = local.date() if local.time() > EVENING else local.date() - timedelta(days=1)
    return datetime.combine(day, EVENING, tzinfo=zone).astimezone(UTC)
