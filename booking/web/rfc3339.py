"""Reads instants as RFC 3339 writes them, and nothing that merely looks like one.

The standard library reads all of ISO 8601 (week dates, a comma, no offset), so it is only asked
after the shape has been checked.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

# RFC 3339 §5.6, with "T" and "Z" in either case as its note allows, but no space for the "T".
# A leap second (":60") is no start of a meeting.
DATE_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt]([01]\d|2[0-3])(:[0-5]\d)(?:(:[0-5]\d)(\.\d+)?)?"
    r"([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)?",
    re.ASCII,
)
PLUS_LOST = re.compile(r" (?=\d\d:\d\d\Z)", re.ASCII)
MOST_CHARACTERS = 64
"""Longer than any instant; what is longer is not even looked at."""
FIRST_YEAR, LAST_YEAR = 1000, 9998
"""Years of four digits from which every zone's local time can be told."""


class DateTimeError(ValueError):
    """The text is no instant; ``code`` says why: date_time, offset_required or out_of_range."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def parse_instant(text: str) -> datetime:
    """Return the instant of ``text`` in aware UTC; digits beyond the microsecond are cut.

    Raises:
        DateTimeError: it is none, lacks its offset, or lies outside the years 1000 to 9998.
    """
    found = DATE_TIME.fullmatch(text) if len(text) <= MOST_CHARACTERS else None
    if found is None:
        raise DateTimeError("date_time")
    date, hour, minute, second, fraction, offset = found.groups()
    if offset is None:
        raise DateTimeError("offset_required")
    if second is None:
        raise DateTimeError("date_time")
    if not FIRST_YEAR <= int(date[:4]) <= LAST_YEAR:
        raise DateTimeError("out_of_range")
    try:
        local = datetime.fromisoformat(
            f"{date}T{hour}{minute}{second}{(fraction or '.0')[:7].ljust(7, '0')}{offset.upper()}"
        )
    except ValueError:
        raise DateTimeError("date_time") from None
    return local.astimezone(UTC)


def parse_query_instant(text: str) -> datetime:
    """Return the instant of a query string, where an unescaped ``+`` arrives as a space.

    Raises:
        DateTimeError: as ``parse_instant``.
    """
    return parse_instant(PLUS_LOST.sub("+", text))


def read_start(text: str) -> datetime | None:
    """Return the instant of ``text`` in UTC; None where it is none."""
    try:
        return parse_query_instant(text)
    except DateTimeError:
        return None


def write_start(start: datetime) -> str:
    """Return ``start`` as `read_start` reads it, in characters that need no escaping."""
    return start.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
