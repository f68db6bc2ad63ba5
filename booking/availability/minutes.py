"""Time as whole minutes since 1970-01-01T00:00Z, and what can be computed with stretches of them.

This is how the engine calculates: integers know no zone, no process setting and no rounding.
Spans are half-open like everything else: (540, 570) holds the minutes 540 to 569.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

Span = tuple[int, int]
"""From a minute (included) to a later one (excluded)."""

MINUTES_A_DAY = 1440
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_ORDINAL = _EPOCH.toordinal()
_MINUTE = timedelta(minutes=1)
_TIMES_OF_DAY = tuple(timedelta(minutes=minute) for minute in range(MINUTES_A_DAY))


def floor_minute(instant: datetime) -> int:
    """Return the minute that `instant` (aware) lies in."""
    since = instant - _EPOCH
    return since.days * MINUTES_A_DAY + since.seconds // 60


def ceil_minute(instant: datetime) -> int:
    """Return the first minute that does not start before `instant` (aware)."""
    until = _EPOCH - instant
    return -(until.days * MINUTES_A_DAY + until.seconds // 60)


def instant_at(minute: int) -> datetime:
    """Return the instant (aware UTC) at which `minute` starts."""
    return _EPOCH + minute * _MINUTE


def instants_at(minutes: set[int]) -> list[datetime]:
    """Return the instants (aware UTC) of many minutes, sorted.

    A midnight and a time of day are put together by one cheap addition; hundreds of slots of a
    page are made of them.
    """
    days = {minute // MINUTES_A_DAY for minute in minutes}
    midnights = {day: _EPOCH + timedelta(days=day) for day in days}
    return [
        midnights[minute // MINUTES_A_DAY] + _TIMES_OF_DAY[minute % MINUTES_A_DAY]
        for minute in sorted(minutes)
    ]


def in_minutes(duration: timedelta) -> int:
    """Return the length of `duration` in minutes; a started minute is left out."""
    return duration // _MINUTE


def day_number(day: date) -> int:
    """Return how many days after 1970-01-01 the calendar day `day` is."""
    return day.toordinal() - _EPOCH_ORDINAL


def weekday_of(day: int) -> int:
    """Return the weekday of a day number, 0 = Monday as in `datetime.date.weekday`."""
    return (day + 3) % 7  # day 0 was a Thursday


def unite(spans: Iterable[Span]) -> list[Span]:
    """Return the same minutes as few spans: sorted, apart from each other, none touching."""
    ascending = sorted(spans)
    if not ascending:
        return []
    united: list[Span] = []
    united_start, united_end = ascending[0]
    for start, end in ascending:
        if start > united_end:
            united.append((united_start, united_end))
            united_start, united_end = start, end
        elif end > united_end:
            united_end = end
    united.append((united_start, united_end))
    return united


def overlap(one: Span, other: Span) -> bool:
    """Tell whether two spans share a minute; spans that abut do not."""
    return one[0] < other[1] and other[0] < one[1]


def covers(united: Iterable[Span], part: Span) -> bool:
    """Tell whether every minute of `part` lies in the spans, which `unite` has made."""
    return any(start <= part[0] and part[1] <= end for start, end in united)
