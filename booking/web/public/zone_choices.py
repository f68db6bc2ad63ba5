"""The time zones a visitor may choose from, by region and with the names of their places."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from importlib import resources

from babel import Locale

from booking.time_zone import is_time_zone

ZONE_LIST = resources.files("tzdata").joinpath("zoneinfo", "zone.tab")


@cache
def zone_choices(locale: str) -> dict[str, list[tuple[str, str]]]:
    """Return pairs (place, IANA name) by region, sorted as they are read.

    These are the places that the zone list finds on the map, without their older names.
    """
    names = Locale.parse(locale).time_zones
    regions = defaultdict(list)
    for line in ZONE_LIST.read_text(encoding="ascii").splitlines():
        if line.startswith("#"):
            continue
        zone = line.split("\t")[2]
        if is_time_zone(zone):
            region, _, place = zone.partition("/")
            known = names.get(zone, {}).get("city")
            regions[region].append((known or place.replace("_", " "), zone))
    return {region: sorted(places) for region, places in sorted(regions.items())}
