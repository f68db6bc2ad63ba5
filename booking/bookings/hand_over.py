"""Hands a booking over to a colleague: the same meeting at the same time, by somebody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booking.bookings.authority import require_to_come
from booking.bookings.placement import Search, reserved_hosts
from booking.bookings.rearrange import rearrange
from booking.errors import FieldError, InvalidFieldsError
from booking.event_types.models import EventType
from booking.staff.models import Staff

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.availability.explain import ReasonCode
    from booking.bookings.models import Booking


def hand_over(
    booking: Booking,
    *,
    leaving: int,
    to: int,
    overruled: Collection[ReasonCode],
    actor: str,
    now: datetime,
    session: Session,
) -> None:
    """Let the host ``to`` give ``booking``, which was loaded for a change, in place of ``leaving``.

    Raises:
        AlreadyCancelledError, TooLateError: it was cancelled, or has begun.
        InvalidFieldsError: ``leaving`` does not give it, or ``to`` does already.
        SlotTakenError, SlotNotOfferedError: more stands against it than is ``overruled``.
    """
    require_to_come(booking, now=now)
    present = reserved_hosts(booking.meeting, session=session)
    if leaving not in present or to in present or not _is_active(to, session=session):
        raise InvalidFieldsError([FieldError("to", "choice")])
    search = Search(
        event_type=session.get_one(EventType, booking.meeting.event_type_id),
        segment=booking.segment,
        start=booking.meeting.starts_at,
        now=now,
        host_ids=tuple(to if host_id == leaving else host_id for host_id in present),
        overruled=frozenset(overruled),
    )
    rearrange(booking, search=search, action="handed_over", actor=actor, session=session)


def _is_active(staff_id: int, *, session: Session) -> bool:
    staff = session.get(Staff, staff_id)
    return staff is not None and staff.active
