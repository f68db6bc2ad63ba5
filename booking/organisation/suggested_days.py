"""Which working days a company may want to close, going by the public holidays around them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

ONE_DAY = timedelta(days=1)
SATURDAY = 5


class Occasion(StrEnum):
    """Why a day is suggested."""

    CHRISTMAS_EVE = "christmas_eve"
    NEW_YEARS_EVE = "new_years_eve"
    BRIDGE = "bridge"
    """It stands alone between days that are free."""


EVES = {(12, 24): Occasion.CHRISTMAS_EVE, (12, 31): Occasion.NEW_YEARS_EVE}


@dataclass(frozen=True, slots=True)
class SuggestedDay:
    """A date, and why it is suggested."""

    on: date
    occasion: Occasion


def suggest_closing_days(
    *, holidays: Collection[date], first: date, last: date
) -> Iterator[SuggestedDay]:
    """Yield working days from ``first`` to ``last``, both included, that are often closed.

    ``holidays`` must reach a day beyond both.
    """
    day = first
    while day <= last:
        occasion = _occasion(day, holidays=holidays)
        if occasion is not None and not _is_free(day, holidays=holidays):
            yield SuggestedDay(day, occasion)
        day += ONE_DAY


def _occasion(day: date, *, holidays: Collection[date]) -> Occasion | None:
    is_bridge = all(_is_free(day + side * ONE_DAY, holidays=holidays) for side in (-1, 1))
    return EVES.get((day.month, day.day), Occasion.BRIDGE if is_bridge else None)


def _is_free(day: date, *, holidays: Collection[date]) -> bool:
    return day.weekday() >= SATURDAY or day in holidays
