"""Which mails a worker may try now, and how it makes them its own for a while.

The row decides, not the clock that ticks: any number of workers may ask at the same time. A worker
that died leaves a lease that lapses; what that means depends on how far it had come.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select

from booking.outbox.models import Message, MessageState
from booking.outbox.settle import MOST_UNKNOWNS, mark_unknown, mark_useless

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime, timedelta

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session


class LeaseLapsedError(Exception):
    """A worker began to hand a mail over and was not heard of again."""


def claim_due(
    *, limit: int, worker: str, lease: timedelta, now: datetime, session: Session
) -> Sequence[Message]:
    """Return at most ``limit`` mails that were due at ``now`` (UTC), the most urgent first.

    Those that are now ``sending`` belong to ``worker`` until ``now + lease``. The others have come
    to an end: past their use, or left by a worker after DATA had begun. An empty answer means that
    nothing is due.
    """
    messages = session.scalars(
        select(Message)
        .where(or_(_is_waiting(now=now), _is_left_behind(lease=lease, now=now)))
        .order_by(Message.priority, Message.next_attempt_at, Message.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for message in messages:
        _take(message, worker=worker, lease=lease, now=now)
    return messages


def find_leased(
    message_id: int, *, worker: str, states: Collection[MessageState], session: Session
) -> Message | None:
    """Return the row, locked, if ``worker`` was the last to claim it and it is in ``states``."""
    return session.scalar(
        select(Message)
        .where(Message.id == message_id, Message.lease_owner == worker, Message.state.in_(states))
        .with_for_update()
    )


def is_retried(*, now: datetime) -> ColumnElement[bool]:
    """Tell of the mails that may have arrived and are sent once more, to make sure."""
    return and_(
        Message.state == MessageState.UNKNOWN,
        Message.unknowns < MOST_UNKNOWNS,
        Message.expires_at > now,
    )


def _is_waiting(*, now: datetime) -> ColumnElement[bool]:
    return and_(
        or_(
            Message.state == MessageState.QUEUED,
            is_retried(now=now),
        ),
        Message.next_attempt_at <= now,
    )


def _is_left_behind(*, lease: timedelta, now: datetime) -> ColumnElement[bool]:
    # A lease further ahead than any worker grants was written before the clock was set back.
    return and_(
        Message.state == MessageState.SENDING,
        or_(Message.lease_until <= now, Message.lease_until > now + 2 * lease),
    )


def _take(message: Message, *, worker: str, lease: timedelta, now: datetime) -> None:
    if message.data_started_at is not None:
        mark_unknown(message, error=LeaseLapsedError(), now=now)
    elif message.expires_at <= now:
        mark_useless(message, state=MessageState.EXPIRED)
    else:
        message.state = MessageState.SENDING
        message.lease_owner = worker
        message.lease_until = now + lease
