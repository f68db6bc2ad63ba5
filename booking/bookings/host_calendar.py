"""The calendars of hosts for a stretch of time: when they work, and all that takes their time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

from booking.availability.working_hours import working_windows
from booking.bookings.agenda import CONFIRMED, AgendaEntry, Hold, list_agenda, list_holds
from booking.bookings.schedules import load_open_schedules
from booking.staff.schedule import list_time_off

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.availability.interval import Interval
    from booking.availability.working_hours import WorkingHours
    from booking.bookings.lifecycle import BookingState
    from booking.staff.models import Staff, TimeOff
    from booking.staff.schedule import Schedule

T = TypeVar("T")

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class HostCalendar:
    """One host's time; everything is sorted by start and may reach beyond what was asked for."""

    host: Staff
    hours: WorkingHours | None
    """None: has left."""
    working: Sequence[Interval]
    busy: Sequence[Interval]
    time_off: Sequence[TimeOff]
    holds: Sequence[Hold]
    demos: Sequence[AgendaEntry]


def load_calendars(
    hosts: Sequence[Staff],
    *,
    start: datetime,
    end: datetime,
    states: Collection[BookingState] = CONFIRMED,
    now: datetime,
    session: Session,
) -> list[HostCalendar]:
    """Return the calendar of each of ``hosts`` for [start, end) (UTC), one query a kind of fact."""
    ids = [host.id for host in hosts]
    span = {"start": start, "end": end}
    schedules = load_open_schedules(ids, start=start, end=end, session=session)
    time_off = _by_host(list_time_off(ids, **span, session=session), lambda row: row.staff_id)
    holds = _by_host(list_holds(ids, **span, now=now, session=session), lambda hold: hold.host_id)
    demos = list_agenda(ids, **span, states=states, session=session)
    demos_of = _by_host(demos, lambda entry: entry.host.id)
    return [
        HostCalendar(
            host=host,
            hours=schedules[host.id].hours if host.id in schedules else None,
            working=_working(schedules.get(host.id), start=start, end=end),
            busy=sorted(schedules[host.id].busy) if host.id in schedules else (),
            time_off=time_off.get(host.id, ()),
            holds=holds.get(host.id, ()),
            demos=demos_of.get(host.id, ()),
        )
        for host in hosts
    ]


def _working(schedule: Schedule | None, *, start: datetime, end: datetime) -> Sequence[Interval]:
    """Return the windows that may touch [start, end); somebody who has left has none."""
    if schedule is None:
        return ()
    # A window may begin the day before, and the host's dates may be others than the reader's.
    first, last = (start - 2 * ONE_DAY).date(), (end + ONE_DAY).date()
    return working_windows(schedule.hours, first=first, last=last)


def _by_host(facts: Iterable[T], host_of: Callable[[T], int]) -> dict[int, list[T]]:
    """Return ``facts`` by host, in the order they came in."""
    return {host: list(own) for host, own in groupby(sorted(facts, key=host_of), key=host_of)}
