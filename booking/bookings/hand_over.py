"""Hands a booking over to a colleague: the same meeting at the same time, by somebody else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from booking.availability.assignment import rank_hosts
from booking.bookings.authority import ONCE_SETTLED, OVERRULABLE, require_to_come
from booking.bookings.candidates import load_candidates
from booking.bookings.placement import Search, reserved_hosts
from booking.bookings.pool import list_active_pool
from booking.bookings.rearrange import rearrange
from booking.bookings.slots import explain_hosts
from booking.errors import FieldError, InvalidFieldsError
from booking.event_types.models import EventType
from booking.staff.models import Staff

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.availability.explain import ReasonCode
    from booking.bookings.models import Booking


@dataclass(frozen=True, slots=True, kw_only=True)
class Successor:
    """A colleague who might take a demo over."""

    staff: Staff
    rank: int | None
    """Whose turn it is, from 1; None: not in the pool."""
    obstacles: tuple[ReasonCode, ...]
    """What stands against them then."""

    @property
    def is_free(self) -> bool:
        """Tell whether nothing stands against them."""
        return not self.obstacles

    @property
    def is_possible(self) -> bool:
        """Tell whether what stands against them can be set aside."""
        return OVERRULABLE.issuperset(self.obstacles)


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


def list_successors(booking: Booking, *, now: datetime, session: Session) -> list[Successor]:
    """Return every colleague, those first who are free, and of these the pool by whose turn it is.

    Those after them are free only if a rule is set aside, or not at all.
    """
    meeting = booking.meeting
    event_type = session.get_one(EventType, meeting.event_type_id)
    present = reserved_hosts(meeting, session=session)
    colleagues = session.scalars(
        select(Staff).where(Staff.active, Staff.id.not_in(present)).order_by(Staff.name, Staff.id)
    ).all()
    pool = list_active_pool(event_type, segment=booking.segment, session=session)
    order = rank_hosts(load_candidates(pool, now=now, session=session)).order
    ranks = {
        host_id: rank
        for rank, host_id in enumerate((one for one in order if one not in present), start=1)
    }
    reasons = explain_hosts(
        event_type,
        segment=booking.segment,
        host_ids=[staff.id for staff in colleagues],
        start=meeting.starts_at,
        now=now,
        session=session,
        moving=meeting,
    )
    successors = [
        Successor(
            staff=staff,
            rank=ranks.get(staff.id),
            obstacles=tuple(
                reason.code
                for reason in reasons
                if reason.host_id == staff.id and reason.code not in ONCE_SETTLED
            ),
        )
        for staff in colleagues
    ]
    last = len(ranks) + 1
    return sorted(
        successors, key=lambda one: (not one.is_free, not one.is_possible, one.rank or last)
    )


def _is_active(staff_id: int, *, session: Session) -> bool:
    staff = session.get(Staff, staff_id)
    return staff is not None and staff.active
