"""Lists wishes for those who answer them, and says who that may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, func, or_, select, true

from booking.errors import NotFoundError
from booking.event_types.models import EventType, PoolMember
from booking.staff.models import Staff
from booking.wishes.models import Wish, WishState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

MOST_OPEN = 200
MOST_ANSWERED = 20


@dataclass(frozen=True, slots=True)
class WishToWork:
    """One wish, what it is for, and who has taken it."""

    wish: Wish
    event_type: EventType
    assignee: Staff | None


def list_open_wishes(host_id: int | None, *, session: Session) -> Sequence[WishToWork]:
    """Return the open wishes that ``host_id`` may answer, who has waited longest first.

    None stands for those who may answer all. No more than MOST_OPEN.
    """
    is_open = Wish.state == WishState.OPEN
    return _list(is_open, host_id=host_id, newest_first=False, most=MOST_OPEN, session=session)


def list_answered_wishes(host_id: int | None, *, session: Session) -> Sequence[WishToWork]:
    """Return the newest wishes that were answered or closed; no more than MOST_ANSWERED."""
    is_over = Wish.state != WishState.OPEN
    return _list(is_over, host_id=host_id, newest_first=True, most=MOST_ANSWERED, session=session)


def get_wish_to_work(wish_id: int, *, host_id: int | None, session: Session) -> WishToWork:
    """Return one wish.

    Raises:
        NotFoundError: there is none, or ``host_id`` may not answer it.
    """
    found = _list(Wish.id == wish_id, host_id=host_id, newest_first=True, most=1, session=session)
    if not found:
        raise NotFoundError
    return found[0]


def count_open_wishes(host_id: int | None, *, session: Session) -> int:
    """Return how many open wishes ``host_id`` may answer; None: how many there are."""
    query = select(func.count()).select_from(Wish)
    return session.scalar(query.where(Wish.state == WishState.OPEN, _may_answer(host_id))) or 0


def _list(
    condition: ColumnElement[bool],
    *,
    host_id: int | None,
    newest_first: bool,
    most: int,
    session: Session,
) -> Sequence[WishToWork]:
    order = (Wish.created_at, Wish.id)
    rows = session.execute(
        select(Wish, EventType, Staff)
        .join(EventType, Wish.event_type_id == EventType.id)
        .outerjoin(Staff, Wish.assigned_to == Staff.id)
        .where(condition, _may_answer(host_id))
        .order_by(*(column.desc() if newest_first else column for column in order))
        .limit(most)
    )
    return [WishToWork(*row) for row in rows]


def _may_answer(host_id: int | None) -> ColumnElement[bool]:
    """Hosts answer what they have taken, and what comes to a pool in which they stand."""
    if host_id is None:
        return true()
    in_pool = exists().where(
        and_(
            PoolMember.host_id == host_id,
            PoolMember.event_type_id == Wish.event_type_id,
            PoolMember.segment == Wish.segment,
        )
    )
    return or_(Wish.assigned_to == host_id, in_pool)
