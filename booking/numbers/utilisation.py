"""How much of the time that hosts offered was booked."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import select

from booking.numbers.selection import By
from booking.numbers.share import Share
from booking.staff.models import OfferedMinutes, Staff
from booking.time_zone import time_zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from booking.numbers.demo import Demo
    from booking.numbers.period import Days
    from booking.numbers.selection import Selection

HostDay = tuple[int, "date"]
"""A host, and a local date of theirs."""


def measure_utilisation(
    demos: Sequence[Demo], *, days: Days, selection: Selection, session: Session
) -> dict[HostDay, Share]:
    """Return booked of offered minutes for each host and day of ``days`` with something offered."""
    query = select(
        OfferedMinutes.staff_id, OfferedMinutes.local_date, OfferedMinutes.minutes
    ).where(
        OfferedMinutes.local_date >= days.first,
        OfferedMinutes.local_date <= days.last,
        OfferedMinutes.minutes > 0,
    )
    if selection.host_id is not None:
        query = query.where(OfferedMinutes.staff_id == selection.host_id)
    booked = _booked_minutes(demos, session=session)
    return {
        (host_id, day): Share(min(booked[host_id, day], minutes), minutes)
        for host_id, day, minutes in session.execute(query)
        if selection.weekday in {None, day.weekday()}
    }


def total_of(shares: Iterable[Share]) -> Share:
    """Return all the parts of all the wholes."""
    listed = list(shares)
    return Share(sum(share.part for share in listed), sum(share.whole for share in listed))


def split_utilisation(shares: Mapping[HostDay, Share], *, by: By) -> dict[int | str, Share]:
    """Return ``shares`` by host or by weekday; nothing where time is not told apart so."""
    if by not in {By.HOST, By.WEEKDAY}:
        return {}
    groups: defaultdict[int | str, list[Share]] = defaultdict(list)
    for (host_id, day), share in shares.items():
        groups[host_id if by is By.HOST else day.weekday()].append(share)
    return {key: total_of(group) for key, group in groups.items()}


def _booked_minutes(demos: Iterable[Demo], *, session: Session) -> Counter[HostDay]:
    zones = {
        staff_id: time_zone(name)
        for staff_id, name in session.execute(select(Staff.id, Staff.time_zone))
    }
    booked: Counter[HostDay] = Counter()
    for demo in demos:
        if demo.was_cancelled:
            continue
        minutes = int((demo.end - demo.start).total_seconds()) // 60
        for host_id in demo.host_ids:
            booked[host_id, demo.start.astimezone(zones[host_id]).date()] += minutes
    return booked
