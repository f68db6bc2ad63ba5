"""Who is signed in: read from the session's row at every request, never from the cookie itself.

The cookie carries a random token and nothing else, goes to the console alone, and is unknown to
scripts. Forms carry a mark that no other site can know.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import current_app, g, request

from booking import clock
from booking.accounts.sessions import LASTS, NOTED_EVERY, end_session, find_session, note_use
from booking.db import run_in_transaction, snapshot
from booking.history import staff_actor
from booking.web.current import current_installation
from booking.web.refusals import SignedOutError

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response

    from booking.staff.models import Role

COOKIE = "halbstunde_staff"
CSRF_FIELD = "csrf"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """The staff member behind a request."""

    staff_id: int
    name: str
    email: str
    role: Role
    time_zone: str
    session_id: int
    csrf: str
    """What every form of theirs carries."""

    @property
    def actor(self) -> str:
        """How the history names them."""
        return staff_actor(self.staff_id)


def find_signed_in() -> SignedIn | None:
    """Return who is signed in, if anybody is; asked once a request."""
    if "signed_in" not in g:
        token = request.cookies.get(COOKIE)
        g.signed_in = _find(token, now=clock.now()) if token else None
    found: SignedIn | None = g.signed_in
    return found


def known_signed_in() -> SignedIn | None:
    """Return who is signed in as far as this request has asked already, without asking."""
    known: SignedIn | None = g.get("signed_in")
    return known


def get_signed_in() -> SignedIn:
    """Return who is signed in.

    Raises:
        SignedOutError: nobody is.
    """
    found = find_signed_in()
    if found is None:
        raise SignedOutError
    return found


def end_former(former: SignedIn | None, *, session: Session) -> None:
    """End the session that the browser carried so far: it signs in as somebody now."""
    if former is not None:
        end_session(former.session_id, of=former.staff_id, session=session)


def remember(token: str, *, response: Response) -> None:
    """Let the browser carry the session's token from ``response`` on."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=LASTS,
        path=_path(),
        secure=_is_secure(),
        httponly=True,
        samesite="Lax",
    )


def forget(response: Response) -> None:
    """Let the browser carry it no longer."""
    response.delete_cookie(COOKIE, path=_path(), secure=_is_secure(), httponly=True, samesite="Lax")


def _find(token: str, *, now: datetime) -> SignedIn | None:
    # In a view of its own, closed again: a change needs a session that has not read.
    with snapshot() as session:
        found = find_session(token, now=now, session=session)
        if found is None:
            return None
        row, staff = found
        signed_in = SignedIn(
            staff_id=staff.id,
            name=staff.name,
            email=staff.email,
            role=staff.role,
            time_zone=staff.time_zone,
            session_id=row.id,
            csrf=_csrf(staff.id),
        )
        is_noted = row.last_used_at > now - NOTED_EVERY
    if not is_noted:
        run_in_transaction(lambda session: note_use(signed_in.session_id, now=now, session=session))
    return signed_in


def _csrf(staff_id: int) -> str:
    """Return the mark of one staff member's forms.

    Not of one session's: what was typed before it ended can be sent after signing in again.
    """
    key = current_installation().secret_keys[0].encode()
    return hmac.new(key, f"console form {staff_id}".encode(), hashlib.sha256).hexdigest()


def _path() -> str:
    config = current_app.extensions["config"]
    return f"{config.base_path}/staff"


def _is_secure() -> bool:
    return current_installation().base_url.startswith("https:")
