"""Tables of leads and of what staff note about them.

A lead groups bookings by address and keeps no name that a stranger could change.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from booking.db import Key, Model, Reference


class Lead(Model):
    """The person behind bookings; name and company stay on each booking as they were typed."""

    __tablename__ = "lead"

    id: Mapped[Key]
    address: Mapped[str] = mapped_column(String(254), unique=True)
    """Normalised: lower case, domain in ASCII."""
    created_at: Mapped[datetime]
    suppressed_until: Mapped[datetime | None]
    """Until when nobody can book with this address: its owner has said that it was misused."""
    mailbox: Mapped[str | None] = mapped_column(String(254), index=True)
    """Where its mails end up, see ``mailbox_of``: ``name+tag@`` is ``name@``."""
    domain: Mapped[str | None] = mapped_column(String(254), index=True)
    """What stands behind the @: who writes from one company's domain is of that company."""


class StaffNote(Model):
    """What one staff member has noted about a lead; it can be deleted, never changed."""

    __tablename__ = "staff_note"
    __table_args__ = (Index("ix_staff_note_lead_id_created_at", "lead_id", "created_at"),)

    id: Mapped[Key]
    lead_id: Mapped[int] = mapped_column(Reference, ForeignKey("lead.id"))
    staff_id: Mapped[int] = mapped_column(Reference, ForeignKey("staff.id"))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
