"""What an admin changes of another staff member's access: the role, and whether they still work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from booking.accounts.links import void_links
from booking.accounts.models import Password
from booking.accounts.sessions import end_sessions
from booking.errors import BookingError
from booking.history import record
from booking.staff.calendar_lock import lock_calendars
from booking.staff.models import Role, Staff

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session


class LastAdminError(BookingError):
    """Nobody would be left who can let others in."""

    code = "last_admin"


def change_access(
    staff: Staff, *, role: Role, active: bool, actor: str, now: datetime, session: Session
) -> None:
    """Give ``staff`` the role; who is no longer active is offered no more and signed out.

    Raises:
        LastAdminError: no active admin would be left.
    """
    # Locks in the order of all who change calendars; it also lets two admins demote in turn.
    lock_calendars(_admins_and(staff, session=session), session=session)
    # Read anew: while we waited, another admin may have changed it.
    session.refresh(staff)
    before = {"role": staff.role.value, "active": staff.active}
    staff.role, staff.active = role, active
    session.flush()
    if _count_admins(session=session) == 0:
        raise LastAdminError
    after = {"role": role.value, "active": active}
    if after == before:
        return
    if not active:
        end_sessions(staff.id, session=session)
        void_links(staff.id, now=now, session=session)
        # Who comes back is invited anew.
        session.execute(delete(Password).where(Password.staff_id == staff.id))
    facts = {"before": before, "after": after}
    record("access_changed", subject=staff, actor=actor, facts=facts, now=now, session=session)


def _admins_and(staff: Staff, *, session: Session) -> set[int]:
    admins = session.scalars(select(Staff.id).where(Staff.role == Role.ADMIN, Staff.active))
    return {staff.id, *admins}


def _count_admins(*, session: Session) -> int:
    query = select(func.count()).select_from(Staff)
    return session.scalar(query.where(Staff.role == Role.ADMIN, Staff.active)) or 0
