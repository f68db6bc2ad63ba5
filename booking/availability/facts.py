"""What is known of a host when the engine is asked: hours, absences, busy times, reservations.

The caller loads it for the whole range it asks about, leaves out lapsed holds, and leaves out the
meeting that is being moved.
"""

from dataclasses import dataclass
from datetime import datetime

from booking.availability.interval import Interval
from booking.availability.working_hours import WorkingHours


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """Time of a host that belongs to a meeting.

    Attributes:
        start: when the meeting starts, aware UTC.
        blocked: the meeting with the buffers of its own event type.
        held: whether it is an unlapsed hold and not yet a booking.
        counts: whether it is of the event type asked about, and so counts for its limits.
    """

    start: datetime
    blocked: Interval
    held: bool
    counts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HostFacts:
    """One host as the engine sees them; the order and overlaps of the intervals do not matter."""

    host_id: int
    hours: WorkingHours
    time_off: tuple[Interval, ...] = ()
    busy: tuple[Interval, ...] = ()
    reservations: tuple[Reservation, ...] = ()
