"""Which days are public holidays where: worked out by the library ``holidays``, never stored.

A region is a code of ISO 3166: a country ("AT") or a part of one ("DE-BE"). The library takes a
third of a second to load, which waits until a region is asked about.
"""

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType

REGION = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?", re.ASCII)


def is_region(code: str) -> bool:
    """Tell whether the holidays of ``code`` are known; upper and lower case matter."""
    from holidays import list_supported_countries  # noqa: PLC0415 - slow to load

    if not REGION.fullmatch(code):
        return False
    parts_by_country = list_supported_countries(include_aliases=False)
    country, _, part = code.partition("-")
    return country in parts_by_country and (not part or part in parts_by_country[country])


def list_countries() -> list[str]:
    """Return every country whose public holidays are known."""
    from holidays import list_supported_countries  # noqa: PLC0415 - slow to load

    return sorted(list_supported_countries(include_aliases=False))


def holidays_between(region: str, *, first: date, last: date, locale: str) -> dict[date, str]:
    """Return the name of each public holiday of ``region`` from ``first`` to ``last``, inclusive.

    No region ("") has none.
    """
    years = range(first.year, last.year + 1) if region else ()
    return {
        day: name
        for year in years
        for day, name in holidays_of_year(region, year=year, locale=locale).items()
        if first <= day <= last
    }


@lru_cache(maxsize=1024)
def holidays_of_year(region: str, *, year: int, locale: str) -> Mapping[date, str]:
    """Return the name of each public holiday of ``region`` in ``year``, by date.

    Named in the language ``locale`` where the library speaks it, else in English.
    """
    from holidays import country_holidays  # noqa: PLC0415 - slow to load

    country, _, part = region.partition("-")
    found = country_holidays(country, subdiv=part or None, years=year, language=locale)
    return MappingProxyType({day: found[day] for day in sorted(found) if day.year == year})
