"""No host is booked twice, no host's time is taken for nothing, and every booking has its time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exists, func, or_, select

from booking.bookings.lifecycle import LIVE_STATES
from booking.bookings.models import Booking, Meeting, MeetingHost
from booking.invariants.violation import Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session


def find_overlaps(session: Session) -> Iterator[Violation]:
    """Find active reservations that begin before an earlier one of the same host has ended."""
    taken_until = func.max(MeetingHost.blocked_end).over(
        partition_by=MeetingHost.host_id,
        order_by=(MeetingHost.blocked_start, MeetingHost.id),
        rows=(None, -1),
    )
    reservation = (
        select(
            MeetingHost.id,
            MeetingHost.host_id,
            MeetingHost.blocked_start,
            taken_until.label("taken_until"),
        )
        .where(MeetingHost.active)
        .subquery()
    )
    found = session.execute(
        select(reservation.c.id, reservation.c.host_id).where(
            reservation.c.blocked_start < reservation.c.taken_until
        )
    )
    for reservation_id, host_id in found:
        text = f"overlaps another reservation of staff {host_id}"
        yield Violation("overlap", f"meeting_host {reservation_id}", text)


def find_idle_reservations(session: Session) -> Iterator[Violation]:
    """Find active reservations without a booking that needs them."""
    is_needed = exists().where(
        Booking.meeting_id == MeetingHost.meeting_id, Booking.state.in_(LIVE_STATES)
    )
    found = session.scalars(select(MeetingHost.id).where(MeetingHost.active, ~is_needed))
    for reservation_id in found:
        text = "takes a host's time for no booking"
        yield Violation("idle_reservation", f"meeting_host {reservation_id}", text)


def find_missing_reservations(session: Session) -> Iterator[Violation]:
    """Find bookings for whose meeting no host's time is taken, or not all of it."""
    is_reserved = exists().where(MeetingHost.meeting_id == Booking.meeting_id, MeetingHost.active)
    is_cut_short = exists().where(
        MeetingHost.meeting_id == Meeting.id,
        MeetingHost.active,
        or_(
            MeetingHost.blocked_start > Meeting.starts_at,
            MeetingHost.blocked_end < Meeting.ends_at,
        ),
    )
    found = session.scalars(
        select(Booking.id)
        .join(Meeting)
        .where(Booking.state.in_(LIVE_STATES), or_(~is_reserved, is_cut_short))
    )
    for booking_id in found:
        text = "no host's time is taken for the whole of it"
        yield Violation("reservation_missing", f"booking {booking_id}", text)
