"""Stores what a setup file says of the staff: each person, and the lists that replace their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select

from booking.accounts.change_access import shut_out
from booking.setup_file.changes import Change, assign, differing, record_change
from booking.staff.calendar_lock import lock_calendars
from booking.staff.models import BusyTime, DateOverride, Staff, TimeOff, WeeklyHours

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.setup_file.staff_entry import StaffEntry

SETUP = "setup"
"""Source of the busy times that came from a setup file; those of calendars are left alone."""

Rows = list[tuple[Any, ...]]

TABLES: Mapping[str, tuple[type[Any], tuple[str, ...]]] = {
    "working_hours": (WeeklyHours, ("weekday", "from_minute", "to_minute")),
    "date_overrides": (DateOverride, ("local_date", "windows")),
    "time_off": (TimeOff, ("starts_at", "ends_at", "note")),
    "busy": (BusyTime, ("starts_at", "ends_at", "source")),
}
"""Where each list of the file is stored: one row an entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How one stored staff member differs from the file."""

    staff: Staff
    entry: StaffEntry
    columns: tuple[str, ...]
    lists: tuple[str, ...]


def load_staff(entries: Sequence[StaffEntry], *, now: datetime, session: Session) -> list[Change]:
    """Make every staff member named what the file says; return the changes, then the additions.

    Whoever is named is locked before the comparison, and the calendars of those who change, both
    in ascending id.
    """
    addresses = [entry.email for entry in entries]
    named = (
        select(Staff)
        .where(func.lower(Staff.email).in_(addresses))
        .order_by(Staff.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    stored = {staff.email.lower(): staff for staff in session.scalars(named)}
    differences = [
        _compare(stored[entry.email], entry, session=session)
        for entry in entries
        if entry.email in stored
    ]
    changed = [found for found in differences if found.columns or found.lists]
    lock_calendars((found.staff.id for found in changed), session=session)
    return [
        *(_change(found, now=now, session=session) for found in changed),
        *(_add(entry, now=now, session=session) for entry in entries if entry.email not in stored),
    ]


def _compare(staff: Staff, entry: StaffEntry, *, session: Session) -> Difference:
    wanted = _lists(entry)
    return Difference(
        staff=staff,
        entry=entry,
        columns=tuple(differing(staff, _columns(entry))),
        lists=tuple(
            key for key in TABLES if _stored(key, staff.id, session=session) != sorted(wanted[key])
        ),
    )


def _add(entry: StaffEntry, *, now: datetime, session: Session) -> Change:
    staff = Staff(email=entry.email, created_at=now, **_columns(entry))
    session.add(staff)
    session.flush()
    for key, rows in _lists(entry).items():
        _store(key, rows, staff_id=staff.id, session=session)
    return record_change(staff, subject=f"staff {entry.email}", keys=[], now=now, session=session)


def _change(difference: Difference, *, now: datetime, session: Session) -> Change:
    staff, entry = difference.staff, difference.entry
    assign(staff, _columns(entry))
    if "active" in difference.columns:
        shut_out(staff.id, now=now, session=session)
    wanted = _lists(entry)
    for key in difference.lists:
        session.execute(delete(TABLES[key][0]).where(*_own(key, staff.id)))
        _store(key, wanted[key], staff_id=staff.id, session=session)
    return record_change(
        staff,
        subject=f"staff {entry.email}",
        keys=[*difference.columns, *difference.lists],
        now=now,
        session=session,
    )


def _columns(entry: StaffEntry) -> dict[str, Any]:
    return {
        "name": entry.name,
        "role": entry.role,
        "time_zone": entry.time_zone,
        "active": entry.active,
        "meeting_url": entry.meeting_url or None,
        "holiday_region": entry.holiday_region,
    }


def _lists(entry: StaffEntry) -> dict[str, Rows]:
    return {
        "working_hours": [*entry.weekly_windows()],
        "date_overrides": [*entry.overriding_windows()],
        "time_off": [*entry.absences()],
        "busy": [(start, end, SETUP) for start, end in entry.busy_times()],
    }


def _own(key: str, staff_id: int) -> list[Any]:
    """Return the conditions under which a row belongs to the list ``key`` of a staff member."""
    table = TABLES[key][0]
    conditions = [table.staff_id == staff_id]
    if table is BusyTime:
        conditions.append(BusyTime.source == SETUP)
    return conditions


def _stored(key: str, staff_id: int, *, session: Session) -> Rows:
    table, columns = TABLES[key]
    query = select(*(getattr(table, column) for column in columns)).where(*_own(key, staff_id))
    return sorted(tuple(row) for row in session.execute(query))


def _store(key: str, rows: Rows, *, staff_id: int, session: Session) -> None:
    table, columns = TABLES[key]
    session.add_all(
        table(staff_id=staff_id, **dict(zip(columns, row, strict=True))) for row in rows
    )
