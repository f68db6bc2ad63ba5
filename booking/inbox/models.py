"""Table of the inbox: what leads are sorted and filtered by, derived from their requests."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from booking.db import Model, Reference, text_enum
from booking.inbox.standing import LeadState
from booking.segment import Segment

EVERYBODY = 0
"""Stands in the table where a host's id would: the entry for those who see all leads.

Whoever asks says None for it, as everywhere.
"""


def key_of(reader: int | None) -> int:
    """Return under whose key the entries of ``reader`` stand; None for whoever sees everything."""
    return EVERYBODY if reader is None else reader


class InboxEntry(Model):
    """One lead as one host finds it, or as those find it who see everybody's.

    What a host finds comes from the host's own part of it, never from a colleague's. Nothing here
    is first-hand: every column follows from bookings and wishes, and is written anew in the
    transaction that changes them.
    """

    __tablename__ = "inbox_entry"
    # Each filter has its index, in the order in which the list is read.
    __table_args__ = (
        Index("ix_inbox_entry_came_at", "seen_by", "came_at", "lead_id"),
        Index("ix_inbox_entry_segment", "seen_by", "segment", "came_at", "lead_id"),
        Index("ix_inbox_entry_state", "seen_by", "state", "came_at", "lead_id"),
        Index("ix_inbox_entry_source", "seen_by", "source", "came_at", "lead_id"),
    )

    seen_by: Mapped[int] = mapped_column(Reference, primary_key=True, autoincrement=False)
    """A host who has, or has had, a booking or a wish of this lead; or EVERYBODY."""
    lead_id: Mapped[int] = mapped_column(
        Reference, ForeignKey("lead.id"), primary_key=True, autoincrement=False, index=True
    )
    came_at: Mapped[datetime]
    """When the newest booking or wish came, of those that the reader may know of."""
    segment: Mapped[Segment] = mapped_column(text_enum(Segment, name="segment"))
    state: Mapped[LeadState] = mapped_column(text_enum(LeadState, name="state"))
    source: Mapped[str] = mapped_column(String(200))
    words: Mapped[str] = mapped_column(Text)
