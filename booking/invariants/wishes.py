"""The organisation was told of every wish, once, and its history says who sent it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, func, select

from booking.history import HistoryEntry
from booking.invariants.violation import Violation
from booking.outbox.models import Message, Recipient
from booking.wishes.express import KIND
from booking.wishes.models import Wish

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session


def find_untold_wishes(session: Session) -> Iterator[Violation]:
    """Find wishes about which the organisation was sent no mail, or two."""
    tells_of_it = and_(
        Message.wish_id == Wish.id,
        Message.kind == KIND,
        Message.copy == 1,
        Message.recipient == Recipient.ORGANISATION,
    )
    found = session.scalars(
        select(Wish.id)
        .outerjoin(Message, tells_of_it)
        .group_by(Wish.id)
        .having(func.count(Message.id) != 1)
    )
    for wish_id in found:
        text = "the organisation has not been sent exactly one mail about it"
        yield Violation("wish_untold", f"wish {wish_id}", text)


def find_wishes_without_history(session: Session) -> Iterator[Violation]:
    """Find wishes without an entry of the moment at which they were sent."""
    is_its_entry = and_(
        HistoryEntry.subject == Wish.__tablename__,
        HistoryEntry.subject_id == Wish.id,
        HistoryEntry.action == "wished",
        HistoryEntry.at == Wish.created_at,
    )
    found = session.scalars(
        select(Wish.id).outerjoin(HistoryEntry, is_its_entry).where(HistoryEntry.id.is_(None))
    )
    for wish_id in found:
        text = "its history has no entry 'wished' of that moment"
        yield Violation("history_missing", f"wish {wish_id}", text)
