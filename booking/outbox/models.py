"""Table of the outbox: one row a mail."""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from booking.db import Json, Key, Model, Reference, text_enum


class MessageState(StrEnum):
    """Where a mail is on its way."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    """The connection was lost when the server may have taken it; tried once more, then shown."""
    FAILED = "failed"
    OBSOLETE = "obsolete"
    """Overtaken by a change."""
    EXPIRED = "expired"
    """Past the instant up to which it was of use."""


class Recipient(StrEnum):
    """Whom a mail goes to; the address is looked up when it is composed."""

    LEAD = "lead"
    HOST = "host"
    STAFF = "staff"
    ORGANISATION = "organisation"


class Priority(IntEnum):
    """The lower goes first: a fresh confirmation overtakes a backlog of reminders."""

    SOON = 1
    LATER = 5


class Message(Model):
    """One mail to one recipient, now or later; its body is composed when it is sent."""

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint("booking_id IS NULL OR wish_id IS NULL", name="one_subject"),
        Index("ix_message_open", "state", "next_attempt_at"),
        Index("ix_message_booking_id", "booking_id"),
    )

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(120), unique=True)
    """``booking:17/2/reminder-1440/lead/1``: subject, sequence, occasion, whom, copy."""
    kind: Mapped[str] = mapped_column(String(40))
    """Chooses the composer: confirmation, moved, handed_over, cancelled, reminder, uninvited, link,
    readdressed, withdrawn, undeliverable, wish, invitation, reset."""
    priority: Mapped[int] = mapped_column(Integer)
    booking_id: Mapped[int | None] = mapped_column(Reference, ForeignKey("booking.id"))
    sequence: Mapped[int] = mapped_column(Integer)
    """The meeting's sequence this mail speaks of; nought where there is no meeting."""
    recipient: Mapped[Recipient] = mapped_column(text_enum(Recipient, name="recipient"))
    staff_id: Mapped[int | None] = mapped_column(Reference, ForeignKey("staff.id"))
    """Which staff member, where the recipient is one."""
    facts: Mapped[dict[str, Any]] = mapped_column(Json)
    """What its subject no longer tells at delivery, such as the old start of a move."""
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    """The Message-ID header, the same in every attempt."""
    created_at: Mapped[datetime]
    """Also the DTSTAMP of the invite it carries."""
    due_at: Mapped[datetime]
    next_attempt_at: Mapped[datetime]
    """When it may be claimed; ``due_at`` until an attempt has failed."""
    expires_at: Mapped[datetime]
    state: Mapped[MessageState] = mapped_column(text_enum(MessageState, name="state"))
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    unknowns: Mapped[int] = mapped_column(Integer, default=0)
    """How often the outcome of an attempt was not known."""
    lease_owner: Mapped[str | None] = mapped_column(String(80))
    lease_until: Mapped[datetime | None]
    data_started_at: Mapped[datetime | None]
    """Set just before DATA: from then on the server may have taken it."""
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(String(500))
    """Class and code of the last failure, without addresses."""
    wish_id: Mapped[int | None] = mapped_column(Reference, ForeignKey("wish.id"), index=True)

    @property
    def subject(self) -> str:
        """What it is about, by table and id: ``booking 17``, ``wish 3``, ``staff 5``."""
        if self.booking_id is not None:
            return f"booking {self.booking_id}"
        return f"staff {self.staff_id}" if self.wish_id is None else f"wish {self.wish_id}"

    @property
    def may_have_arrived(self) -> bool:
        """Tell whether a mail server has accepted it, or may have."""
        return (
            self.state is MessageState.SENT or self.unknowns > 0 or self.data_started_at is not None
        )
