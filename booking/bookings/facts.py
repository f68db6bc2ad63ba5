"""Loads what the availability engine must know of hosts: their rules and what is booked."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from booking.availability.facts import HostFacts, Reservation
from booking.availability.interval import Interval
from booking.bookings.lifecycle import BookingState
from booking.bookings.models import Booking, Meeting, MeetingHost
from booking.bookings.reservations import takes_time_of
from booking.bookings.schedules import NOBODY, load_open_schedules

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.event_types.models import EventType
    from booking.staff.host_rules import HostRules

# A weekly limit counts the whole ISO week around a slot, in a zone up to 14 hours away.
LIMIT_MARGIN = timedelta(days=8)


def load_facts(
    event_type: EventType,
    *,
    host_ids: Collection[int],
    start: datetime,
    end: datetime,
    now: datetime,
    session: Session,
    moving: Meeting | None = None,
    as_if: Mapping[int, HostRules] = NOBODY,
) -> list[HostFacts]:
    """Return the facts of every active one of ``host_ids`` for slots in [start, end) (UTC).

    Lapsed holds do not count; neither does ``moving``, the meeting that looks for a new time.
    ``as_if``: rules that are tried out, by host. Ordered by host id.
    """
    first, last = start - LIMIT_MARGIN, end + LIMIT_MARGIN
    schedules = load_open_schedules(host_ids, start=first, end=last, session=session, as_if=as_if)
    reservations = _load_reservations(
        event_type,
        host_ids=schedules,
        start=first,
        end=last,
        now=now,
        session=session,
        moving=moving,
    )
    return [
        HostFacts(
            host_id=host_id,
            hours=schedules[host_id].hours,
            time_off=schedules[host_id].time_off,
            busy=schedules[host_id].busy,
            reservations=tuple(reservations[host_id]),
        )
        for host_id in sorted(schedules)
    ]


def _load_reservations(
    event_type: EventType,
    *,
    host_ids: Collection[int],
    start: datetime,
    end: datetime,
    now: datetime,
    session: Session,
    moving: Meeting | None,
) -> defaultdict[int, list[Reservation]]:
    query = (
        select(
            MeetingHost.host_id,
            MeetingHost.blocked_start,
            MeetingHost.blocked_end,
            Meeting.starts_at,
            Meeting.event_type_id,
            Booking.state,
        )
        .join(Meeting, MeetingHost.meeting_id == Meeting.id)
        .join(Booking, Booking.meeting_id == Meeting.id)
        .where(
            takes_time_of(host_ids, start=start, end=end),
            or_(Booking.state != BookingState.HELD, Booking.hold_expires_at > now),
        )
    )
    if moving is not None:
        query = query.where(Meeting.id != moving.id)
    reservations: defaultdict[int, list[Reservation]] = defaultdict(list)
    for host_id, blocked_start, blocked_end, starts_at, kind, state in session.execute(query):
        reservations[host_id].append(
            Reservation(
                start=starts_at,
                blocked=Interval(blocked_start, blocked_end),
                held=state == BookingState.HELD,
                counts=kind == event_type.id,
            )
        )
    return reservations
