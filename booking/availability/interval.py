"""A stretch of time between two instants, as the rest of the service hands it in.

Half-open, so that two intervals which abut do not overlap. The engine computes with the whole
minutes of `booking.availability.minutes`; an interval is where they come from.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from booking.availability.minutes import Span, ceil_minute, floor_minute


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """The instants from `start` (included) to `end` (excluded), both aware UTC.

    Raises:
        ValueError: an end is not aware UTC, or `start` does not come before `end`.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        """Refuse what is not an interval of UTC instants."""
        if self.start.utcoffset() != timedelta(0) or self.end.utcoffset() != timedelta(0):
            raise ValueError(f"an interval is aware UTC, not {self.start!r} to {self.end!r}")
        if self.start >= self.end:
            raise ValueError(f"an interval needs start < end, not {self.start} to {self.end}")


def whole_minutes_around(interval: Interval) -> Span:
    """Return the smallest span of whole minutes that covers `interval`."""
    return floor_minute(interval.start), ceil_minute(interval.end)
