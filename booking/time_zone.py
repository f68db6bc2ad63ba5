"""Which time zones there are, and their rules.

Answers from the pinned ``tzdata`` package alone: importing this module takes the operating
system's zone files out of the search path of the whole process, so that two machines with the
same lock file never disagree about a daylight-saving night. It knows no request and no clock.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib import metadata, resources
from zoneinfo import ZoneInfo, reset_tzpath

reset_tzpath(to=())
ZoneInfo.clear_cache()  # a zone that was loaded earlier may have come from the system

RULES = metadata.version("tzdata")
"""The version of the rules, such as 2026.1 (IANA's 2026a)."""

NO_PLACES = frozenset({"Factory", "localtime", "posixrules"})
"""Names that some zone lists carry although no clock on earth follows them."""

TIME_ZONES = frozenset(
    resources.files("tzdata").joinpath("zones").read_text(encoding="ascii").split()
).difference(NO_PLACES)
"""Every IANA name that may be stored or asked for, spelled exactly as IANA does."""


YEARS = range(2000, 3000)
"""The years that a person may name: far enough, and far from the ends of the calendar, beyond
which no zone can tell its local time."""


@cache
def time_zone(name: str) -> ZoneInfo:
    """Return the rules of the IANA zone `name`.

    Raises:
        ValueError: `name` is not in the allow-list; the case must match exactly. The name never
            becomes a path before it has been found there.
    """
    if not is_time_zone(name):
        raise ValueError(f"unknown time zone: {name!r}")
    return ZoneInfo(name)


def is_time_zone(name: str) -> bool:
    """Tell whether `name` is an IANA zone that this service knows, in its exact spelling."""
    return name in TIME_ZONES


def instant_of(local: datetime, *, zone: str) -> datetime:
    """Return the UTC instant of a wall time in ``zone``.

    A wall time that does not exist is read with the offset before the gap, one that exists twice
    is the first (PEP 495, fold = 0). Raises OverflowError at the ends of the calendar.
    """
    return local.replace(tzinfo=time_zone(zone)).astimezone(UTC)


def local_day(on: date, *, zone: str) -> tuple[datetime, datetime]:
    """Return the UTC instants at which a date begins and ends in ``zone``.

    Where the clocks change they are not 24 hours apart.
    """
    start, end = (
        instant_of(datetime.combine(day, time()), zone=zone) for day in (on, on + timedelta(days=1))
    )
    return start, end
