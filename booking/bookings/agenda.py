"""What is in hosts' calendars for a stretch of time, as staff read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select

from booking.availability.interval import Interval
from booking.bookings.lifecycle import BookingState
from booking.bookings.models import Booking, Meeting, MeetingHost
from booking.event_types.models import EventType, PoolMember
from booking.staff.models import Staff

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

CONFIRMED = (BookingState.CONFIRMED,)
CONFIRMED_AND_CANCELLED = (BookingState.CONFIRMED, BookingState.CANCELLED)


@dataclass(frozen=True, slots=True)
class AgendaEntry:
    """One host's part in one booking of a lead."""

    booking: Booking
    meeting: Meeting
    event_type: EventType
    host: Staff

    @property
    def is_cancelled(self) -> bool:
        """Tell whether the demo will not take place."""
        return self.booking.state is BookingState.CANCELLED


@dataclass(frozen=True, slots=True)
class Hold:
    """A time that is kept for somebody who is typing; nobody knows who it is."""

    host_id: int
    interval: Interval


def list_agenda(
    host_ids: Collection[int] | None,
    *,
    start: datetime,
    end: datetime,
    states: Collection[BookingState] = CONFIRMED,
    session: Session,
) -> Sequence[AgendaEntry]:
    """Return the demos of ``host_ids`` that touch [start, end) (UTC), by start.

    ``host_ids``: whose; None = everybody's. ``states`` tells which: by default those that will
    take place, or did.
    """
    query = _joined().where(
        *_of(host_ids),
        MeetingHost.active == (Booking.state != BookingState.CANCELLED),
        _touches(start=start, end=end),
        Booking.state.in_(states),
    )
    return _entries(query.order_by(Meeting.starts_at, Booking.id, Staff.id), session=session)


def list_holds(
    host_ids: Collection[int], *, start: datetime, end: datetime, now: datetime, session: Session
) -> Sequence[Hold]:
    """Return what is held of ``host_ids`` in [start, end) and has not lapsed at ``now`` (UTC)."""
    rows = session.execute(
        select(MeetingHost.host_id, Meeting.starts_at, Meeting.ends_at)
        .join(Meeting, MeetingHost.meeting_id == Meeting.id)
        .join(Booking, Booking.meeting_id == Meeting.id)
        .where(
            MeetingHost.host_id.in_(host_ids),
            _touches(start=start, end=end),
            Booking.state == BookingState.HELD,
            Booking.hold_expires_at > now,
        )
        .order_by(Meeting.starts_at, MeetingHost.id)
    )
    return [Hold(host_id, Interval(*span)) for host_id, *span in rows]


def list_hosts(*, start: datetime, end: datetime, session: Session) -> Sequence[Staff]:
    """Return who gives demos, or has some in [start, end) (UTC) though they have left, by name."""
    in_pools = select(PoolMember.host_id)
    with_demos = (
        select(MeetingHost.host_id)
        .join(Meeting, MeetingHost.meeting_id == Meeting.id)
        .where(MeetingHost.active, _touches(start=start, end=end))
    )
    is_host = or_(Staff.id.in_(in_pools) & Staff.active, Staff.id.in_(with_demos))
    return session.scalars(select(Staff).where(is_host).order_by(Staff.name, Staff.id)).all()


def count_unmarked(host_ids: Collection[int] | None, *, now: datetime, session: Session) -> int:
    """Return how many demos were over at ``now`` (UTC) of which nobody said what became of them.

    ``host_ids``: whose; None = everybody's.
    """
    query = select(func.count(Booking.id.distinct())).join(Meeting).join(MeetingHost)
    return session.scalar(query.where(_unmarked(host_ids, now=now))) or 0


def list_unmarked(
    host_ids: Collection[int] | None, *, now: datetime, most: int, session: Session
) -> Sequence[AgendaEntry]:
    """Return at most ``most`` of the demos that `count_unmarked` counts, the latest first."""
    query = _joined().where(_unmarked(host_ids, now=now))
    by_start = query.order_by(Meeting.starts_at.desc(), Booking.id, Staff.id)
    return _entries(by_start.limit(most), session=session)


def _joined() -> Select[Booking, Meeting, EventType, Staff]:
    return (
        select(Booking, Meeting, EventType, Staff)
        .join(Meeting, Booking.meeting_id == Meeting.id)
        .join(EventType, Meeting.event_type_id == EventType.id)
        .join(MeetingHost, MeetingHost.meeting_id == Meeting.id)
        .join(Staff, MeetingHost.host_id == Staff.id)
    )


def _touches(*, start: datetime, end: datetime) -> ColumnElement[bool]:
    # By the blocked time first: there is an index for it.
    return (MeetingHost.blocked_end > start) & (Meeting.starts_at < end) & (Meeting.ends_at > start)


def _of(host_ids: Collection[int] | None) -> tuple[ColumnElement[bool], ...]:
    return () if host_ids is None else (MeetingHost.host_id.in_(host_ids),)


def _unmarked(host_ids: Collection[int] | None, *, now: datetime) -> ColumnElement[bool]:
    return and_(
        *_of(host_ids),
        MeetingHost.active,
        Meeting.ends_at <= now,
        Booking.state == BookingState.CONFIRMED,
        Booking.outcome.is_(None),
    )


def _entries(
    query: Select[Booking, Meeting, EventType, Staff], *, session: Session
) -> Sequence[AgendaEntry]:
    return [AgendaEntry(*row) for row in session.execute(query)]
