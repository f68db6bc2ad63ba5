"""The pulse of the workers, and how far behind they are: what the health page shows."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from booking.outbox.models import Message, MessageState, Worker

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

FORGOTTEN_AFTER = timedelta(days=1)


def beat(*, worker: str, now: datetime, session: Session) -> None:
    """Note that ``worker`` is alive at ``now`` (UTC)."""
    row = session.get(Worker, worker)
    if row is None:
        session.add(Worker(name=worker, started_at=now, ticked_at=now))
    else:
        row.ticked_at = now


def forget_dead_workers(*, now: datetime, session: Session) -> None:
    """Delete the workers that have not been heard of for a day."""
    session.execute(delete(Worker).where(Worker.ticked_at < now - FORGOTTEN_AFTER))


def last_tick_at(*, session: Session) -> datetime | None:
    """Return when any worker was last heard of, UTC; None when there has been none."""
    return session.scalar(select(func.max(Worker.ticked_at)))


def oldest_overdue_at(*, now: datetime, session: Session) -> datetime | None:
    """Return when the mail that has waited longest was due, UTC; None when none is late.

    Mails that may have arrived are not late, they are unknown.
    """
    return session.scalar(
        select(func.min(Message.due_at)).where(
            Message.state.in_((MessageState.QUEUED, MessageState.SENDING)), Message.due_at <= now
        )
    )
