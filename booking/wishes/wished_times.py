"""The times of a wish: one to three days, each with a part of it.

Pure; dates are those of the lead's own zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Self

from booking.errors import FieldError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MOST_WISHED_TIMES = 3
NUMBERS = range(1, MOST_WISHED_TIMES + 1)
FURTHEST = timedelta(days=365)
"""How far ahead a wish may lie."""


class PartOfDay(StrEnum):
    """When on a day; the values are stored."""

    ANY = "any"
    """„ganztägig“."""
    MORNING = "morning"
    MIDDAY = "midday"
    AFTERNOON = "afternoon"
    EVENING = "evening"


@dataclass(frozen=True, slots=True, kw_only=True)
class WishedTime:
    """One day that would suit, and when on it."""

    on: date
    part: PartOfDay

    @classmethod
    def read(cls, stored: Mapping[str, str]) -> Self:
        """Return the wished time that was stored as ``stored``."""
        return cls(on=date.fromisoformat(stored["on"]), part=PartOfDay(stored["part"]))

    def write(self) -> dict[str, str]:
        """Return it as it is stored."""
        return {"on": self.on.isoformat(), "part": self.part.value}


def day_field(number: int) -> str:
    """Return the name of the field for the day of wish ``number``, from 1."""
    return f"on-{number}"


def part_field(number: int) -> str:
    """Return the name of the field for the part of that day."""
    return f"part-{number}"


WISHED_FIELDS = tuple(field(number) for number in NUMBERS for field in (day_field, part_field))
"""The fields of all of them, in their order."""


def read_wished_times(
    typed: Mapping[str, str], *, today: date
) -> tuple[list[WishedTime], list[FieldError]]:
    """Return the wished times that ``typed`` tells, and every fault of them.

    The first must be there, the others may be left blank. ``today`` is the first day that can be
    wished for.
    """
    found: list[WishedTime] = []
    faults: list[FieldError] = []
    for number in NUMBERS:
        day, part = (typed.get(field(number), "").strip() for field in (day_field, part_field))
        if not day and part in {"", PartOfDay.ANY} and number > 1:
            continue
        wished = _read(day, part=part)
        fault = wished if isinstance(wished, str) else _fault(wished, before=found, today=today)
        if fault:
            faults.append(FieldError(day_field(number), fault))
        elif isinstance(wished, WishedTime):
            found.append(wished)
    return found, faults


def _read(day: str, *, part: str) -> WishedTime | str:
    """Return the wished time, or the code of what is wrong with it."""
    if not day:
        return "required" if part in {"", PartOfDay.ANY} else "day_missing"
    try:
        on = date.fromisoformat(day)
    except ValueError:
        return "date"
    try:
        return WishedTime(on=on, part=PartOfDay(part or PartOfDay.ANY))
    except ValueError:
        return "choice"


def _fault(wished: WishedTime, *, before: Sequence[WishedTime], today: date) -> str | None:
    if wished.on < today:
        return "past"
    if wished.on > today + FURTHEST:
        return "too_far"
    return "wished_before" if wished in before else None
