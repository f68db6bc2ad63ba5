"""How an instant is told to a person: the one formatter that page, mail and invite share.

Dates, times and names of zones are worded as CLDR says for the reader's language, so a further
language needs nothing here. Every function takes aware UTC instants, the IANA name of the zone the
reader lives in, and the language; times are told on the 24-hour clock.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from babel import Locale, dates
from babel.core import get_global

from booking.time_zone import time_zone as zone_of

if TYPE_CHECKING:
    from datetime import date

CLDR_LOCALES = {"en": "en_GB"}
"""English without a country is American to CLDR; ours is read all over the world."""

# Readers of English disagree about 05/11/2026: they get the month as a word.
SHORT_DAY_SKELETONS = {"en": "yMMMEd"}
SHORT_DAY_SKELETON = "yMEd"

# British English knows the abbreviations of Europe, American English those of America.
ABBREVIATED_IN = {"en": ("en_GB", "en")}

NOT_NAMED = "∅∅∅"
"""CLDR's mark for a zone that people of that language do not abbreviate."""


def format_date_long(day: date, *, locale: str) -> str:
    """Return "Dienstag, 24. November 2026" for a local date; a line may end at the comma alone."""
    weekday, comma, rest = dates.format_date(day, "full", locale=_cldr(locale)).partition(", ")
    return weekday + comma + _unbroken(rest)


def format_month(day: date, *, locale: str) -> str:
    """Return "November 2026" for a local date in that month."""
    return dates.format_skeleton("yMMMM", _midnight(day), locale=_cldr(locale))


def format_day(instant: datetime, *, time_zone: str, locale: str) -> str:
    """Return the reader's local date: "Dienstag, 24. November 2026"."""
    return format_date_long(_local(instant, time_zone).date(), locale=locale)


def format_date_short(day: date, *, locale: str) -> str:
    """Return a local date for a narrow place: "Di., 24.11.2026", "Tue, 24 Nov 2026"."""
    skeleton = SHORT_DAY_SKELETONS.get(locale, SHORT_DAY_SKELETON)
    return dates.format_skeleton(skeleton, _midnight(day), locale=_cldr(locale))


def format_short_day(instant: datetime, *, time_zone: str, locale: str) -> str:
    """Return the reader's local date for a narrow place: "Di., 24.11.2026", "Tue, 24 Nov 2026"."""
    return format_date_short(_local(instant, time_zone).date(), locale=locale)


def format_date_brief(day: date, *, locale: str) -> str:
    """Return a local date whose year is told elsewhere: "Di., 24.11.", "Tue 24 Nov"."""
    skeleton = SHORT_DAY_SKELETONS.get(locale, SHORT_DAY_SKELETON).removeprefix("y")
    return dates.format_skeleton(skeleton, _midnight(day), locale=_cldr(locale))


def format_time(instant: datetime, *, time_zone: str, locale: str) -> str:
    """Return the reader's wall time: "10:00"."""
    return dates.format_skeleton("Hm", _wall(instant, time_zone), locale=_cldr(locale))


def format_times(start: datetime, end: datetime, *, time_zone: str, locale: str) -> str:
    """Return the times of [start, end) where the zone is told elsewhere: "10:00–10:30".

    Where the clocks change in between, each end has its own zone: "02:45 MESZ – 02:15 MEZ".
    """
    zones = [zone_abbreviation(at, time_zone=time_zone, locale=locale) for at in (start, end)]
    times = [format_time(at, time_zone=time_zone, locale=locale) for at in (start, end)]
    if zones[0] == zones[1]:
        return "–".join(times)
    return _unbroken(" – ".join(f"{times[at]} {zones[at]}" for at in (0, 1)))


def format_period(start: datetime, end: datetime, *, time_zone: str, locale: str) -> str:
    """Return the times of [start, end) and the zone: "10:00–10:30 Uhr (MEZ)".

    Where the clocks change in between, each end has its own zone: "02:45 MESZ – 02:15 MEZ".
    """
    zones = [zone_abbreviation(at, time_zone=time_zone, locale=locale) for at in (start, end)]
    if zones[0] != zones[1]:
        return format_times(start, end, time_zone=time_zone, locale=locale)
    wall_start, wall_end = _wall(start, time_zone), _wall(end, time_zone)
    # With one date for both, CLDR tells the times alone, also across midnight.
    period = dates.format_interval(
        wall_start, datetime.combine(wall_start, wall_end.time()), "Hm", locale=_cldr(locale)
    )
    return _unbroken(f"{period} ({zones[0]})")


def format_slot(start: datetime, end: datetime, *, time_zone: str, locale: str) -> str:
    """Return the whole of it: "Dienstag, 24. November 2026, 10:00–10:30 Uhr (MEZ)"."""
    return str(Locale.parse(_cldr(locale)).datetime_formats["medium"]).format(
        format_period(start, end, time_zone=time_zone, locale=locale),
        format_day(start, time_zone=time_zone, locale=locale),
    )


def format_slot_short(start: datetime, *, time_zone: str, locale: str) -> str:
    """Return the start for a narrow place: "Di., 24.11.2026, 10:00 Uhr"."""
    names = Locale.parse(_cldr(locale))
    # CLDR has the word for "o'clock" only where an interval ends.
    pattern = names.interval_formats["Hm"]["m"][-1]
    time = dates.format_time(_wall(start, time_zone), pattern, locale=names)
    return str(names.datetime_formats["medium"]).format(
        _unbroken(time), format_short_day(start, time_zone=time_zone, locale=locale)
    )


def format_zone(instant: datetime, *, time_zone: str, locale: str) -> str:
    """Return the zone by name, with its offset then: "Mitteleuropäische Normalzeit (UTC+1)".

    Where the language has no name for it, the place stands for the zone: "Casablanca (UTC+1)".
    """
    local = _local(instant, time_zone)
    names = Locale.parse(_cldr(locale))
    name = _name_of_zone(local, time_zone, names=names, width="long")
    name = name or dates.get_timezone_location(zone_of(time_zone), locale=names, return_city=True)
    offset = _offset(local)
    return name if name == offset else f"{name} ({offset})"


def zone_abbreviation(instant: datetime, *, time_zone: str, locale: str) -> str:
    """Return "MEZ" or "MESZ" where the language has such a word, else the offset: "UTC+5:45"."""
    local = _local(instant, time_zone)
    for language in ABBREVIATED_IN.get(locale, (_cldr(locale),)):
        names = Locale.parse(language)
        abbreviation = _name_of_zone(local, time_zone, names=names, width="short")
        if abbreviation:
            return abbreviation
    return _offset(local)


def _cldr(locale: str) -> str:
    return CLDR_LOCALES.get(locale, locale)


def _local(instant: datetime, time_zone: str) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("a naive datetime is no instant")
    return instant.astimezone(zone_of(time_zone))


def _wall(instant: datetime, time_zone: str) -> datetime:
    """Return the local time without its zone, as Babel would else convert it back to UTC."""
    return _local(instant, time_zone).replace(tzinfo=None)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a local date has no zone


def _unbroken(text: str) -> str:
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def _offset(local: datetime) -> str:
    """Return "UTC+5:45", or "UTC" alone; west of Greenwich with a real minus sign."""
    offset = local.utcoffset() or timedelta()
    if not offset:
        return "UTC"
    sign = "+" if offset > timedelta() else "\N{MINUS SIGN}"
    hours, minutes = divmod(abs(offset) // timedelta(minutes=1), 60)
    return f"UTC{sign}{hours}:{minutes:02}" if minutes else f"UTC{sign}{hours}"


def _name_of_zone(local: datetime, time_zone: str, *, names: Locale, width: str) -> str | None:
    """Return CLDR's own name; Babel's function misses renamed zones, and Dublin's seasons."""
    variant = "daylight" if _is_summer_time(local) else "standard"
    old_name = _names_in_cldr().get(time_zone, time_zone)
    metazone = get_global("meta_zones").get(old_name)
    for entry in (names.time_zones.get(old_name, {}), names.meta_zones.get(metazone, {})):
        name = entry.get(width, {}).get(variant)
        if name and name != NOT_NAMED:
            return str(name)
    return None


def _is_summer_time(local: datetime) -> bool:
    """Tell by the offsets: the zone database calls Dublin's winter the exception, CLDR does not."""
    seasons = [local.replace(month=month, day=1, fold=0) for month in (1, 7)]
    if not any(season.dst() for season in seasons):
        return False
    return local.utcoffset() == max(season.utcoffset() or timedelta() for season in seasons)


@cache
def _names_in_cldr() -> dict[str, str]:
    """Return the name under which CLDR files a zone that IANA has renamed since."""
    renamed = get_global("zone_aliases")
    return {renamed[old]: old for old in get_global("meta_zones") if old in renamed}
