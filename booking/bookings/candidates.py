"""Loads how each host of a pool stands: what was assigned to whom, and who knows the lead."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import false, func, or_, select

from booking.availability.assignment import Candidate
from booking.bookings.lifecycle import LIVE_STATES, BookingState
from booking.bookings.models import Booking, Meeting, MeetingHost
from booking.leads.free_mail import company_domain
from booking.leads.models import Lead

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.event_types.models import PoolMember

FAIRNESS_WINDOW = timedelta(days=30)


def load_candidates(
    pool: Sequence[PoolMember], *, but: Meeting | None = None, now: datetime, session: Session
) -> list[Candidate]:
    """Return the standing of every member of ``pool``, all of one event type and segment.

    What counts: live bookings of that event type and segment made in the last 30 days, unlapsed
    holds included, whoever has them now; but for the meeting that is being given away.
    """
    if not pool:
        return []
    rows = session.execute(
        select(MeetingHost.host_id, func.count(Booking.id), func.max(Booking.created_at))
        .join(Meeting, MeetingHost.meeting_id == Meeting.id)
        .join(Booking, Booking.meeting_id == Meeting.id)
        .where(
            MeetingHost.host_id.in_([member.host_id for member in pool]),
            MeetingHost.active,
            *(() if but is None else (Meeting.id != but.id,)),
            Meeting.event_type_id == pool[0].event_type_id,
            Booking.segment == pool[0].segment,
            Booking.state.in_(LIVE_STATES),
            or_(Booking.state != BookingState.HELD, Booking.hold_expires_at > now),
            Booking.created_at > now - FAIRNESS_WINDOW,
        )
        .group_by(MeetingHost.host_id)
    )
    standing = {host_id: (count, last) for host_id, count, last in rows}
    return [
        Candidate(
            host_id=member.host_id,
            weight=member.weight,
            recent_bookings=standing.get(member.host_id, (0, None))[0],
            last_assigned_at=standing.get(member.host_id, (0, None))[1],
            newcomer=member.joined_at > now - FAIRNESS_WINDOW,
        )
        for member in pool
    ]


def load_known_hosts(lead: Lead, *, pool: Sequence[PoolMember], session: Session) -> list[int]:
    """Return which members of ``pool`` the lead or its company has a demo with, or has had one.

    Whose demo is the latest comes first. The company is told by the domain of the address, unless
    that is one of a provider for everybody.
    """
    domain = company_domain(lead.address)
    rows = session.execute(
        select(MeetingHost.host_id, func.max(Meeting.starts_at).label("latest"))
        .join(Meeting, MeetingHost.meeting_id == Meeting.id)
        .join(Booking, Booking.meeting_id == Meeting.id)
        .join(Lead, Booking.lead_id == Lead.id)
        .where(
            MeetingHost.host_id.in_([member.host_id for member in pool]),
            Booking.state == BookingState.CONFIRMED,
            or_(Lead.mailbox == lead.mailbox, Lead.domain == domain if domain else false()),
        )
        .group_by(MeetingHost.host_id)
        .order_by(func.max(Meeting.starts_at).desc(), MeetingHost.host_id)
    )
    return [row.host_id for row in rows]
