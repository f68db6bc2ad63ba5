"""Puts mails into the outbox, and takes back those that a change has overtaken.

Both happen in the transaction of the change that causes them, so that a mail exists exactly when
its reason does. Nothing is composed or sent here.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from booking.outbox.models import Message, MessageState, Priority
from booking.outbox.settle import MOST_UNKNOWNS, mark_useless

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.db import Model
    from booking.outbox.models import Recipient

FINAL_KINDS = ("cancelled", "withdrawn")
"""What they say is the last word to their reader."""

ALWAYS_VALID_KINDS = (*FINAL_KINDS, "uninvited")
"""No cancellation makes them untrue."""


def enqueue(
    kind: str,
    *,
    occasion: str,
    subject: Model,
    sequence: int = 0,
    recipient: Recipient,
    staff_id: int | None = None,
    facts: dict[str, Any],
    due_at: datetime,
    expires_at: datetime,
    priority: Priority,
    copy: int = 1,
    mail_domain: str,
    now: datetime,
    session: Session,
) -> Message:
    """Add one mail to one recipient about ``subject`` and return its row; instants are UTC.

    ``subject`` is a booking, a wish or a staff member, and has its id already. The Message-ID is
    random, made in ``mail_domain``, and the same in every attempt. The mail may be sent from
    ``due_at`` on and no longer at ``expires_at``. ``now`` becomes the DTSTAMP of its invite. A
    second mail for the same subject, sequence, occasion, recipient and ``copy`` violates the unique
    key when the session is flushed.
    """
    table: str = subject.__tablename__
    subject_id: int = subject.id  # type: ignore[attr-defined]  # every subject has a Key
    whom = recipient.value if staff_id is None else f"{recipient.value}-{staff_id}"
    message = Message(
        key=f"{table}:{subject_id}/{sequence}/{occasion}/{whom}/{copy}",
        kind=kind,
        priority=priority,
        sequence=sequence,
        recipient=recipient,
        facts=facts,
        message_id=f"<{secrets.token_hex(16)}@{mail_domain}>",
        created_at=now,
        due_at=due_at,
        next_attempt_at=due_at,
        expires_at=expires_at,
        state=MessageState.QUEUED,
        **{"staff_id": staff_id, f"{table}_id": subject_id},
    )
    session.add(message)
    return message


def enqueue_copy(original: Message, *, now: datetime, session: Session) -> Message:
    """Add one more copy of ``original``, to be sent at once under a Message-ID of its own."""
    stem = original.key.rpartition("/")[0]
    same = Message.key.startswith(f"{stem}/", autoescape=True)
    copies = session.scalars(select(func.count(Message.id)).where(same)).one()
    mail_domain = original.message_id.rpartition("@")[2].removesuffix(">")
    copied = ("kind", "booking_id", "wish_id", "sequence", "recipient", "staff_id", "facts")
    message = Message(
        key=f"{stem}/{copies + 1}",
        priority=Priority.SOON,
        message_id=f"<{secrets.token_hex(16)}@{mail_domain}>",
        created_at=now,
        due_at=now,
        next_attempt_at=now,
        expires_at=original.expires_at,
        state=MessageState.QUEUED,
        **{name: getattr(original, name) for name in copied},
    )
    session.add(message)
    session.flush()
    return message


def drop_open_messages(
    *, booking_id: int, keep: Collection[str] = ALWAYS_VALID_KINDS, session: Session
) -> None:
    """Make every mail of the booking that a change overtakes ``obsolete``, but those of ``keep``.

    Called before the mails of the change itself are written. A mail that a worker has in hand is
    dropped as well, unless its DATA has begun: the worker finds out before it begins. The rows stay
    locked until the change is committed, so that no DATA can begin between the two.
    """
    messages = session.scalars(
        select(Message)
        .where(Message.booking_id == booking_id, Message.kind.not_in(keep))
        .order_by(Message.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    for message in messages:
        if _is_open(message):
            mark_useless(message, state=MessageState.OBSOLETE)


def _is_open(message: Message) -> bool:
    match message.state:
        case MessageState.QUEUED:
            return True
        case MessageState.UNKNOWN:
            return message.unknowns < MOST_UNKNOWNS
        case MessageState.SENDING:
            return message.data_started_at is None
        case _:
            return False
