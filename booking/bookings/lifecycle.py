"""The life of a booking: which state may follow which. "Moved" is history, not a state."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime, timedelta

MOST_CHANGES = 5
"""How often a lead may move one booking."""

MOST_OPEN_BOOKINGS = 3
"""How many bookings still to come one address may have."""

MOST_BOOKINGS_A_DAY = 4
"""How often a mailbox may be booked with in 24 hours: each booking mails it what it never asked."""


class BookingState(StrEnum):
    """The states of a booking; ``pending`` waits for an approval that is not built yet."""

    HELD = "held"
    PENDING = "pending"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


LIVE_STATES = (BookingState.HELD, BookingState.PENDING, BookingState.CONFIRMED)
"""The states that take a host's time."""


class Outcome(StrEnum):
    """What became of a demo; not marked is NULL."""

    ATTENDED = "attended"
    NO_SHOW = "no_show"


def is_change_open(*, start: datetime, minimum_change_notice: timedelta, now: datetime) -> bool:
    """Tell whether the lead may still move or cancel a meeting that starts at ``start`` (UTC).

    The last such instant is exactly ``minimum_change_notice`` before the start; a meeting that has
    started is closed in any case.
    """
    return now < start and now <= start - minimum_change_notice
