"""Stretches of whole local days, and the ones before them that they are compared with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from booking.availability.interval import Interval

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Days:
    """The local dates from ``first`` to ``last``, both included; last is not before first."""

    first: date
    last: date

    def interval(self, zone: ZoneInfo) -> Interval:
        """Return the instants of these days in ``zone``, whatever the clocks do in them."""
        start, end = (
            datetime.combine(day, time(), zone).astimezone(UTC)
            for day in (self.first, self.last + ONE_DAY)
        )
        return Interval(start, end)

    def before(self) -> Days:
        """Return as many days just before these."""
        return Days(self.first - (self.last - self.first) - ONE_DAY, self.first - ONE_DAY)

    def weeks(self) -> Iterator[Days]:
        """Yield the days week by week, Monday to Sunday; the first and the last may be shorter."""
        first = self.first
        while first <= self.last:
            sunday = first + timedelta(days=6 - first.weekday())
            yield Days(first, min(sunday, self.last))
            first = sunday + ONE_DAY
