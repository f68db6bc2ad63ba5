"""The free times of a day, and the days around it that have some, as staff choose from them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Self

from booking.time_zone import time_zone
from booking.web.days import read_day

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from booking.availability.engine import Slot

DAYS_SHOWN = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeTimes:
    """One day's slots, and the neighbouring days that have some; local to whoever chooses."""

    day: date | None
    """None where nothing is free at all."""
    slots: tuple[Slot, ...]
    days: tuple[tuple[date, int], ...]
    """Days with the number of their slots, the shown one among them."""

    @classmethod
    def on(cls, day: str | None, *, slots: Sequence[Slot], near: datetime, zone_name: str) -> Self:
        """Return what is free of ``slots``, which are sorted, on ``day``, else near an instant."""
        zone = time_zone(zone_name)
        by_day = {
            on: tuple(those)
            for on, those in groupby(slots, key=lambda slot: slot.start.astimezone(zone).date())
        }
        days = list(by_day)
        if not days:
            return cls(day=None, slots=(), days=())
        wanted = read_day(day) or near.astimezone(zone).date()
        place = next((i for i, on in enumerate(days) if on >= wanted), len(days) - 1)
        first = max(0, min(place - DAYS_SHOWN // 2, len(days) - DAYS_SHOWN))
        shown = days[first : first + DAYS_SHOWN]
        return cls(
            day=days[place],
            slots=by_day[days[place]],
            days=tuple((on, len(by_day[on])) for on in shown),
        )
