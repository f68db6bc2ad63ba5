"""Tables of event types and of the pools of hosts behind them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.availability.policy import HostsNeeded
from booking.db import Json, Key, Model, OptionalJson, Reference, text_enum
from booking.segment import Segment


class LocationKind(StrEnum):
    """How lead and host meet."""

    VIDEO = "video"
    PHONE = "phone"
    ADDRESS = "address"


class EventType(Model):
    """What can be booked, and by which rules (contract: setup file)."""

    __tablename__ = "event_type"
    __table_args__ = (
        CheckConstraint("duration_minutes > 0", name="duration"),
        CheckConstraint("slot_interval_minutes > 0", name="slot_interval"),
        CheckConstraint("capacity >= 1", name="capacity"),
    )

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    published: Mapped[bool]
    title: Mapped[dict[str, Any]] = mapped_column(Json)
    """Text by locale."""
    description: Mapped[dict[str, Any]] = mapped_column(Json)
    """Text by locale."""
    duration_minutes: Mapped[int] = mapped_column(Integer)
    slot_interval_minutes: Mapped[int] = mapped_column(Integer)
    buffer_before_minutes: Mapped[int] = mapped_column(Integer)
    buffer_after_minutes: Mapped[int] = mapped_column(Integer)
    minimum_notice_minutes: Mapped[int] = mapped_column(Integer)
    minimum_change_notice_minutes: Mapped[int] = mapped_column(Integer)
    horizon_days: Mapped[int] = mapped_column(Integer)
    max_per_day: Mapped[int] = mapped_column(Integer)
    max_per_week: Mapped[int] = mapped_column(Integer)
    hold_minutes: Mapped[int] = mapped_column(Integer)
    capacity: Mapped[int] = mapped_column(Integer)
    hosts_needed: Mapped[HostsNeeded] = mapped_column(text_enum(HostsNeeded, name="hosts_needed"))
    segments: Mapped[list[Any]] = mapped_column(Json)
    location_kind: Mapped[LocationKind] = mapped_column(text_enum(LocationKind, name="location"))
    location_url: Mapped[str] = mapped_column(String(500))
    """Empty: the host's own meeting address."""
    reminders_minutes_before: Mapped[list[Any]] = mapped_column(Json)
    created_at: Mapped[datetime]
    questions: Mapped[list[Any]] = mapped_column(Json, default=list, server_default="[]")
    """What leads are asked besides; ``booking.event_types.questions`` reads it."""
    agenda: Mapped[list[Any]] = mapped_column(Json, default=list, server_default="[]")
    """What the demo shows, item by item: each a text by locale."""
    prefer_known_host: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether who is known goes to the same host again, if that host is free."""
    segment_rules: Mapped[list[SegmentRule]] = relationship(
        order_by="SegmentRule.segment", cascade="all, delete-orphan", lazy="selectin"
    )
    """Loaded with it: its rules are asked for wherever it goes."""


class SegmentRule(Model):
    """What differs for one segment of an event type; what is NULL is as for the others."""

    __tablename__ = "segment_rule"

    event_type_id: Mapped[int] = mapped_column(
        Reference, ForeignKey("event_type.id"), primary_key=True
    )
    segment: Mapped[Segment] = mapped_column(text_enum(Segment, name="segment"), primary_key=True)
    hours: Mapped[list[Any] | None] = mapped_column(OptionalJson)
    """[weekday with 0 = Monday, from minute, to minute] on the clock of each host, sorted."""
    minimum_notice_minutes: Mapped[int | None] = mapped_column(Integer)
    max_per_day: Mapped[int | None] = mapped_column(Integer)
    max_per_week: Mapped[int | None] = mapped_column(Integer)
    reminders_minutes_before: Mapped[list[Any] | None] = mapped_column(OptionalJson)


class PoolMember(Model):
    """One host who takes one segment of one event type, with a weight in that pool."""

    __tablename__ = "pool_member"
    __table_args__ = (CheckConstraint("weight >= 1", name="weight"),)

    event_type_id: Mapped[int] = mapped_column(
        Reference, ForeignKey("event_type.id"), primary_key=True
    )
    host_id: Mapped[int] = mapped_column(
        Reference, ForeignKey("staff.id"), primary_key=True, index=True
    )
    segment: Mapped[Segment] = mapped_column(text_enum(Segment, name="segment"), primary_key=True)
    weight: Mapped[int] = mapped_column(Integer)
    joined_at: Mapped[datetime]
    """A newcomer starts at the pool's lowest load, not at nought."""
