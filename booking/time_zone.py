"""Which time zones there are, and their rules.

Answers from the pinned ``tzdata`` package alone: importing this module takes the operating
system's zone files out of the search path of the whole process, so that two machines with the
same lock file never disagree about a daylight-saving night. It knows no request and no clock.
"""

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
