"""One booking as the figures see it: no name, no address, only what is counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from booking.bookings.lifecycle import Outcome
    from booking.segment import Segment


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """One booking that was confirmed at some time; instants are aware UTC."""

    lead_id: int
    host_ids: tuple[int, ...]
    segment: Segment
    source: str
    """``utm_source`` of the link that led here; empty where there was none."""
    booked_at: datetime
    first_start: datetime
    """The start that was booked first; a move leaves it."""
    start: datetime
    end: datetime
    cancelled_at: datetime | None
    was_cancelled_by_lead: bool
    was_moved: bool
    outcome: Outcome | None
    reminders: int
    """How many were delivered before the start."""

    @property
    def was_cancelled(self) -> bool:
        """Tell whether it was called off before it began; what is cancelled later has taken place.

        The time counts that it was to begin at when it was cancelled.
        """
        return self.cancelled_at is not None and self.cancelled_at < self.start
