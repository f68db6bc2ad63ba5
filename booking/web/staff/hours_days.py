"""Which days a form of working hours has, and for how many windows each has room."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from booking.errors import FieldError
from booking.staff.host_rules import MOST_DATES, MOST_WINDOWS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FEWEST_ROWS = 2
"""Windows of a day that the form has room for; one more than are filled in, while there may be."""

MOST_PLACES = 10_000

FIELD = re.compile(
    r"(?:(?P<date>o(?:0|[1-9]\d{0,3}))-date"
    r"|(?P<day>d[0-6]|o(?:0|[1-9]\d{0,3}))-(?:from|to)-(?P<row>0|[1-9]\d?))",
    re.ASCII,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursDays:
    """The days of one form, as many as there may be; what is beyond is told, and not read."""

    filled: Mapping[str, int]
    """How many rows are filled in, by day."""
    dates: Sequence[str]
    """Places of dates that hold anything, such as "o3", ascending."""
    blank: str | None
    """The place for another date, where there may be one more."""
    faults: Sequence[FieldError]

    def rows(self, day: str) -> range:
        """Return the rows of windows that ``day`` has room for."""
        return range(min(MOST_WINDOWS, max(FEWEST_ROWS, self.filled.get(day, 0) + 1)))

    def shown_dates(self) -> list[str]:
        """Return the places of dates that are shown."""
        return [*self.dates, *([self.blank] if self.blank else [])]


def day_of(name: str) -> str:
    """Return the day whose window a field is part of; empty for other fields."""
    found = FIELD.fullmatch(name)
    return (found["day"] if found else None) or ""


def sort_out(form: Mapping[str, str]) -> HoursDays:
    """Return the days of ``form``, which is looked through once, however long it is."""
    filled: dict[str, int] = {}
    for name, text in form.items():
        if text.strip() and (found := FIELD.fullmatch(name)):
            day, rows = (
                (found["date"], 0) if found["date"] else (found["day"], int(found["row"]) + 1)
            )
            filled[day] = max(filled.get(day, 0), rows)
    places = sorted(int(day[1:]) for day in filled if day.startswith("o"))
    dates = [f"o{place}" for place in places[:MOST_DATES]]
    faults = [
        FieldError(f"{day}-from-{MOST_WINDOWS - 1}", "too_many", MOST_WINDOWS)
        for day in (*(day for day in filled if day.startswith("d")), *dates)
        if filled[day] > MOST_WINDOWS
    ]
    if len(places) > MOST_DATES:
        faults.append(FieldError(f"{dates[-1]}-date", "too_many", MOST_DATES))
    after = max(places, default=-1) + 1
    return HoursDays(
        filled=filled,
        dates=dates,
        blank=f"o{after}" if len(places) < MOST_DATES and after < MOST_PLACES else None,
        faults=faults,
    )
