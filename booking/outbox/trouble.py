"""Which mails are in trouble: late, given up, or waiting for somebody to decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from booking.outbox.ledger import ComposingError
from booking.outbox.models import Message, MessageState
from booking.outbox.settle import MOST_UNKNOWNS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session


def oldest_overdue_at(*, now: datetime, session: Session) -> datetime | None:
    """Return when the mail that has waited longest was due, UTC; None when none is late.

    Mails that may have arrived are not late, they are unknown.
    """
    return session.scalar(
        select(func.min(Message.due_at)).where(
            Message.state.in_((MessageState.QUEUED, MessageState.SENDING)), Message.due_at <= now
        )
    )


def count_faulty(*, since: datetime, session: Session) -> int:
    """Return how many mails have been given up after ``since`` since none could compose them.

    That is a fault of ours or of the setup; addresses that refuse mail are not counted.
    """
    count = select(func.count()).where(
        Message.state == MessageState.FAILED,
        Message.next_attempt_at > since,
        Message.last_error.startswith(ComposingError.__name__),
    )
    return session.scalar(count) or 0


def find_undelivered(*, session: Session) -> Sequence[Message]:
    """Return what nobody tries any more although it may never have arrived, oldest first."""
    given_up = Message.state == MessageState.FAILED
    undecided = (Message.state == MessageState.UNKNOWN) & (Message.unknowns >= MOST_UNKNOWNS)
    return session.scalars(select(Message).where(given_up | undecided).order_by(Message.id)).all()
