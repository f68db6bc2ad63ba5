"""Tables of the staff and of the rules by which each of them can be booked."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from booking.db import Json, Key, Model, Reference, text_enum


class Role(StrEnum):
    """What a staff member may see and change; a manager is labelled „Teamleitung“."""

    HOST = "host"
    MANAGER = "manager"
    ADMIN = "admin"


class Staff(Model):
    """A staff member. The row is the lock of this person's calendar and the key of its caches."""

    __tablename__ = "staff"
    __table_args__ = (Index("uq_staff_email_lower", text("lower(email)"), unique=True),)

    id: Mapped[Key]
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    role: Mapped[Role] = mapped_column(text_enum(Role, name="role"))
    time_zone: Mapped[str] = mapped_column(String(64))
    active: Mapped[bool]
    """False: has left; offered no more, keeps the history."""
    meeting_url: Mapped[str | None] = mapped_column(String(500))
    """``{meeting}`` in it becomes an unguessable id of the meeting."""
    calendar_version: Mapped[int] = mapped_column(Reference, default=0)
    """Raised by every write that takes or frees this person's time."""
    created_at: Mapped[datetime]
    holiday_region: Mapped[str | None] = mapped_column(String(6))
    """Whose public holidays this person keeps; None = the organisation's, empty = nobody's."""


class WeeklyHours(Model):
    """One window of working hours on one weekday, in the staff member's own zone."""

    __tablename__ = "weekly_hours"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("from_minute >= 0 AND from_minute < 1440", name="from_minute"),
        CheckConstraint("to_minute > from_minute AND to_minute <= 2880", name="to_minute"),
    )

    id: Mapped[Key]
    staff_id: Mapped[int] = mapped_column(Reference, ForeignKey("staff.id"), index=True)
    weekday: Mapped[int] = mapped_column(Integer)
    """0 is Monday."""
    from_minute: Mapped[int] = mapped_column(Integer)
    """Minutes after local midnight."""
    to_minute: Mapped[int] = mapped_column(Integer)
    """Minutes after the same midnight; more than 1440 runs into the next day."""


class DateOverride(Model):
    """Replaces the weekly windows that start on one local date; without windows it is closed."""

    __tablename__ = "date_override"
    __table_args__ = (UniqueConstraint("staff_id", "local_date"),)

    id: Mapped[Key]
    staff_id: Mapped[int] = mapped_column(Reference, ForeignKey("staff.id"))
    local_date: Mapped[date] = mapped_column(Date)
    windows: Mapped[list[Any]] = mapped_column(Json)
    """Pairs ``[from_minute, to_minute]`` as in WeeklyHours."""


class TimeOff(Model):
    """An absence, [start, end)."""

    __tablename__ = "time_off"
    __table_args__ = (CheckConstraint("starts_at < ends_at", name="forward"),)

    id: Mapped[Key]
    staff_id: Mapped[int] = mapped_column(Reference, ForeignKey("staff.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(String(200))


class BusyTime(Model):
    """An interval [start, end) in which a host cannot be booked, from wherever it is known."""

    __tablename__ = "busy_time"
    __table_args__ = (CheckConstraint("starts_at < ends_at", name="forward"),)

    id: Mapped[Key]
    staff_id: Mapped[int] = mapped_column(Reference, ForeignKey("staff.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    source: Mapped[str] = mapped_column(String(40))
    """``setup`` for the setup file, later the calendar it was read from."""


class OfferedMinutes(Model):
    """How many minutes a host offered on a local day; later changes of hours leave it alone."""

    __tablename__ = "offered_minutes"

    staff_id: Mapped[int] = mapped_column(Reference, ForeignKey("staff.id"), primary_key=True)
    local_date: Mapped[date] = mapped_column(Date, primary_key=True)
    minutes: Mapped[int] = mapped_column(Integer)


class AgendaSubscription(Model):
    """A staff member who wants their day by mail each morning; nobody gets it unasked."""

    __tablename__ = "agenda_subscription"

    staff_id: Mapped[int] = mapped_column(Reference, ForeignKey("staff.id"), primary_key=True)
    created_at: Mapped[datetime]


class FeedDetail(StrEnum):
    """How much of a lead a calendar feed tells."""

    FULL = "full"
    NAME = "name"
    """Name and company."""
    BUSY = "busy"
    """Nothing: that the time is taken."""


class CalendarFeed(Model):
    """The address at which calendars read one host's demos; sealed so that its owner can see it."""

    __tablename__ = "calendar_feed"

    staff_id: Mapped[int] = mapped_column(Reference, ForeignKey("staff.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    detail: Mapped[FeedDetail] = mapped_column(text_enum(FeedDetail, name="detail"))
    created_at: Mapped[datetime]
