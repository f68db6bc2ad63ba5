"""Days as they stand in addresses and forms; what is none is as if nothing had been said."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from booking.time_zone import time_zone

FIRST, LAST = date(1970, 1, 1), date(9000, 12, 31)
"""Beyond these, a month's last week or a zone's offset would leave the calendar."""


def read_day(text: str | None) -> date | None:
    """Return the day that ``text`` names (ISO 8601); None where it is none, or too far away."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if FIRST <= day <= LAST else None


def beginning_of(day: date, *, zone_name: str) -> datetime:
    """Return the first instant of ``day`` in that zone."""
    return datetime.combine(day, time(), time_zone(zone_name))


def end_of(day: date, *, zone_name: str) -> datetime:
    """Return the first instant after ``day`` in that zone."""
    return beginning_of(day + timedelta(days=1), zone_name=zone_name)
