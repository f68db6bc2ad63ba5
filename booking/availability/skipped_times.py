"""Which bounds of working hours the clocks leave out when they are put forward."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from booking.availability.minutes import MINUTES_A_DAY
from booking.availability.wall_clock import write_clock
from booking.availability.working_hours import LocalWindow, WorkingHours
from booking.time_zone import instant_of, time_zone

_DAY = timedelta(days=1)


def skipped_times(hours: WorkingHours, *, first: date, last: date) -> Iterator[tuple[date, str]]:
    """Yield the date and the time of day of each bound that does not exist then, in order.

    ``first`` to ``last``, both included, are the dates on which windows start. Such a bound is
    read with the offset before the gap, and so comes later on the clock.
    """
    day = first
    while day <= last:
        windows = hours.overrides.get(day, hours.weekly.get(day.weekday(), ()))
        for bound in sorted({bound for window in windows for bound in _bounds(window)}):
            on, minute = day + bound // MINUTES_A_DAY * _DAY, bound % MINUTES_A_DAY
            if not _exists(on, minute, zone=hours.time_zone):
                yield on, write_clock(minute)
        day += _DAY


def _bounds(window: LocalWindow) -> tuple[int, int]:
    return window.from_minute, window.to_minute


def _exists(on: date, minute: int, *, zone: str) -> bool:
    local = datetime.combine(on, time(*divmod(minute, 60)))
    instant = instant_of(local, zone=zone)
    return instant.astimezone(time_zone(zone)).replace(tzinfo=None) == local
