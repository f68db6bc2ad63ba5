"""Tables of meetings, of the hosts' time they take, and of the leads' places in them.

The overlap guard on ``meeting_host`` (an exclusion constraint on PostgreSQL, triggers on SQLite)
stands in the first migration: it cannot be said here.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.bookings.lifecycle import BookingState, Outcome
from booking.db import Json, Key, Model, Reference, text_enum
from booking.segment import Segment

IS_LIVE = text("state IN ('held', 'pending', 'confirmed')")


class Meeting(Model):
    """The time that one or more hosts give: a VEVENT with one uid for life (RFC 5545)."""

    __tablename__ = "meeting"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="forward"),
        Index("ix_meeting_event_type_id_starts_at", "event_type_id", "starts_at"),
        Index("ix_meeting_starts_at", "starts_at"),
    )

    id: Mapped[Key]
    event_type_id: Mapped[int] = mapped_column(Reference, ForeignKey("event_type.id"))
    uid: Mapped[str] = mapped_column(String(255), unique=True)
    sequence: Mapped[int] = mapped_column(Integer, default=0)
    """Raised by every change of time, host or state after the confirmation."""
    organizer: Mapped[str] = mapped_column(String(254))
    """The ORGANIZER of the first invite; a setting that changes later changes nothing here."""
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    room: Mapped[str] = mapped_column(String(40))
    """The unguessable id that stands for ``{meeting}`` in a meeting address."""
    created_at: Mapped[datetime]

    hosts: Mapped[list[MeetingHost]] = relationship(
        back_populates="meeting", order_by="MeetingHost.host_id"
    )
    bookings: Mapped[list[Booking]] = relationship(back_populates="meeting")

    @property
    def mail_domain(self) -> str:
        """The domain in which the Message-IDs of its mails are made."""
        return self.organizer.rpartition("@")[2]


class MeetingHost(Model):
    """A reservation: this host's blocked interval, buffers included, belongs to this meeting."""

    __tablename__ = "meeting_host"
    __table_args__ = (
        CheckConstraint("blocked_start < blocked_end", name="forward"),
        UniqueConstraint("meeting_id", "host_id"),
        Index("ix_meeting_host_host_id_blocked_end", "host_id", "blocked_end"),
    )

    id: Mapped[Key]
    meeting_id: Mapped[int] = mapped_column(Reference, ForeignKey("meeting.id"))
    host_id: Mapped[int] = mapped_column(Reference, ForeignKey("staff.id"))
    blocked_start: Mapped[datetime]
    blocked_end: Mapped[datetime]
    active: Mapped[bool]
    """False once the meeting is cancelled: the time is free again."""

    meeting: Mapped[Meeting] = relationship(back_populates="hosts")


class Booking(Model):
    """One lead's place in a meeting, with the contact data as it was typed."""

    __tablename__ = "booking"
    __table_args__ = (
        CheckConstraint("seat >= 1", name="seat"),
        CheckConstraint("state <> 'held' OR hold_expires_at IS NOT NULL", name="hold_expires"),
        CheckConstraint("state <> 'confirmed' OR lead_id IS NOT NULL", name="confirmed_lead"),
        Index(
            "uq_booking_meeting_id_seat",
            "meeting_id",
            "seat",
            unique=True,
            sqlite_where=IS_LIVE,
            postgresql_where=IS_LIVE,
        ),
        Index("ix_booking_lead_id_state", "lead_id", "state"),
        Index("ix_booking_confirmed_at", "confirmed_at"),
        Index("ix_booking_state_hold_expires_at", "state", "hold_expires_at"),
    )

    id: Mapped[Key]
    public_id: Mapped[str] = mapped_column(String(40), unique=True)
    """The API's ``id``: opaque, opens nothing."""
    meeting_id: Mapped[int] = mapped_column(Reference, ForeignKey("meeting.id"), index=True)
    seat: Mapped[int] = mapped_column(Integer, default=1)
    state: Mapped[BookingState] = mapped_column(text_enum(BookingState, name="state"))
    hold_expires_at: Mapped[datetime | None]
    segment: Mapped[Segment] = mapped_column(text_enum(Segment, name="segment"))
    original_segment: Mapped[Segment] = mapped_column(text_enum(Segment, name="original_segment"))
    """As the lead chose it; stays when staff correct ``segment``."""
    first_starts_at: Mapped[datetime]
    """The start that was booked first; stays when the meeting is moved."""
    assignment: Mapped[dict[str, Any]] = mapped_column(Json)
    """Why this host: the rule and every candidate's standing."""
    lead_id: Mapped[int | None] = mapped_column(Reference, ForeignKey("lead.id"))
    name: Mapped[str | None] = mapped_column(String(100))
    email: Mapped[str | None] = mapped_column(String(254))
    company: Mapped[str | None] = mapped_column(String(200))
    team_size: Mapped[int | None] = mapped_column(Integer)
    phone: Mapped[str | None] = mapped_column(String(32))
    notes: Mapped[str | None] = mapped_column(Text)
    answers: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    source: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    time_zone: Mapped[str | None] = mapped_column(String(64))
    locale: Mapped[str | None] = mapped_column(String(16))
    notice_version: Mapped[str | None] = mapped_column(String(40))
    marketing_opt_in: Mapped[bool] = mapped_column(default=False)
    changes: Mapped[int] = mapped_column(Integer, default=0)
    """How often the lead has moved it."""
    outcome: Mapped[Outcome | None] = mapped_column(text_enum(Outcome, name="outcome"))
    cancelled_by: Mapped[str | None] = mapped_column(String(40))
    """``lead``, ``owner`` or ``staff:<id>``."""
    cancel_reason: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]

    meeting: Mapped[Meeting] = relationship(back_populates="bookings")


class BookingToken(Model):
    """A link to a booking; the token itself is sealed, only its hash can be looked up."""

    __tablename__ = "booking_token"

    id: Mapped[Key]
    booking_id: Mapped[int] = mapped_column(Reference, ForeignKey("booking.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(10))
    """``hold``, ``manage`` or ``disown``; the one never becomes the other."""
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    lead_id: Mapped[int | None] = mapped_column(Reference, ForeignKey("lead.id"), index=True)
    """Whose the booking was then; missing where the release before has issued it."""


class IdempotencyKey(Model):
    """The answer that was given to a request with a key; lives in its own transaction."""

    __tablename__ = "idempotency_key"
    __table_args__ = (UniqueConstraint("route", "key"),)

    id: Mapped[Key]
    route: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(255))
    body_sha256: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None] = mapped_column(Integer)
    sealed_answer: Mapped[bytes | None] = mapped_column(LargeBinary)
    booking_id: Mapped[int | None] = mapped_column(Reference, ForeignKey("booking.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(index=True)
