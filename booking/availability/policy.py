"""The rules of one event type that decide when it can start.

Values only, in the words of the setup file; the engine reads them.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from booking.availability.working_hours import WeeklyWindows

_MINUTE = timedelta(minutes=1)


class HostsNeeded(StrEnum):
    """Who of the hosts must be free: one of them, or each."""

    ANY = "any"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How long a meeting is, and what must hold around it.

    Attributes:
        duration: length of the meeting; whole minutes, more than none.
        slot_interval: from one offered start to the next; whole minutes, more than none.
        buffer_before: kept free before the meeting; whole minutes.
        buffer_after: kept free after the meeting; whole minutes.
        minimum_notice: from now to the earliest start.
        horizon_days: how many host-local days after today may be booked; 0 = today only.
        max_per_day: meetings of this event type, a host and host-local day; 0 = no limit.
        max_per_week: the same for an ISO week; 0 = no limit.
        hosts_needed: whether one host must be free or all of them.
        mask: the weekly windows, on each host's own wall clock, inside which the meeting must lie
            besides the working hours; None = they alone decide. It hides starts and moves none.

    Raises:
        ValueError: a value is negative, empty, or not in whole minutes where it must be.
    """

    duration: timedelta
    slot_interval: timedelta
    buffer_before: timedelta
    buffer_after: timedelta
    minimum_notice: timedelta
    horizon_days: int
    max_per_day: int
    max_per_week: int
    hosts_needed: HostsNeeded
    mask: WeeklyWindows | None = None

    def __post_init__(self) -> None:
        """Refuse rules that no grid of whole minutes can keep."""
        spans = (self.duration, self.slot_interval, self.buffer_before, self.buffer_after)
        if any(span % _MINUTE for span in spans):
            raise ValueError("duration, slot interval and buffers are whole minutes")
        if min(self.duration, self.slot_interval) < _MINUTE:
            raise ValueError("duration and slot interval are at least one minute")
        if min(self.buffer_before, self.buffer_after, self.minimum_notice) < timedelta(0):
            raise ValueError("buffers and notice are not negative")
        if min(self.horizon_days, self.max_per_day, self.max_per_week) < 0:
            raise ValueError("horizon and limits are not negative")
