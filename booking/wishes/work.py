"""What staff do with a wish: take it, call it answered or done, open it again.

Whoever acts has seen the wish at some version; where a colleague was faster, nothing happens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from booking.errors import BookingError, NotFoundError
from booking.history import record, version_of
from booking.wishes.models import Wish, WishState

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session


class WishChangedError(BookingError):
    """A colleague has worked on the wish since it was looked at."""

    code = "wish_changed"


class WishClosedError(BookingError):
    """The wish is done with: it must be opened again first."""

    code = "wish_closed"


def get_wish_to_change(wish_id: int, *, version: int, session: Session) -> Wish:
    """Return the wish, locked.

    Raises:
        NotFoundError: there is none.
        WishChangedError: somebody has worked on it since it was at ``version``.
    """
    locked = select(Wish).where(Wish.id == wish_id).with_for_update()
    # Read anew once it is ours: while we waited, somebody else may have worked on it.
    wish = session.scalar(locked.execution_options(populate_existing=True))
    if wish is None:
        raise NotFoundError
    if version_of(wish, session=session) != version:
        raise WishChangedError
    return wish


def take_wish(wish: Wish, *, staff_id: int, actor: str, now: datetime, session: Session) -> None:
    """Make it ``staff_id``'s to answer."""
    facts = {"from": wish.assigned_to, "to": staff_id}
    wish.assigned_to = staff_id
    _record("wish_taken", wish, facts=facts, actor=actor, now=now, session=session)


def answer_wish(wish: Wish, *, actor: str, now: datetime, session: Session) -> None:
    """Say that the lead has been answered elsewhere, by telephone for instance.

    Raises:
        WishClosedError: it is done with.
    """
    require_not_closed(wish)
    mark_answered(wish, now=now)
    _record("wish_answered", wish, facts={}, actor=actor, now=now, session=session)


def close_wish(wish: Wish, *, actor: str, now: datetime, session: Session) -> None:
    """Say that there is nothing more to do."""
    wish.state = WishState.CLOSED
    _record("wish_closed", wish, facts={}, actor=actor, now=now, session=session)


def reopen_wish(wish: Wish, *, actor: str, now: datetime, session: Session) -> None:
    """Say that it waits for an answer after all; when it was first answered stays."""
    wish.state = WishState.OPEN
    _record("wish_reopened", wish, facts={}, actor=actor, now=now, session=session)


def require_not_closed(wish: Wish) -> None:
    """Insist that there is something to do.

    Raises:
        WishClosedError: there is not.
    """
    if wish.state is WishState.CLOSED:
        raise WishClosedError


def mark_answered(wish: Wish, *, now: datetime) -> None:
    """Write that the lead was answered; the first time counts for how long it has waited."""
    wish.state = WishState.ANSWERED
    if wish.answered_at is None:
        wish.answered_at = now


def _record(
    action: str, wish: Wish, *, facts: dict[str, Any], actor: str, now: datetime, session: Session
) -> None:
    session.flush()
    record(action, subject=wish, actor=actor, facts=facts, now=now, session=session)
