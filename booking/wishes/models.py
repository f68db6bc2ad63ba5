"""Table of wishes."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from booking.db import Json, Key, Model, Reference, text_enum
from booking.segment import Segment


class WishState(StrEnum):
    """How far a wish has come; every one begins as ``open``, and staff will lead it on."""

    OPEN = "open"
    ANSWERED = "answered"
    """The lead has been offered a time."""
    CLOSED = "closed"
    """There is nothing more to do."""


class Wish(Model):
    """The times one lead asks for, with the contact data as it was typed."""

    __tablename__ = "wish"
    __table_args__ = (
        Index("ix_wish_lead_id_created_at", "lead_id", "created_at"),
        Index("ix_wish_state_created_at", "state", "created_at"),
    )

    id: Mapped[Key]
    event_type_id: Mapped[int] = mapped_column(Reference, ForeignKey("event_type.id"))
    lead_id: Mapped[int] = mapped_column(Reference, ForeignKey("lead.id"))
    state: Mapped[WishState] = mapped_column(text_enum(WishState, name="state"))
    segment: Mapped[Segment] = mapped_column(text_enum(Segment, name="segment"))
    wished_times: Mapped[list[Any]] = mapped_column(Json)
    """One to three, the dearest first: ``{"on": "2026-12-01", "part": "morning"}``."""
    name: Mapped[str] = mapped_column(String(100))
    email: Mapped[str] = mapped_column(String(254))
    company: Mapped[str | None] = mapped_column(String(200))
    team_size: Mapped[int | None] = mapped_column(Integer)
    phone: Mapped[str | None] = mapped_column(String(32))
    notes: Mapped[str | None] = mapped_column(Text)
    answers: Mapped[dict[str, Any]] = mapped_column(Json)
    source: Mapped[dict[str, Any]] = mapped_column(Json)
    time_zone: Mapped[str] = mapped_column(String(64))
    """The zone that the days and their parts are meant in."""
    locale: Mapped[str] = mapped_column(String(16))
    notice_version: Mapped[str | None] = mapped_column(String(40))
    created_at: Mapped[datetime]
    assigned_to: Mapped[int | None] = mapped_column(Reference, index=True)
    """Which staff member has taken it; none is ever deleted, so that no key need hold it."""
    answered_at: Mapped[datetime | None]
    """When the lead was first answered; stays when the wish is opened again."""
