"""When a mail that could not be handed over is tried again."""

from __future__ import annotations

from datetime import datetime, timedelta

WAITS_MINUTES = (1, 5, 15, 30, 60)
SPREAD = 0.2


def next_attempt_at(*, attempts: int, now: datetime, jitter: float) -> datetime:
    """Return when to try again after ``attempts`` failed attempts, at least one.

    The waits are 1, 5, 15, 30 and then always 60 minutes, each ±20 %.

    Args:
        attempts: how often the mail has failed, the last time included.
        now: aware UTC.
        jitter: random, 0 <= jitter < 1; spreads mails that failed together over time.
    """
    wait = timedelta(minutes=WAITS_MINUTES[min(attempts, len(WAITS_MINUTES)) - 1])
    return now + wait * (1 - SPREAD + 2 * SPREAD * jitter)
