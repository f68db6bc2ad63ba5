"""What to do once a backup has taken the place of the database: nobody may get a mail twice.

The backup does not know which mails have left since it was taken. Sending them again would be a
storm of repeated mails, keeping quiet would lose those that have not left: staff decide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from booking.history import SYSTEM, HistoryEntry, record
from booking.organisation.find import get_organisation
from booking.outbox.claim import is_retried
from booking.outbox.models import Message, MessageState
from booking.outbox.settle import leave_to_staff

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session


OPEN = (MessageState.QUEUED, MessageState.SENDING)
RESTORED = "restored"


class TakenAtError(Exception):
    """The database knows more than a backup of that moment could."""

    def __init__(self, newest: datetime) -> None:
        super().__init__()
        self.newest = newest
        """When the last thing happened that the database knows of, UTC."""


def leave_due_mails_to_staff(
    *, taken_at: datetime, now: datetime, session: Session
) -> Sequence[Message]:
    """Make every open mail that was due by ``now`` (UTC) ``unknown``, and return those.

    They may have left after ``taken_at`` (UTC), also those that were due before it but waited.
    Mails still to come go on as planned. Again: nothing is left to change.

    Raises:
        TakenAtError: something has happened in this database after ``taken_at``, so it is no backup
            of that moment; nothing is changed.
    """
    newest = session.scalar(
        select(func.max(HistoryEntry.at)).where(HistoryEntry.action != RESTORED)
    )
    if newest is not None and newest > taken_at:
        raise TakenAtError(newest)
    messages = session.scalars(
        select(Message)
        .where(
            or_(Message.state.in_(OPEN), is_retried(now=now)),
            Message.due_at <= now,
            Message.expires_at > now,
        )
        .order_by(Message.id)
        .with_for_update()
    ).all()
    for message in messages:
        leave_to_staff(message)
    if messages:
        record(
            RESTORED,
            subject=get_organisation(session=session),
            actor=SYSTEM,
            facts={"taken_at": taken_at.isoformat(), "unknown_mails": len(messages)},
            now=now,
            session=session,
        )
    return messages
