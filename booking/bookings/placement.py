"""Gives a meeting its hosts: lock the calendar, look again, write; the database decides.

Every candidate of a pool is tried inside a savepoint of its own, so that the lock of one who turns
out to be taken is let go before the next is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from booking.availability.assignment import rank_hosts
from booking.availability.engine import hosts_free_at
from booking.availability.explain import ReasonCode, explain
from booking.availability.interval import Interval
from booking.availability.policy import HostsNeeded
from booking.bookings.candidates import load_candidates, load_known_hosts
from booking.bookings.facts import load_facts
from booking.bookings.lapsed_holds import delete_lapsed_holds
from booking.bookings.models import MeetingHost
from booking.bookings.pool import list_active_pool
from booking.bookings.slots import refusal
from booking.event_types.find import policy_of
from booking.staff.calendar_lock import lock_calendars

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from booking.bookings.models import Meeting
    from booking.event_types.models import EventType
    from booking.leads.models import Lead
    from booking.segment import Segment

EXCLUSION_VIOLATION = "23P01"


class _NotFreeError(Exception):
    """The time was taken between the first look and the lock; undoes the savepoint."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What a meeting is looking for: a start (UTC), and hosts who take the segment."""

    event_type: EventType
    segment: Segment
    start: datetime
    now: datetime
    lead: Lead | None = None
    """Who asks, where that is known and may decide who gives the meeting."""
    host_ids: tuple[int, ...] | None = None
    """Who is to give it, all of them, in the pool or not; None: the pool, by its own rules."""
    keeps_host: bool = True
    """Whether a meeting's present host is asked first; not where nobody was told of them yet."""
    overruled: frozenset[ReasonCode] = frozenset()
    """Which rules are set aside this once; that of taken time never is."""

    @property
    def end(self) -> datetime:
        """End of the meeting."""
        return self.start + timedelta(minutes=self.event_type.duration_minutes)

    @property
    def blocked(self) -> Interval:
        """What the meeting takes of a host's time, buffers included."""
        return Interval(
            self.start - timedelta(minutes=self.event_type.buffer_before_minutes),
            self.end + timedelta(minutes=self.event_type.buffer_after_minutes),
        )


def place_meeting(meeting: Meeting, *, search: Search, session: Session) -> dict[str, Any]:
    """Reserve ``search.start`` for ``meeting`` with the hosts it needs; return why these.

    A meeting that has hosts already is moved: its reservation changes in place, so that the old
    time and host are not free before the new ones are taken.

    Raises:
        SlotTakenError: somebody else has the time.
        SlotNotOfferedError: the time is not offered.
    """
    for host_ids, why in _proposals(meeting, search=search, session=session):
        if _reserve(meeting, host_ids=host_ids, search=search, session=session):
            return why
    raise refusal(
        search.event_type,
        segment=search.segment,
        start=search.start,
        now=search.now,
        session=session,
        moving=meeting,
        host_ids=search.host_ids,
    )


def reserved_hosts(meeting: Meeting, *, session: Session) -> list[int]:
    """Return the ids of the hosts who give their time to ``meeting``, ascending."""
    return list(
        session.scalars(
            select(MeetingHost.host_id)
            .where(MeetingHost.meeting_id == meeting.id, MeetingHost.active)
            .order_by(MeetingHost.host_id)
        )
    )


def known_hosts(search: Search, *, session: Session) -> list[int]:
    """Return who is asked first since they know who asks; nobody unless that is switched on."""
    event_type, lead = search.event_type, search.lead
    is_on = event_type.prefer_known_host and event_type.hosts_needed is HostsNeeded.ANY
    if lead is None or not is_on:
        return []
    pool = list_active_pool(event_type, segment=search.segment, session=session)
    return load_known_hosts(lead, pool=pool, session=session)


def _proposals(
    meeting: Meeting, *, search: Search, session: Session
) -> Iterator[tuple[list[int], dict[str, Any]]]:
    """Yield the sets of hosts to try, best first, each with the reason for the choice."""
    if search.host_ids is None:
        yield from _proposals_of_pool(meeting, search=search, session=session)
        return
    named = sorted(search.host_ids)
    if _free_hosts(named, meeting=meeting, search=search, session=session) == named:
        is_new = named != reserved_hosts(meeting, session=session)
        yield named, {"rule": "chosen" if is_new else "same_host", "hosts": named}


def _proposals_of_pool(
    meeting: Meeting, *, search: Search, session: Session
) -> Iterator[tuple[list[int], dict[str, Any]]]:
    pool = list_active_pool(search.event_type, segment=search.segment, session=session)
    everyone = [member.host_id for member in pool]
    free = _free_hosts(everyone, meeting=meeting, search=search, session=session)
    if search.event_type.hosts_needed is HostsNeeded.ALL:
        if free and free == everyone:
            yield free, {"rule": "all_hosts"}
        return
    candidates = load_candidates(pool, but=meeting, now=search.now, session=session)
    present = reserved_hosts(meeting, session=session)
    ranking = rank_hosts(
        candidates,
        keep_host_id=present[0] if present and search.keeps_host else None,
        known_host_ids=known_hosts(search, session=session),
    )
    for host_id in ranking.order:
        if host_id in free:
            yield [host_id], {**ranking.why_this(host_id), "free": free, "chosen": host_id}


def _free_hosts(
    host_ids: list[int], *, meeting: Meeting, search: Search, session: Session
) -> list[int]:
    facts = load_facts(
        search.event_type,
        host_ids=host_ids,
        start=search.start,
        end=search.end,
        now=search.now,
        session=session,
        moving=meeting,
    )
    policy = policy_of(search.event_type, segment=search.segment)
    if not search.overruled:
        return hosts_free_at(policy, facts, start=search.start, now=search.now)
    reasons = explain(policy, facts, start=search.start, now=search.now)
    hindered = {reason.host_id for reason in reasons if reason.code not in search.overruled}
    return [host.host_id for host in facts if host.host_id not in hindered]


def _reserve(meeting: Meeting, *, host_ids: list[int], search: Search, session: Session) -> bool:
    """Take the time of all ``host_ids``, or of none; tell whether it could be had."""
    try:
        with session.begin_nested():
            present = reserved_hosts(meeting, session=session)
            lock_calendars([*host_ids, *present], session=session)
            delete_lapsed_holds(
                host_ids, blocked=search.blocked, but=meeting, now=search.now, session=session
            )
            _require_free(host_ids, meeting=meeting, search=search, session=session)
            _write_reservations(
                meeting, host_ids=host_ids, present=present, search=search, session=session
            )
    except _NotFreeError:
        return False
    except IntegrityError as error:
        if is_overlap(error):
            return False
        raise
    session.expire(meeting, ["hosts"])
    return True


def _require_free(
    host_ids: list[int], *, meeting: Meeting, search: Search, session: Session
) -> None:
    if _free_hosts(host_ids, meeting=meeting, search=search, session=session) != host_ids:
        raise _NotFreeError


def _write_reservations(
    meeting: Meeting,
    *,
    host_ids: list[int],
    present: list[int],
    search: Search,
    session: Session,
) -> None:
    """Move the rows there are to the new time and hosts; add or remove what is over."""
    mine = MeetingHost.meeting_id == meeting.id
    times = {"blocked_start": search.blocked.start, "blocked_end": search.blocked.end}
    staying = [host_id for host_id in present if host_id in host_ids]
    leaving = [host_id for host_id in present if host_id not in host_ids]
    coming = [host_id for host_id in host_ids if host_id not in present]
    for host_id in staying:
        session.execute(
            update(MeetingHost).where(mine, MeetingHost.host_id == host_id).values(times)
        )
    for old, new in zip(leaving, coming, strict=False):
        session.execute(
            update(MeetingHost).where(mine, MeetingHost.host_id == old).values(host_id=new, **times)
        )
    for host_id in coming[len(leaving) :]:
        row = {"meeting_id": meeting.id, "host_id": host_id, "active": True, **times}
        session.execute(insert(MeetingHost).values(row))
    if surplus := leaving[len(coming) :]:
        session.execute(delete(MeetingHost).where(mine, MeetingHost.host_id.in_(surplus)))


def is_overlap(error: IntegrityError) -> bool:
    """Tell whether the database refused a second reservation of a host's time."""
    return getattr(error.orig, "sqlstate", None) == EXCLUSION_VIOLATION or "slot_taken" in str(
        error.orig
    )
