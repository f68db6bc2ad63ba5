"""The only place that reads the time; everything else is handed ``now``."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present instant as an aware UTC datetime."""
    return datetime.now(UTC)  # noqa: TID251 - this is the one place that may
