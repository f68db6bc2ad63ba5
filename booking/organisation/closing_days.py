"""Finds the days on which the whole company gives no demos."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from booking.organisation.models import ClosingDay, Organisation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyDays:
    """What the organisation says of some dates."""

    closing_days: Mapping[date, str]
    """The note by date."""
    holiday_region: str
    """Whose public holidays those keep who have no region of their own; empty = nobody's."""
    locale: str
    """The language in which holidays are named."""


def list_closing_days(*, session: Session) -> list[ClosingDay]:
    """Return every closing day, past ones among them, by date."""
    return list(session.scalars(select(ClosingDay).order_by(ClosingDay.local_date)))


def load_company_days(*, first: date, last: date, session: Session) -> CompanyDays:
    """Return what holds from ``first`` to ``last``, inclusive; one query.

    Before the first setup file there is no organisation, and so no such day.
    """
    rows = session.execute(
        select(
            Organisation.holiday_region,
            Organisation.locale,
            ClosingDay.local_date,
            ClosingDay.note,
        ).outerjoin_from(Organisation, ClosingDay, ClosingDay.local_date.between(first, last))
    ).all()
    return CompanyDays(
        closing_days={row.local_date: row.note for row in rows if row.local_date is not None},
        holiday_region=rows[0].holiday_region if rows else "",
        locale=rows[0].locale if rows else "",
    )
