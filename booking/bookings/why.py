"""Whether a time is offered, who would get it, and what stands against everybody else."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from booking.availability.assignment import rank_hosts
from booking.availability.explain import ReasonCode
from booking.availability.policy import HostsNeeded
from booking.bookings.candidates import load_candidates
from booking.bookings.lifecycle import BookingState
from booking.bookings.models import Booking, Meeting, MeetingHost
from booking.bookings.pool import list_active_pool
from booking.bookings.reservations import takes_time_of
from booking.bookings.slots import explain_start, list_nearest
from booking.event_types.find import policy_of
from booking.staff.models import Staff
from booking.staff.schedule import list_time_off

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy.orm import Session

    from booking.availability.engine import Slot
    from booking.availability.explain import Reason
    from booking.availability.policy import Policy
    from booking.event_types.models import EventType
    from booking.segment import Segment
    from booking.staff.models import TimeOff


@dataclass(frozen=True, slots=True, kw_only=True)
class HostAnswer:
    """What stands against one host, and what it is."""

    host: Staff
    reasons: tuple[Reason, ...]
    bookings: tuple[Booking, ...]
    """Demos whose blocked time overlaps that of the one asked about."""
    time_off: tuple[TimeOff, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Whether one time is offered."""

    start: datetime
    end: datetime
    is_offered: bool
    policy: Policy
    """The rules by which the segment asked about is offered times."""
    takers: tuple[Staff, ...]
    """Who would give it: whose turn it is, or all of them; nobody where not enough are free."""
    hosts: tuple[HostAnswer, ...]
    """Everybody behind the event type: who is free, who is not, who is never asked; by name."""
    alternatives: Sequence[Slot]
    """The nearest times that are offered."""


def ask_why(
    event_type: EventType, *, segment: Segment, start: datetime, now: datetime, session: Session
) -> Answer:
    """Return whether ``start`` (UTC) is offered to ``segment``, host by host.

    Who knows the lead already may come first when it is booked; nobody has asked here.
    """
    reasons = explain_start(event_type, segment=segment, start=start, now=now, session=session)
    against: defaultdict[int, list[Reason]] = defaultdict(list)
    for reason in reasons:
        against[reason.host_id].append(reason)
    everyone = {
        member.host_id for member in list_active_pool(event_type, segment=None, session=session)
    }
    takers = _takers(event_type, segment=segment, hindered=against.keys(), now=now, session=session)
    return Answer(
        start=start,
        end=start + timedelta(minutes=event_type.duration_minutes),
        is_offered=event_type.published and bool(takers),
        policy=policy_of(event_type, segment=segment),
        takers=tuple(session.get_one(Staff, host_id) for host_id in takers),
        hosts=_answers(
            event_type, host_ids=everyone, against=against, start=start, session=session
        ),
        alternatives=list_nearest(
            event_type, segment=segment, start=start, now=now, session=session
        ),
    )


def _takers(
    event_type: EventType,
    *,
    segment: Segment,
    hindered: Collection[int],
    now: datetime,
    session: Session,
) -> list[int]:
    """Return who would give it: one whose turn it is, or, where all are needed, all or nobody."""
    pool = list_active_pool(event_type, segment=segment, session=session)
    free = [member.host_id for member in pool if member.host_id not in hindered]
    if event_type.hosts_needed is HostsNeeded.ALL:
        return free if len(free) == len(pool) else []
    order = rank_hosts(load_candidates(pool, now=now, session=session)).order
    return [host_id for host_id in order if host_id in free][:1]


def _answers(
    event_type: EventType,
    *,
    host_ids: Collection[int],
    against: defaultdict[int, list[Reason]],
    start: datetime,
    session: Session,
) -> tuple[HostAnswer, ...]:
    first = start - timedelta(minutes=event_type.buffer_before_minutes)
    last = start + timedelta(minutes=event_type.duration_minutes + event_type.buffer_after_minutes)
    hosts = session.scalars(select(Staff).where(Staff.id.in_(host_ids))).all()
    bookings = _list_blocking(host_ids, start=first, end=last, session=session)
    time_off = list_time_off(host_ids, start=first, end=last, session=session)
    answers = [
        HostAnswer(
            host=host,
            reasons=tuple(against[host.id]),
            bookings=tuple(bookings[host.id]),
            time_off=tuple(row for row in time_off if row.staff_id == host.id),
        )
        for host in hosts
    ]
    return tuple(sorted(answers, key=_place))


def _place(answer: HostAnswer) -> tuple[int, str, int]:
    """Return where an answer stands: who is free, who is not, then who is never asked."""
    codes = {reason.code for reason in answer.reasons}
    group = 2 if ReasonCode.SEGMENT in codes else bool(codes)
    return int(group), answer.host.name, answer.host.id


def _list_blocking(
    host_ids: Collection[int], *, start: datetime, end: datetime, session: Session
) -> defaultdict[int, list[Booking]]:
    """Return the demos that block some of [start, end) (UTC), by host."""
    rows = session.execute(
        select(MeetingHost.host_id, Booking)
        .join(Meeting, MeetingHost.meeting_id == Meeting.id)
        .join(Booking, Booking.meeting_id == Meeting.id)
        .where(
            takes_time_of(host_ids, start=start, end=end),
            Booking.state == BookingState.CONFIRMED,
        )
        .order_by(Meeting.starts_at, Booking.id)
    )
    bookings: defaultdict[int, list[Booking]] = defaultdict(list)
    for host_id, booking in rows:
        bookings[host_id].append(booking)
    return bookings
