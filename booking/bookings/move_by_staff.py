"""Moves a booking as staff may: to any time at which its hosts are free, at whatever notice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booking.bookings.authority import require_future, require_to_come
from booking.bookings.placement import Search, reserved_hosts
from booking.bookings.rearrange import rearrange
from booking.event_types.models import EventType

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.availability.explain import ReasonCode
    from booking.bookings.models import Booking


def move_by_staff(
    booking: Booking,
    *,
    start: datetime,
    overruled: Collection[ReasonCode],
    actor: str,
    now: datetime,
    session: Session,
) -> None:
    """Move ``booking``, which was loaded for a change, to ``start`` (UTC) with the hosts it has.

    It does not count among the changes that its lead may make. To its present start: nothing
    happens.

    Raises:
        AlreadyCancelledError, TooLateError: it was cancelled, or has begun.
        InvalidFieldsError: ``start`` is over, or too far ahead.
        SlotTakenError, SlotNotOfferedError: more stands against it than is ``overruled``.
    """
    require_to_come(booking, now=now)
    require_future(start, now=now)
    if start == booking.meeting.starts_at:
        return
    search = Search(
        event_type=session.get_one(EventType, booking.meeting.event_type_id),
        segment=booking.segment,
        start=start,
        now=now,
        host_ids=tuple(reserved_hosts(booking.meeting, session=session)),
        overruled=frozenset(overruled),
    )
    rearrange(booking, search=search, action="moved", actor=actor, session=session)
