"""Which mails are in trouble: late, given up, or waiting for somebody to decide.

What staff have settled is no trouble any more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select

from booking.outbox.claim import is_retried
from booking.outbox.ledger import ComposingError
from booking.outbox.models import Message, MessageState, Priority

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
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
        has_failed(),
        Message.next_attempt_at > since,
        Message.last_error.startswith(ComposingError.__name__),
    )
    return session.scalar(count) or 0


def count_expired(*, since: datetime, session: Session) -> int:
    """Return how many mails have come too late after ``since``; reminders may."""
    count = select(func.count()).where(has_expired(), Message.expires_at > since)
    return session.scalar(count) or 0


def find_undelivered(*, since: datetime, now: datetime, session: Session) -> Sequence[Message]:
    """Return what nobody tries any more although it may never have arrived, oldest first.

    Only what was due after ``since`` (UTC).
    """
    return session.scalars(
        select(Message)
        .where(is_in_trouble(now=now), Message.due_at > since)
        .order_by(Message.due_at, Message.id)
    ).all()


def is_in_trouble(*, now: datetime) -> ColumnElement[bool]:
    """Tell of the mails that nobody tries any more although they may never have arrived."""
    return or_(has_failed(), is_undecided(now=now), has_expired())


def has_failed() -> ColumnElement[bool]:
    """Tell of the mails that have been given up."""
    return and_(Message.state == MessageState.FAILED, Message.settled.is_(False))


def is_undecided(*, now: datetime) -> ColumnElement[bool]:
    """Tell of the mails that may have arrived, and are not sent again unless staff say so."""
    return and_(
        Message.state == MessageState.UNKNOWN, Message.settled.is_(False), ~is_retried(now=now)
    )


def has_expired() -> ColumnElement[bool]:
    """Tell of the mails that came too late, but for reminders."""
    return and_(
        Message.state == MessageState.EXPIRED,
        Message.settled.is_(False),
        Message.priority != Priority.LATER,
    )
