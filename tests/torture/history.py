"""What the clients remember: every booking as it may be now, and every answer that must not be.

An answer leaves one possibility; an answer that never came adds one.
"""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CANCELLED = "cancelled"


@dataclass
class Remembered:
    """One acknowledged booking, as its client knows it."""

    public_id: str
    token: str
    possible: set[str]
    """Starts (ISO 8601, UTC) it may stand at, or ``cancelled``."""

    @property
    def is_over(self) -> bool:
        """Tell whether nothing can be done with it any more."""
        return CANCELLED in self.possible


@dataclass(frozen=True)
class Stored:
    """One booking, as it stands in the database."""

    email: str
    stands_at: str
    """Its start (ISO 8601, UTC), or ``cancelled``."""


@dataclass
class History:
    """Shared by all clients."""

    bookings: dict[str, Remembered] = field(default_factory=dict)
    unanswered: set[str] = field(default_factory=set)
    """Addresses whose booking was never acknowledged, and may have been made all the same."""
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, what: str) -> None:
        """Count one answer."""
        with self._lock:
            self.counts[what] += 1

    def add(self, booking: Remembered) -> None:
        """Remember an acknowledged booking."""
        with self._lock:
            self.bookings[booking.public_id] = booking

    def find_faults(self, stored: Mapping[str, Stored]) -> Iterator[str]:
        """Compare with the bookings of the database, by public id."""
        yield from self.faults
        for public_id, booking in self.bookings.items():
            if public_id not in stored:
                yield f"acknowledged booking {public_id} is lost"
            elif stored[public_id].stands_at not in booking.possible:
                yield (
                    f"booking {public_id} stands at {stored[public_id].stands_at},"
                    f" its client knows of {sorted(booking.possible)}"
                )
        for public_id, row in stored.items():
            if public_id not in self.bookings and row.email not in self.unanswered:
                yield f"booking {public_id} was made beside the one that was acknowledged"
