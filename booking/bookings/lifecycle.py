"""The life of a booking: which state may follow which. "Moved" is history, not a state."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

MOST_CHANGES = 5
"""How often a lead may move one booking."""

MOST_OPEN_BOOKINGS = 3
"""How many bookings still to come one address may have."""

MOST_BOOKINGS_A_DAY = 4
"""How often a mailbox may be booked with in 24 hours: each booking mails it what it never asked."""


ADDRESS_OPEN_FOR = timedelta(minutes=10)
"""How long after the booking its lead may correct the mail address."""

MOST_ADDRESSES = 3
"""How often: each correction mails another stranger, if it is not one."""


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


def is_address_open(*, confirmed_at: datetime, start: datetime, now: datetime) -> bool:
    """Tell whether the lead may still correct the mail address (instants in UTC)."""
    return now < min(confirmed_at + ADDRESS_OPEN_FOR, start)
