"""What staff members are called, by id: those who have left among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from booking.staff.models import Staff

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session


def names_of_staff(ids: Iterable[int] | None = None, *, session: Session) -> dict[int, str]:
    """Return the names of the staff members with these ids, or of all; in alphabetical order."""
    query = select(Staff.id, Staff.name).order_by(Staff.name, Staff.id)
    if ids is not None:
        query = query.where(Staff.id.in_(set(ids)))
    return {row.id: row.name for row in session.execute(query)}
