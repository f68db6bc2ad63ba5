"""Blocks a host's time, unless demos are booked in it that nobody has been told of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booking.bookings.agenda import list_agenda
from booking.staff.block_time import block_time
from booking.staff.calendar_lock import lock_calendars

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.availability.interval import Interval
    from booking.bookings.agenda import AgendaEntry
    from booking.staff.models import Staff


def take_time_off(
    staff: Staff,
    *,
    interval: Interval,
    note: str,
    known: Collection[str],
    actor: str,
    now: datetime,
    session: Session,
) -> Sequence[AgendaEntry]:
    """Block ``interval`` and return nothing, or leave it and return the demos that lie in it.

    ``known``: the public ids of the demos that whoever asks has seen and means to keep; with one
    more in the way, booked meanwhile, nothing is blocked.
    """
    # Before looking: from now on nobody books.
    lock_calendars([staff.id], session=session)
    coming = max(interval.start, now)
    in_the_way = list_agenda([staff.id], start=coming, end=interval.end, session=session)
    if {entry.booking.public_id for entry in in_the_way} - set(known):
        return in_the_way
    block_time(staff, interval=interval, note=note, actor=actor, now=now, session=session)
    return ()
