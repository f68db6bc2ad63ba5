"""Finds staff members: one by id or by the address that somebody typed, or all who work here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from booking.errors import NotFoundError
from booking.fields.rules import clean_email, normalise_address
from booking.staff.models import Staff

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session


def get_staff(staff_id: int | None, *, session: Session) -> Staff:
    """Return the staff member with that id.

    Raises:
        NotFoundError: there is nobody with that id, or none was named.
    """
    staff = session.get(Staff, staff_id) if staff_id is not None else None
    if staff is None:
        raise NotFoundError
    return staff


def find_staff(email: str, *, session: Session) -> Staff | None:
    """Return the staff member whose address it is, however it is written."""
    return session.scalar(select(Staff).where(has_address(email)))


def list_active_staff(*, session: Session) -> Sequence[Staff]:
    """Return everybody who works here, whether they give demos yet or not, by name."""
    return session.scalars(select(Staff).where(Staff.active).order_by(Staff.name, Staff.id)).all()


def has_address(email: str) -> ColumnElement[bool]:
    """Tell of the staff member whose address it is; nobody has one that is none."""
    return func.lower(Staff.email) == as_compared(email)


def as_compared(email: str) -> str:
    """Return what was typed as addresses are compared; empty where it is none."""
    try:
        return normalise_address(clean_email(email))
    except ValueError:
        return ""
