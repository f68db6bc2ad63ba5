"""Finds a staff member by the address that somebody has typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from booking.fields.rules import clean_email, normalise_address
from booking.staff.models import Staff

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session


def find_staff(email: str, *, session: Session) -> Staff | None:
    """Return the staff member whose address it is, however it is written."""
    return session.scalar(select(Staff).where(has_address(email)))


def has_address(email: str) -> ColumnElement[bool]:
    """Tell of the staff member whose address it is; nobody has one that is none."""
    return func.lower(Staff.email) == as_compared(email)


def as_compared(email: str) -> str:
    """Return what was typed as addresses are compared; empty where it is none."""
    try:
        return normalise_address(clean_email(email))
    except ValueError:
        return ""
