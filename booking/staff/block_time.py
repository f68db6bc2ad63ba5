"""Takes time off somebody's calendar, and gives it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from booking.history import record
from booking.staff.calendar_lock import lock_calendars
from booking.staff.models import Staff, TimeOff

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.availability.interval import Interval


def block_time(
    staff: Staff, *, interval: Interval, note: str, actor: str, now: datetime, session: Session
) -> TimeOff:
    """Let nobody book ``staff`` in ``interval``; what is booked there already stays."""
    lock_calendars([staff.id], session=session)
    time_off = TimeOff(staff_id=staff.id, starts_at=interval.start, ends_at=interval.end, note=note)
    session.add(time_off)
    session.flush()
    _record("time_blocked", time_off, staff=staff, actor=actor, now=now, session=session)
    return time_off


def give_time_back(time_off: TimeOff, *, actor: str, now: datetime, session: Session) -> None:
    """Let the time of ``time_off`` be booked again; whoever comes second changes nothing."""
    lock_calendars([time_off.staff_id], session=session)
    given_back = session.scalars(
        delete(TimeOff).where(TimeOff.id == time_off.id).returning(TimeOff.id)
    ).all()
    if given_back:
        staff = session.get_one(Staff, time_off.staff_id)
        _record("time_given_back", time_off, staff=staff, actor=actor, now=now, session=session)


def list_coming_time_off(staff_id: int, *, now: datetime, session: Session) -> Sequence[TimeOff]:
    """Return the absences of one staff member that are not over at ``now`` (UTC), by start."""
    query = select(TimeOff).where(TimeOff.staff_id == staff_id, TimeOff.ends_at > now)
    return session.scalars(query.order_by(TimeOff.starts_at, TimeOff.id)).all()


def _record(
    action: str, time_off: TimeOff, *, staff: Staff, actor: str, now: datetime, session: Session
) -> None:
    facts = {
        "time_off": time_off.id,
        "start": time_off.starts_at.isoformat(),
        "end": time_off.ends_at.isoformat(),
    }
    record(action, subject=staff, actor=actor, facts=facts, now=now, session=session)
