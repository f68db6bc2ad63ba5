"""Reads at what time staff want a demo: a slot that was offered, or a day and a time they typed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from booking.errors import FieldError, InvalidFieldsError
from booking.time_zone import time_zone
from booking.web.days import read_day
from booking.web.rfc3339 import read_start

if TYPE_CHECKING:
    from collections.abc import Mapping


def read_typed_start(values: Mapping[str, str], *, zone_name: str) -> datetime:
    """Return the instant (UTC) that ``start``, else ``date`` and ``time`` in that zone, tell.

    Of an hour that comes twice, the first is meant.

    Raises:
        InvalidFieldsError: they tell none, or one that clocks leave out.
    """
    chosen = read_start(values.get("start", ""))
    if chosen is not None:
        return chosen
    local = datetime.combine(*_read_day_and_time(values))
    zone = time_zone(zone_name)
    start = local.replace(tzinfo=zone).astimezone(UTC)
    if start.astimezone(zone).replace(tzinfo=None) != local:
        raise InvalidFieldsError([FieldError("time", "skipped")])
    return start


def write_typed_start(start: datetime | None, *, zone_name: str) -> dict[str, str]:
    """Return what stands in the fields for ``start``."""
    if start is None:
        return {}
    local = start.astimezone(time_zone(zone_name))
    return {"date": f"{local:%Y-%m-%d}", "time": f"{local:%H:%M}"}


def _read_day_and_time(values: Mapping[str, str]) -> tuple[date, time]:
    day, at = read_day(values.get("date", "")), _read_time(values.get("time", ""))
    if day is None or at is None:
        faulty = [name for name, read in (("date", day), ("time", at)) if read is None]
        raise InvalidFieldsError(
            [FieldError(name, "format" if values.get(name) else "required") for name in faulty]
        )
    return day, at


def _read_time(text: str) -> time | None:
    try:
        read = time.fromisoformat(text)
    except ValueError:
        return None
    return read.replace(second=0, microsecond=0, tzinfo=None)
