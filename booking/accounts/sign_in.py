"""The two ways in: address and password, or a one-time link on whose page a password is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from booking.accounts.links import find_link, void_links
from booking.accounts.models import Password
from booking.accounts.sessions import end_sessions, open_session
from booking.errors import NotFoundError
from booking.history import record, staff_actor
from booking.staff.find import has_address
from booking.staff.models import Staff

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Whose password is asked for, and what is kept of it."""

    staff_id: int
    email: str
    kept: str


def find_credentials(email: str, *, session: Session) -> Credentials | None:
    """Return the credentials of an active staff member who has a password; None for others."""
    found = session.execute(
        select(Staff.id, Staff.email, Password.hash)
        .join(Password, Password.staff_id == Staff.id)
        .where(has_address(email), Staff.active)
    ).one_or_none()
    return Credentials(staff_id=found[0], email=found[1], kept=found[2]) if found else None


def sign_in(
    credentials: Credentials,
    *,
    new_hash: str | None,
    browser: str,
    now: datetime,
    session: Session,
) -> str:
    """Open a session for whoever has just given the right password; return its token.

    ``new_hash`` replaces a hash that was made with outdated parameters.

    Raises:
        NotFoundError: they left, or the password was changed, in this very moment.
    """
    staff = session.scalar(
        select(Staff)
        .join(Password, Password.staff_id == Staff.id)
        .where(Staff.id == credentials.staff_id, Staff.active, Password.hash == credentials.kept)
        .with_for_update(of=Password)
    )
    if staff is None:
        raise NotFoundError
    if new_hash is not None:
        session.get_one(Password, staff.id).hash = new_hash
    _record("signed_in", staff=staff, now=now, session=session)
    return open_session(staff, browser=browser, now=now, session=session)


def redeem_link(
    token: str, *, password_hash: str, browser: str, now: datetime, session: Session
) -> str:
    """Give the link's owner the password, sign every other browser out and this one in.

    Raises:
        NotFoundError: the link opens nothing any more.
    """
    found = find_link(token, now=now, session=session)
    if found is None:
        raise NotFoundError
    _, staff = found
    _lock(staff.id, session=session)
    if find_link(token, now=now, session=session, for_change=True) is None:
        raise NotFoundError
    return _set_password(
        staff, password_hash=password_hash, browser=browser, now=now, session=session
    )


def replace_password(
    credentials: Credentials, *, password_hash: str, browser: str, now: datetime, session: Session
) -> str:
    """Replace the password that has just been given, sign every other browser out and this one in.

    Raises:
        NotFoundError: they left, or the password was changed, in this very moment.
    """
    staff = _lock(credentials.staff_id, session=session)
    password = session.get(
        Password, credentials.staff_id, with_for_update=True, populate_existing=True
    )
    if not staff.active or password is None or password.hash != credentials.kept:
        raise NotFoundError
    return _set_password(
        staff, password_hash=password_hash, browser=browser, now=now, session=session
    )


def _lock(staff_id: int, *, session: Session) -> Staff:
    """Return the staff member as they are, before whom nobody shuts them out.

    Whoever does that locks in the same order: the staff row, the password, then the rest.
    """
    return session.get_one(
        Staff, staff_id, with_for_update={"key_share": True}, populate_existing=True
    )


def _set_password(
    staff: Staff, *, password_hash: str, browser: str, now: datetime, session: Session
) -> str:
    """Replace the password of ``staff``, who is locked; this browser is the only one left."""
    session.get(Password, staff.id, with_for_update=True)
    session.merge(Password(staff_id=staff.id, hash=password_hash, changed_at=now))
    end_sessions(staff.id, session=session)
    void_links(staff.id, now=now, session=session)
    _record("password_set", staff=staff, now=now, session=session)
    return open_session(staff, browser=browser, now=now, session=session)


def _record(action: str, *, staff: Staff, now: datetime, session: Session) -> None:
    record(action, subject=staff, actor=staff_actor(staff.id), facts={}, now=now, session=session)
