"""How a number is told to a person: the one formatter, worded as CLDR says for the language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from babel import Locale, numbers, units

if TYPE_CHECKING:
    from datetime import timedelta

HOURS_OF_A_DAY = 24


def format_number(number: int, *, locale: str) -> str:
    """Return "1.234" or "1,234"."""
    return numbers.format_decimal(number, locale=locale)


def format_share(value: float, *, locale: str) -> str:
    """Return a share between 0 and 1 as "62,5 %"; at most one place after the comma."""
    pattern = Locale.parse(locale).percent_formats[None].pattern.replace("0", "0.#", 1)
    return numbers.format_percent(value, format=pattern, locale=locale)


def format_points(points: float, *, locale: str) -> str:
    """Return a difference in percentage points with its sign: "+3,2"."""
    return numbers.format_decimal(points, format="+0.0;−0.0", locale=locale)  # noqa: RUF001 - the true minus


def format_span(span: timedelta, *, locale: str) -> str:
    """Return a span in whole hours below a day and in days above: "5 Stunden", "3,5 Tage"."""
    hours = span.total_seconds() / 3600
    if hours < HOURS_OF_A_DAY:
        return units.format_unit(round(hours), "duration-hour", locale=locale)
    days = round(hours / HOURS_OF_A_DAY, 1)
    return units.format_unit(days, "duration-day", locale=locale)
