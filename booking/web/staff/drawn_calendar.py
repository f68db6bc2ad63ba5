"""Calendars as they are drawn: one column a day, or one a host, everything at its place."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from booking.availability.interval import Interval
from booking.bookings.agenda import AgendaEntry
from booking.web.staff.time_grid import Day, Hours, Placed, hours_around, line_at, place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date, datetime

    from booking.bookings.host_calendar import HostCalendar
    from booking.staff.models import Staff, TimeOff

Fact = tuple[str, Interval, Any]
"""What kind of thing takes which time, and the row that tells more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One host's day."""

    on: date
    host: Staff
    closed_for: str | None
    """What the closing day or the public holiday of this day is called, if it is one."""
    ground: Sequence[Placed]
    """The working hours, on which everything else stands."""
    things: Sequence[Placed]
    """What takes time, by start."""
    now_line: int | None
    """Where the present moment is, if it is on this day and its hour is drawn."""
    conflicts: frozenset[int]
    """The demos, by id of their booking, that lie in time off or in a busy time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Columns side by side, beside one ruler."""

    hours: Hours
    columns: Sequence[Column]


def draw(
    calendars: Sequence[HostCalendar], *, days: Sequence[date], zone: str, now: datetime
) -> Drawing:
    """Return the calendars of ``days`` in ``zone``: a day's hosts side by side, day by day."""
    drawn_days = [Day(on, zone) for on in days]
    decisive = chain.from_iterable(_decisive(calendar) for calendar in calendars)
    hours = hours_around(drawn_days, decisive)
    columns = [
        _column(calendar, day=day, hours=hours, now=now)
        for day in drawn_days
        for calendar in calendars
    ]
    return Drawing(hours=hours, columns=columns)


def span_of(row: AgendaEntry | TimeOff) -> Interval:
    """Return which time a demo or an absence takes."""
    times = row.meeting if isinstance(row, AgendaEntry) else row
    return Interval(times.starts_at, times.ends_at)


def conflicts_of(calendar: HostCalendar) -> frozenset[int]:
    """Return the ids of the bookings whose time is not the host's to give any more."""
    away = [*calendar.busy, *map(span_of, calendar.time_off)]
    return frozenset(
        entry.booking.id
        for entry in calendar.demos
        if not entry.is_cancelled and any(_overlap(span_of(entry), other) for other in away)
    )


def why_closed(calendar: HostCalendar, *, on: date) -> str | None:
    """Return what the host's closing day or public holiday is called; None on other days."""
    return calendar.hours.why_closed(on) if calendar.hours else None


def facts_of(calendar: HostCalendar) -> list[Fact]:
    """Return all that takes time, by start; what lies behind comes before what stands on it."""
    facts: list[Fact] = [
        *(("time-off", span_of(row), row) for row in calendar.time_off),
        *(("busy", interval, None) for interval in calendar.busy),
        *(("hold", hold.interval, None) for hold in calendar.holds),
        *(("demo", span_of(entry), entry) for entry in calendar.demos),
    ]
    return sorted(facts, key=lambda fact: fact[1].start)


def _decisive(calendar: HostCalendar) -> Iterator[Interval]:
    """Yield what the drawn hours must reach: an absence alone stretches no day."""
    yield from calendar.working
    yield from (hold.interval for hold in calendar.holds)
    yield from map(span_of, calendar.demos)


def _column(calendar: HostCalendar, *, day: Day, hours: Hours, now: datetime) -> Column:
    working: list[Fact] = [("working", window, None) for window in calendar.working]
    return Column(
        on=day.on,
        host=calendar.host,
        closed_for=why_closed(calendar, on=day.on),
        ground=_placed(working, day=day, hours=hours),
        things=_placed(facts_of(calendar), day=day, hours=hours),
        now_line=line_at(now, day=day, hours=hours),
        conflicts=conflicts_of(calendar),
    )


def _placed(facts: Iterable[Fact], *, day: Day, hours: Hours) -> list[Placed]:
    places = (
        place(kind, interval, day=day, hours=hours, thing=thing) for kind, interval, thing in facts
    )
    return [placed for placed in places if placed]


def _overlap(one: Interval, other: Interval) -> bool:
    return one.start < other.end and other.start < one.end
