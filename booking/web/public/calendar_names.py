"""What a calendar page calls its parts, in the visitor's language."""

from __future__ import annotations

from typing import Any

from babel.dates import get_day_names

from booking.templating import N_
from booking.web.rfc3339 import write_start

REGION_NAMES = {
    "Africa": N_("Africa"),
    "America": N_("America"),
    "Antarctica": N_("Antarctica"),
    "Arctic": N_("Arctic"),
    "Asia": N_("Asia"),
    "Atlantic": N_("Atlantic"),
    "Australia": N_("Australia"),
    "Europe": N_("Europe"),
    "Indian": N_("Indian Ocean"),
    "Pacific": N_("Pacific"),
}
"""By the first part of a zone's IANA name."""


def weekday_names(locale: str) -> list[tuple[str, str]]:
    """Return (short, full) for Monday to Sunday: („Mo“, „Montag“)."""
    short = get_day_names("short", context="stand-alone", locale=locale)
    full = get_day_names("wide", context="stand-alone", locale=locale)
    return [(short[day], full[day]) for day in range(7)]


WORDS: dict[str, Any] = {
    "weekday_names": weekday_names,
    "region_names": REGION_NAMES,
    "write_start": write_start,
}
"""What the templates of calendar pages call upon."""
