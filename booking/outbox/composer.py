"""What a kind of mail is to the outbox: whether it is still wanted, and what it says.

Composers are put together in `booking.app`; the outbox knows neither bookings nor templates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import aliased

from booking.outbox.models import Message, MessageState, Priority

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.outbox.mime import OutgoingMail


def _do_nothing(_message: Message, _now: datetime, _session: Session) -> None:
    """Leave it at the row's own state."""


@dataclass(frozen=True, slots=True)
class Composer:
    """One kind of mail."""

    is_current: Callable[[Message, Session], bool]
    """False once a change has overtaken it."""
    compose: Callable[[Message, Session], OutgoingMail]
    """The mail as it has to be at this moment."""
    on_failed: Callable[[Message, datetime, Session], None] = _do_nothing
    """What follows when the mail is given up (at an instant in UTC), in the same transaction."""


def find_end(
    message: Message, *, composer: Composer, now: datetime, session: Session
) -> MessageState | None:
    """Return ``expired`` or ``obsolete`` for a mail of no more use at ``now`` (UTC), else None."""
    if message.expires_at <= now:
        return MessageState.EXPIRED
    if _has_nearer_reminder(message, now=now, session=session):
        return MessageState.OBSOLETE
    return None if composer.is_current(message, session) else MessageState.OBSOLETE


def _has_nearer_reminder(message: Message, *, now: datetime, session: Session) -> bool:
    """Tell whether, after a backlog, a reminder nearer to the start is due as well."""
    if message.priority != Priority.LATER:
        return False
    nearer = aliased(Message)
    found = session.scalar(
        select(nearer.id)
        .where(
            nearer.kind == message.kind,
            nearer.booking_id == message.booking_id,
            nearer.sequence == message.sequence,
            nearer.recipient == message.recipient,
            nearer.staff_id.is_not_distinct_from(message.staff_id),
            nearer.due_at > message.due_at,
            nearer.due_at <= now,
        )
        .limit(1)
    )
    return found is not None
