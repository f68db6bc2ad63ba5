"""What an admin changes of another staff member's access: the role, and whether they still work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from booking.accounts.links import void_links
from booking.accounts.models import Password
from booking.accounts.sessions import end_sessions
from booking.errors import BookingError
from booking.history import HistoryEntry, record
from booking.staff.calendar_lock import lock_calendars
from booking.staff.models import CalendarFeed, Role, Staff

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session


CHANGES_ACCESS = ("access_changed", "setup_loaded")


class StaleAccessError(BookingError):
    """Somebody else has changed it since it was looked at; nothing was changed."""

    code = "stale_access"


class LastAdminError(BookingError):
    """Nobody would be left who can let others in."""

    code = "last_admin"


def change_access(
    staff: Staff,
    *,
    role: Role,
    active: bool,
    version: int,
    actor: str,
    now: datetime,
    session: Session,
) -> None:
    """Give ``staff`` the role; who leaves is offered no more and shut out, who returns as well.

    Raises:
        StaleAccessError: it was changed after it had ``version``; nothing was changed.
        LastAdminError: no active admin would be left.
    """
    # Locks in the order of all who change calendars; it also lets two admins demote in turn.
    lock_calendars(_admins_and(staff, session=session), session=session)
    # Read anew: while we waited, another admin may have changed it.
    session.refresh(staff)
    if access_version(staff.id, session=session) != version:
        raise StaleAccessError
    before = {"role": staff.role.value, "active": staff.active}
    staff.role, staff.active = role, active
    session.flush()
    if _count_admins(session=session) == 0:
        raise LastAdminError
    after = {"role": role.value, "active": active}
    if after == before:
        return
    if active != before["active"]:
        shut_out(staff.id, now=now, session=session)
    facts = {"before": before, "after": after}
    record("access_changed", subject=staff, actor=actor, facts=facts, now=now, session=session)


def access_version(staff_id: int, *, session: Session) -> int:
    """Return the version of somebody's access: the newest entry of the history that tells of it."""
    return access_versions([staff_id], session=session)[staff_id]


def access_versions(staff_ids: Iterable[int], *, session: Session) -> Mapping[int, int]:
    """Return the versions of the access of some, by id; one query."""
    rows = session.execute(
        select(HistoryEntry.subject_id, func.max(HistoryEntry.id))
        .where(
            HistoryEntry.subject == Staff.__tablename__,
            HistoryEntry.action.in_(CHANGES_ACCESS),
        )
        .group_by(HistoryEntry.subject_id)
    )
    return dict.fromkeys(staff_ids, 0) | dict(rows.all())


def shut_out(staff_id: int, *, now: datetime, session: Session) -> None:
    """End every way in, and every address at which something is read, of who leaves or returns.

    Who returns is invited anew and finds the calendar's address gone, whatever was left behind.
    The staff row is locked already.
    """
    # First, since whoever signs in holds it until their session is there to be ended.
    session.execute(delete(Password).where(Password.staff_id == staff_id))
    end_sessions(staff_id, session=session)
    void_links(staff_id, now=now, session=session)
    session.execute(delete(CalendarFeed).where(CalendarFeed.staff_id == staff_id))


def _admins_and(staff: Staff, *, session: Session) -> set[int]:
    admins = session.scalars(select(Staff.id).where(Staff.role == Role.ADMIN, Staff.active))
    return {staff.id, *admins}


def _count_admins(*, session: Session) -> int:
    query = select(func.count()).select_from(Staff)
    return session.scalar(query.where(Staff.role == Role.ADMIN, Staff.active)) or 0
