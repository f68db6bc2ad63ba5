"""What everybody who could do something about it is told on every page of the console."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from booking import clock
from booking.bookings.left_behind import list_left_behind
from booking.db import db
from booking.outbox.models import Message
from booking.outbox.trouble import is_in_trouble
from booking.pulse import is_worker_silent
from booking.web.audience import STAFF, Audience

if TYPE_CHECKING:
    from collections.abc import Sequence

    from booking.bookings.left_behind import LeftBehind
    from booking.web.staff.signed_in import SignedIn


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """What is amiss."""

    no_worker: bool = False
    """Nothing leaves at the moment."""
    mails: int = 0
    """How many mails wait for somebody to decide."""
    left_behind: Sequence[LeftBehind] = ()
    """Who has left, and still stands as the host of demos to come."""


def find_notices(signed_in: SignedIn | None) -> Notices:
    """Return what ``signed_in`` is to be told; nothing while the database cannot be asked."""
    if signed_in is None or signed_in.role not in STAFF[Audience.MANAGER]:
        return Notices()
    now, session = clock.now(), db.session()
    in_trouble = select(func.count()).select_from(Message).where(is_in_trouble(now=now))
    try:
        return Notices(
            no_worker=is_worker_silent(now=now, session=session),
            mails=session.scalar(in_trouble) or 0,
            left_behind=list_left_behind(now=now, session=session),
        )
    except SQLAlchemyError:
        session.rollback()
        return Notices()
