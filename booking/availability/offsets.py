"""How far a zone's clocks are from UTC, in whole minutes, over some years.

Asking `zoneinfo` for every bound of every window would be most of the engine's work, so the few
changes of a zone are looked up once a process and kept. Zones have had whole-minute offsets since
1972; the seconds of older ones are dropped. A zone is taken to change at most once a UTC day.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from booking.availability.minutes import (
    MINUTES_A_DAY,
    Span,
    floor_minute,
    in_minutes,
    instant_at,
)
from booking.time_zone import time_zone

_DAY = timedelta(days=1)

# A year inside the calendar's ends, so that local time does not fall off them.
_FIRST_MINUTE = floor_minute(datetime(MINYEAR + 1, 1, 1, tzinfo=UTC))
_LAST_MINUTE = floor_minute(datetime(MAXYEAR - 1, 12, 31, tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class ZoneOffsets:
    """One zone's offsets over some years; before and after, the nearest known one goes on.

    Attributes:
        offsets: minutes east of UTC, in the order in which they hold; one more than changes.
        changes: the UTC minute from which the next offset holds.
        wall_changes: the same on the wall clock, read by the older offset or the newer one,
            whichever is later. So a wall time in a gap is read with the offset before it, and of
            a wall time that exists twice the first is meant (PEP 495, fold = 0).
    """

    offsets: tuple[int, ...]
    changes: tuple[int, ...]
    wall_changes: tuple[int, ...]

    def utc_span(self, wall: Span) -> Span:
        """Return the UTC minutes between two wall times; in a gap there may be none."""
        start, end = wall
        return (
            start - self.offsets[bisect_right(self.wall_changes, start)],
            end - self.offsets[bisect_right(self.wall_changes, end)],
        )

    def local_day(self, minute: int) -> int:
        """Return the number of the local day that the UTC minute `minute` lies in."""
        offset = self.offsets[bisect_right(self.changes, minute)]
        return (minute + offset) // MINUTES_A_DAY

    def spans_of_days(self, first_day: int, last_day: int) -> Iterator[Span]:
        """Yield the UTC minutes of the local days `first_day` to `last_day`, both included.

        More than one span where a change of offset leaves a day and comes back to it.
        """
        bounds = (None, *self.changes, None)
        for offset, (start, end) in zip(self.offsets, pairwise(bounds), strict=True):
            day_start = first_day * MINUTES_A_DAY - offset
            day_end = (last_day + 1) * MINUTES_A_DAY - offset
            first = day_start if start is None else max(day_start, start)
            last = day_end if end is None else min(day_end, end)
            if first < last:
                yield first, last


def offsets_between(zone_name: str, first_minute: int, last_minute: int) -> ZoneOffsets:
    """Return the offsets of a zone, right for all UTC minutes from first to last.

    The first question about a zone and its years costs about 0.2 ms a year, later ones nothing.

    Raises:
        ValueError: `zone_name` is no IANA zone.
    """
    return _offsets_of_years(zone_name, _year_of(first_minute), _year_of(last_minute))


def _year_of(minute: int) -> int:
    return instant_at(min(max(minute, _FIRST_MINUTE), _LAST_MINUTE)).year


@lru_cache(maxsize=2048)
def _offsets_of_years(zone_name: str, first_year: int, last_year: int) -> ZoneOffsets:
    zone = time_zone(zone_name)
    day_start = datetime(first_year, 1, 1, tzinfo=UTC)
    end = datetime(last_year + 1, 1, 1, tzinfo=UTC)
    offsets = [day_start.astimezone(zone).utcoffset()]
    changes: list[int] = []
    while day_start < end:
        next_day_start = day_start + _DAY
        offset = next_day_start.astimezone(zone).utcoffset()
        if offset != offsets[-1]:
            changes.append(_change_between(zone, day_start, next_day_start))
            offsets.append(offset)
        day_start = next_day_start
    return _zone_offsets([in_minutes(offset) for offset in offsets if offset is not None], changes)


def _change_between(zone: ZoneInfo, start: datetime, end: datetime) -> int:
    """Return the first minute after `start` with the offset that holds at `end`."""
    after = end.astimezone(zone).utcoffset()
    unchanged, changed = floor_minute(start), floor_minute(end)
    while changed - unchanged > 1:
        middle = (unchanged + changed) // 2
        if instant_at(middle).astimezone(zone).utcoffset() == after:
            changed = middle
        else:
            unchanged = middle
    return changed


def _zone_offsets(offsets: list[int], changes: list[int]) -> ZoneOffsets:
    wall_changes = [
        change + max(before, after)
        for change, (before, after) in zip(changes, pairwise(offsets), strict=True)
    ]
    return ZoneOffsets(tuple(offsets), tuple(changes), tuple(wall_changes))
