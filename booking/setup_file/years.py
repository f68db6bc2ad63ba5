"""Which dates and times a setup file may name: those that the console takes as well."""

from __future__ import annotations

from datetime import date
from typing import Annotated, TypeVar

from pydantic import AfterValidator

from booking.setup_file.faults import refusal
from booking.time_zone import YEARS

Moment = TypeVar("Moment", bound=date)


def within_years(moment: Moment) -> Moment:
    """Refuse a date, a wall time or an instant whose year nobody may name."""
    if moment.year not in YEARS:
        raise refusal(f"must lie between the years {YEARS[0]} and {YEARS[-1]}")
    return moment


Day = Annotated[date, AfterValidator(within_years)]
