"""Lapsed holds: they carry no person and no history, so they are deleted, never kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from booking.bookings.lifecycle import BookingState
from booking.bookings.models import Booking, BookingToken, Meeting, MeetingHost
from booking.bookings.reservations import takes_time_of
from booking.staff.calendar_lock import lock_calendars

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.availability.interval import Interval

SWEEP_SIZE = 200


def delete_lapsed_holds(
    host_ids: Collection[int],
    *,
    blocked: Interval,
    but: Meeting,
    now: datetime,
    session: Session,
) -> None:
    """Delete what stands in the way of ``blocked`` but has lapsed; the calendars are locked.

    The hold of the meeting ``but`` is the asker's own. One that somebody has locked is about to be
    confirmed or moved, and waits for these calendars: it is passed over.
    """
    lapsed = session.scalars(
        select(Booking.id)
        .join(MeetingHost, MeetingHost.meeting_id == Booking.meeting_id)
        .where(
            takes_time_of(host_ids, start=blocked.start, end=blocked.end),
            Booking.state == BookingState.HELD,
            Booking.hold_expires_at <= now,
            Booking.meeting_id != but.id,
        )
        .with_for_update(of=Booking, skip_locked=True)
    )
    for booking_id in sorted(set(lapsed)):
        delete_hold(booking_id, session=session)


def sweep_lapsed_holds(*, now: datetime, session: Session) -> int:
    """Delete up to 200 holds that lapsed; return how many. Locks the calendars they block."""
    holds = session.scalars(
        select(Booking)
        .where(Booking.state == BookingState.HELD, Booking.hold_expires_at <= now)
        .order_by(Booking.hold_expires_at)
        .limit(SWEEP_SIZE)
        .with_for_update(skip_locked=True)
    ).all()
    meeting_ids = [hold.meeting_id for hold in holds]
    hosts = select(MeetingHost.host_id).where(MeetingHost.meeting_id.in_(meeting_ids))
    lock_calendars(session.scalars(hosts), session=session)
    for hold in holds:
        delete_hold(hold.id, session=session)
    return len(holds)


def delete_hold(booking_id: int, *, session: Session) -> None:
    """Delete a hold with its token, its meeting and its reservations."""
    meeting_id = session.scalar(select(Booking.meeting_id).where(Booking.id == booking_id))
    for statement in (
        delete(BookingToken).where(BookingToken.booking_id == booking_id),
        delete(Booking).where(Booking.id == booking_id),
        delete(MeetingHost).where(MeetingHost.meeting_id == meeting_id),
        delete(Meeting).where(Meeting.id == meeting_id),
    ):
        session.execute(statement)
