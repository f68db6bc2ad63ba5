"""Loads the demos that the figures of a period are about: four queries, however many there are."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select

from booking.bookings.models import Booking, Meeting, MeetingHost
from booking.history import LEAD, OWNER, HistoryEntry
from booking.numbers.demo import Demo
from booking.numbers.figures import RECOVERED_WITHIN
from booking.outbox.models import Message, MessageState

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from booking.availability.interval import Interval

SOURCE = "utm_source"


def load_demos(period: Interval, *, session: Session) -> list[Demo]:
    """Return every booking that touches ``period`` (UTC), and those that may have made up for one.

    A booking touches it with the moment it was made, its first start or its end. Ordered by start.
    """
    touching = _touches(period)
    hosts = _hosts(touching, session=session)
    moved = _moved(touching, session=session)
    reminders = _reminders(touching, session=session)
    rows = session.execute(
        select(
            Booking.id,
            Booking.lead_id,
            Booking.segment,
            Booking.source,
            Booking.confirmed_at,
            Booking.first_starts_at,
            Meeting.starts_at,
            Meeting.ends_at,
            Booking.cancelled_at,
            Booking.cancelled_by,
            Booking.outcome,
        )
        .join(Meeting, Booking.meeting_id == Meeting.id)
        .where(touching)
        .order_by(Meeting.starts_at, Booking.id)
    )
    return [
        Demo(
            lead_id=row.lead_id or 0,
            host_ids=tuple(hosts[row.id]),
            segment=row.segment,
            source=str(row.source.get(SOURCE, "")),
            booked_at=row.confirmed_at,
            first_start=row.first_starts_at,
            start=row.starts_at,
            end=row.ends_at,
            cancelled_at=row.cancelled_at,
            was_cancelled_by_lead=row.cancelled_by in {LEAD, OWNER},
            was_moved=row.id in moved,
            outcome=row.outcome,
            reminders=reminders[row.id],
        )
        for row in rows
    ]


def _touches(period: Interval) -> ColumnElement[bool]:
    later = period.end + RECOVERED_WITHIN
    return and_(
        Booking.confirmed_at.is_not(None),
        or_(
            and_(Booking.confirmed_at >= period.start, Booking.confirmed_at < period.end),
            and_(Booking.first_starts_at >= period.start, Booking.first_starts_at < period.end),
            and_(Meeting.starts_at >= period.start, Meeting.starts_at < later),
            and_(Meeting.ends_at >= period.start, Meeting.ends_at < period.end),
        ),
    )


def _of_bookings(query: Select[int, int], touching: ColumnElement[bool]) -> Select[int, int]:
    return query.join(Meeting, Booking.meeting_id == Meeting.id).where(touching)


def _hosts(touching: ColumnElement[bool], *, session: Session) -> defaultdict[int, list[int]]:
    query = _of_bookings(select(Booking.id, MeetingHost.host_id), touching)
    hosts: defaultdict[int, list[int]] = defaultdict(list)
    for booking_id, host_id in session.execute(
        query.join(MeetingHost, MeetingHost.meeting_id == Meeting.id).order_by(MeetingHost.host_id)
    ):
        hosts[booking_id].append(host_id)
    return hosts


def _moved(touching: ColumnElement[bool], *, session: Session) -> set[int]:
    query = _of_bookings(select(Booking.id, HistoryEntry.id), touching)
    is_move = and_(
        HistoryEntry.subject == Booking.__tablename__,
        HistoryEntry.subject_id == Booking.id,
        HistoryEntry.action == "moved",
    )
    return {row[0] for row in session.execute(query.join(HistoryEntry, is_move))}


def _reminders(touching: ColumnElement[bool], *, session: Session) -> Counter[int]:
    query = _of_bookings(select(Booking.id, func.count(Message.id)), touching)
    is_delivered = and_(
        Message.booking_id == Booking.id,
        Message.kind == "reminder",
        Message.state == MessageState.SENT,
        Message.sent_at < Meeting.starts_at,
    )
    counted = session.execute(query.join(Message, is_delivered).group_by(Booking.id))
    return Counter({row[0]: row[1] for row in counted})
