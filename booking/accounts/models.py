"""Tables of the ways in: each is a table of its own beside the staff row, so that more can follow.

A company's sign-in, one-time codes and passkeys would each be one more table; sessions do not care
which of them was used.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from booking.db import Key, Model, Reference, text_enum


class LinkPurpose(StrEnum):
    """Why somebody has got a link; both open the page on which a password is chosen."""

    INVITATION = "invitation"
    RESET = "reset"


class Password(Model):
    """A staff member's password; who has none signs in by link alone."""

    __tablename__ = "password"

    staff_id: Mapped[int] = mapped_column(Reference, ForeignKey("staff.id"), primary_key=True)
    hash: Mapped[str] = mapped_column(String(200))
    """Argon2id in PHC string format: parameters and salt stand in it."""
    changed_at: Mapped[datetime]


class SignInLink(Model):
    """A link that signs one staff member in once; sealed so that its mail can show it."""

    __tablename__ = "sign_in_link"

    id: Mapped[Key]
    staff_id: Mapped[int] = mapped_column(Reference, ForeignKey("staff.id"), index=True)
    purpose: Mapped[LinkPurpose] = mapped_column(text_enum(LinkPurpose, name="purpose"))
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
    """When it, or another one of the same staff member, was used."""


class StaffSession(Model):
    """One signed-in browser; deleting the row signs it out."""

    __tablename__ = "staff_session"

    id: Mapped[Key]
    staff_id: Mapped[int] = mapped_column(Reference, ForeignKey("staff.id"), index=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    browser: Mapped[str] = mapped_column(String(200))
    """As the browser calls itself, so that its owner can tell sessions apart."""
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime]
    """To within a few minutes."""
    expires_at: Mapped[datetime] = mapped_column(index=True)
