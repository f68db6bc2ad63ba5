"""What the rules are called by which somebody gives demos, as the history keeps them."""

from __future__ import annotations

from datetime import date

from babel import Locale

from booking.local_time import format_date_short
from booking.templating import N_, translate

RULES = {"time_zone": N_("Time zone"), "holiday_region": N_("Public holidays")}


def name_rule(name: str, *, locale: str) -> str:
    """Return the name of a weekday ("0" is Monday), of a date, or of another rule."""
    if name in RULES:
        return translate(RULES[name], locale=locale)
    if name.isdecimal():
        return str(Locale.parse(locale).days["stand-alone"]["wide"][int(name)])
    return format_date_short(date.fromisoformat(name), locale=locale)
