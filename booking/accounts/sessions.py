"""Sessions: opened by signing in, found by the cookie's token, ended by deleting the row."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, or_, select, update

from booking.accounts.models import StaffSession
from booking.staff.models import Staff
from booking.tokens import hash_token, new_token

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.orm import Session

LASTS = timedelta(days=30)
"""However busy it is."""
IDLE = timedelta(days=7)
"""Unused for so long, it is over."""
NOTED_EVERY = timedelta(minutes=10)

MOST_BROWSER = 200


def open_session(staff: Staff, *, browser: str, now: datetime, session: Session) -> str:
    """Store a session of ``staff`` and return the token for its cookie."""
    token = new_token()
    session.add(
        StaffSession(
            staff_id=staff.id,
            sha256=hash_token(token),
            browser=browser[:MOST_BROWSER],
            created_at=now,
            last_used_at=now,
            expires_at=now + LASTS,
        )
    )
    return token


def find_session(token: str, *, now: datetime, session: Session) -> Row[StaffSession, Staff] | None:
    """Return the session behind ``token`` and whose it is; None once it is over or they left."""
    query = (
        select(StaffSession, Staff)
        .join(Staff, StaffSession.staff_id == Staff.id)
        .where(
            StaffSession.sha256 == hash_token(token),
            StaffSession.expires_at > now,
            StaffSession.last_used_at > now - IDLE,
            Staff.active,
        )
    )
    return session.execute(query).one_or_none()


def list_sessions(staff_id: int, *, now: datetime, session: Session) -> Sequence[StaffSession]:
    """Return the sessions of one staff member that are not over, the latest used first."""
    return session.scalars(
        select(StaffSession)
        .where(
            StaffSession.staff_id == staff_id,
            StaffSession.expires_at > now,
            StaffSession.last_used_at > now - IDLE,
        )
        .order_by(StaffSession.last_used_at.desc(), StaffSession.id)
    ).all()


def note_use(session_id: int, *, now: datetime, session: Session) -> None:
    """Remember that the session is in use."""
    session.execute(
        update(StaffSession).where(StaffSession.id == session_id).values(last_used_at=now)
    )


def end_session(session_id: int, *, of: int, session: Session) -> None:
    """Sign one browser of the staff member ``of`` out; another's session is left alone."""
    session.execute(
        delete(StaffSession).where(StaffSession.id == session_id, StaffSession.staff_id == of)
    )


def end_sessions(staff_id: int, *, session: Session) -> None:
    """Sign every browser of one staff member out."""
    session.execute(delete(StaffSession).where(StaffSession.staff_id == staff_id))


def purge_sessions(*, now: datetime, session: Session) -> None:
    """Delete the sessions that are over."""
    session.execute(
        delete(StaffSession).where(
            or_(StaffSession.expires_at <= now, StaffSession.last_used_at <= now - IDLE)
        )
    )
