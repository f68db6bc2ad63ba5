"""Table of leads: groups bookings by address, keeps no name that a stranger could change."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from booking.db import Key, Model


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
    """Where its mails end up: the address without a tag, since ``name+tag@`` is ``name@``."""
