"""Where public holidays are known: each region by its code, with the name its readers know."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from babel import Locale

from booking.public_holidays import list_countries
from booking.templating import N_, translate

if TYPE_CHECKING:
    from collections.abc import Iterable

GERMAN_STATES = {
    "DE-BW": N_("Baden-Württemberg"),
    "DE-BY": N_("Bavaria"),
    "DE-BE": N_("Berlin"),
    "DE-BB": N_("Brandenburg"),
    "DE-HB": N_("Bremen"),
    "DE-HH": N_("Hamburg"),
    "DE-HE": N_("Hesse"),
    "DE-MV": N_("Mecklenburg-Western Pomerania"),
    "DE-NI": N_("Lower Saxony"),
    "DE-NW": N_("North Rhine-Westphalia"),
    "DE-RP": N_("Rhineland-Palatinate"),
    "DE-SL": N_("Saarland"),
    "DE-SN": N_("Saxony"),
    "DE-ST": N_("Saxony-Anhalt"),
    "DE-SH": N_("Schleswig-Holstein"),
    "DE-TH": N_("Thuringia"),
}


def name_region(code: str, *, locale: str) -> str:
    """Return what a region is called; of a part of another country, the country and the part."""
    if code in GERMAN_STATES:
        return translate(GERMAN_STATES[code], locale=locale)
    country, _, part = code.partition("-")
    name = Locale.parse(locale).territories.get(country, country)
    return f"{name} ({part})" if part else name


@cache
def region_choices(locale: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the German states and the countries, as pairs of code and name, by name."""
    return _named(GERMAN_STATES, locale), _named(list_countries(), locale)


def _named(codes: Iterable[str], locale: str) -> list[tuple[str, str]]:
    names = [(code, name_region(code, locale=locale)) for code in codes]
    return sorted(names, key=lambda named: named[1])
