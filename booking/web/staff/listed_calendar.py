"""Calendars as they are read: a list of days, or a week with a row for every host."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import time, timedelta
from typing import TYPE_CHECKING, Any

from booking.time_zone import time_zone
from booking.web.staff.drawn_calendar import conflicts_of, facts_of, why_closed
from booking.web.staff.time_grid import Day

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from booking.availability.interval import Interval
    from booking.bookings.host_calendar import HostCalendar
    from booking.staff.models import Staff
    from booking.web.staff.calendar_view import CalendarView
    from booking.web.staff.drawn_calendar import Fact


MIDNIGHT = time()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Something that takes one host's time."""

    kind: str
    """``busy``, ``time-off``, ``hold`` or ``demo``."""
    part: Interval
    """As much of it as is told here."""
    is_all_day: bool
    last_on: date | None
    """The later day on which it ends."""
    thing: Any
    """The row it was made of, where it has more to tell."""
    host: Staff
    is_conflict: bool
    """A demo at a time that is not the host's to give any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamDay:
    """One host's day among those of everybody."""

    on: date
    closed_for: str | None
    """What the closing day or the public holiday of this day is called, if it is one."""
    things: Sequence[Listed]


def list_days(
    calendars: Sequence[HostCalendar], *, view: CalendarView, zone: str
) -> list[tuple[date, list[Listed]]]:
    """Return each day on which something begins with all that does, by start.

    What began earlier stands on the first day.
    """
    start, _ = view.bounds(zone=zone)
    by_day: defaultdict[date, list[Listed]] = defaultdict(list)
    for calendar in calendars:
        for one in _listed(calendar, zone=zone):
            begins = max(one.part.start, start).astimezone(time_zone(zone)).date()
            by_day[begins].append(one)
    return [(on, sorted(by_day[on], key=lambda one: one.part.start)) for on in sorted(by_day)]


def list_team(
    calendars: Sequence[HostCalendar], *, days: Sequence[date], zone: str
) -> list[tuple[Staff, list[TeamDay]]]:
    """Return each host with what takes their time on each of ``days`` in ``zone``."""
    return [
        (
            calendar.host,
            [
                TeamDay(
                    on=on,
                    closed_for=why_closed(calendar, on=on),
                    things=list(_listed_on(Day(on, zone), calendar)),
                )
                for on in days
            ],
        )
        for calendar in calendars
    ]


def _listed(calendar: HostCalendar, *, zone: str) -> Iterator[Listed]:
    """Yield all that takes time, each from its beginning to its end."""
    conflicts = conflicts_of(calendar)
    for fact in facts_of(calendar):
        start, end = (at.astimezone(time_zone(zone)) for at in (fact[1].start, fact[1].end))
        is_all_day = start.time() == end.time() == MIDNIGHT
        # What ends with a day does not end on the next one.
        last_on = (end - timedelta(microseconds=1)).date()
        yield _listed_fact(
            fact,
            calendar=calendar,
            conflicts=conflicts,
            part=fact[1],
            is_all_day=is_all_day,
            last_on=(last_on if is_all_day else end.date()) if last_on > start.date() else None,
        )


def _listed_on(day: Day, calendar: HostCalendar) -> Iterator[Listed]:
    """Yield what takes time on ``day``, as much of it as lies on it."""
    conflicts = conflicts_of(calendar)
    for fact in facts_of(calendar):
        part = day.cut(fact[1])
        if part:
            yield _listed_fact(
                fact,
                calendar=calendar,
                conflicts=conflicts,
                part=part,
                is_all_day=day.is_filled_by(part),
                last_on=None,
            )


def _listed_fact(
    fact: Fact,
    *,
    calendar: HostCalendar,
    conflicts: frozenset[int],
    part: Interval,
    is_all_day: bool,
    last_on: date | None,
) -> Listed:
    kind, _, thing = fact
    return Listed(
        kind=kind,
        part=part,
        is_all_day=is_all_day,
        last_on=last_on,
        thing=thing,
        host=calendar.host,
        is_conflict=kind == "demo" and thing.booking.id in conflicts,
    )
