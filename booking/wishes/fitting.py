"""Which free times come nearest to what was wished for.

Pure; times are UTC, days and their parts those of the lead's own zone.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from booking.wishes.wished_times import PartOfDay

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from booking.wishes.wished_times import WishedTime

HOURS = {
    PartOfDay.ANY: (time(0), time.max),
    PartOfDay.MORNING: (time(6), time(11)),
    PartOfDay.MIDDAY: (time(11), time(14)),
    PartOfDay.AFTERNOON: (time(14), time(18)),
    PartOfDay.EVENING: (time(18), time.max),
}
"""From when to before when a part of the day lasts."""


def fits(start: datetime, *, wished: WishedTime, zone: ZoneInfo) -> bool:
    """Tell whether ``start`` lies on the wished day, in the wished part of it."""
    local = start.astimezone(zone)
    earliest, before = HOURS[wished.part]
    return local.date() == wished.on and earliest <= local.time() < before


def choose_starts(
    starts: Sequence[datetime], *, wished_times: Sequence[WishedTime], zone: ZoneInfo, most: int
) -> list[datetime]:
    """Return at most ``most`` of ``starts``, in their order: those that fit, then the nearest."""

    def away_from_wishes(start: datetime) -> tuple[bool, timedelta]:
        is_other = not any(fits(start, wished=wished, zone=zone) for wished in wished_times)
        return is_other, min(abs(start - _middle(wished, zone=zone)) for wished in wished_times)

    return sorted(sorted(starts, key=away_from_wishes)[:most])


def _middle(wished: WishedTime, *, zone: ZoneInfo) -> datetime:
    earliest, before = HOURS[wished.part]
    hour = (earliest.hour + before.hour) // 2
    return datetime.combine(wished.on, time(hour), zone)
