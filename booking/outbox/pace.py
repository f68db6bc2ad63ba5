"""How many mails one worker may hand over in a minute. Pure."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=1)


class Pace:
    """Counts what was handed over within the last minute; ``per_minute`` 0 means no limit."""

    def __init__(self, *, per_minute: int) -> None:
        self._per_minute = per_minute
        self._taken_at: deque[datetime] = deque()

    def room(self, *, most: int, now: datetime) -> int:
        """Return how many mails may follow at once, at most ``most``; ``now`` is UTC."""
        if not self._per_minute:
            return most
        # Instants still to come were noted before the clock was set back.
        while self._taken_at and not now - WINDOW < self._taken_at[0] <= now:
            self._taken_at.popleft()
        return min(most, self._per_minute - len(self._taken_at))

    def take(self, *, now: datetime) -> None:
        """Note that one mail is handed over."""
        if self._per_minute:
            self._taken_at.append(now)
