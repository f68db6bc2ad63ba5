"""Puts mails into the outbox, and takes back those that a change has overtaken.

Both happen in the transaction of the change that causes them, so that a mail exists exactly when
its reason does. Nothing is composed or sent here.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from booking.outbox.models import Message, MessageState, Priority
from booking.outbox.settle import MOST_UNKNOWNS, mark_useless

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.db import Model
    from booking.outbox.models import Recipient


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
    whom = recipient.value if staff_id is None else f"{recipient.value}-{staff_id}"
    message = Message(
        key=f"{_name(subject)}/{sequence}/{occasion}/{whom}/{copy}",
        kind=kind,
        priority=priority,
        sequence=sequence,
        recipient=recipient,
        facts=facts,
        message_id=_new_message_id(mail_domain),
        created_at=now,
        due_at=due_at,
        next_attempt_at=due_at,
        expires_at=expires_at,
        state=MessageState.QUEUED,
        copy=copy,
        **{"staff_id": staff_id, f"{subject.__tablename__}_id": _id(subject)},
    )
    session.add(message)
    return message


def is_enqueued(*, occasion: str, subject: Model, recipient: Recipient, session: Session) -> bool:
    """Tell whether the first mail of that occasion has been added, whatever became of it."""
    key = f"{_name(subject)}/0/{occasion}/{recipient.value}/1"
    return session.scalar(select(Message.id).where(Message.key == key)) is not None


def enqueue_copy(message: Message, *, now: datetime, session: Session) -> Message:
    """Add another copy of ``message``, due at ``now`` (UTC), and return its row.

    It has a Message-ID of its own: whoever has got the first one sees that this is another.
    """
    thing = _without_copy(message.key)
    copy = 1 + max(one.copy for one in lock_copies(message, session=session))
    again = Message(
        key=f"{thing}/{copy}",
        kind=message.kind,
        priority=Priority.SOON,
        booking_id=message.booking_id,
        wish_id=message.wish_id,
        sequence=message.sequence,
        recipient=message.recipient,
        staff_id=message.staff_id,
        facts=message.facts,
        message_id=_new_message_id(message.message_id.strip("<>").rpartition("@")[2]),
        created_at=now,
        due_at=now,
        next_attempt_at=now,
        expires_at=message.expires_at,
        state=MessageState.QUEUED,
        copy=copy,
    )
    session.add(again)
    session.flush()
    return again


def lock_copies(message: Message, *, session: Session) -> Sequence[Message]:
    """Return ``message`` and every other copy of it, locked until the transaction ends."""
    thing = _without_copy(message.key)
    return session.scalars(
        select(Message)
        .where(
            Message.booking_id.is_not_distinct_from(message.booking_id),
            Message.wish_id.is_not_distinct_from(message.wish_id),
            Message.staff_id.is_not_distinct_from(message.staff_id),
            Message.key.startswith(f"{thing}/", autoescape=True),
        )
        .order_by(Message.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def _without_copy(key: str) -> str:
    return key.rpartition("/")[0]


def _new_message_id(mail_domain: str) -> str:
    return f"<{secrets.token_hex(16)}@{mail_domain}>"


def drop_open_messages(*, booking_id: int, keep: Collection[str], session: Session) -> None:
    """Make every mail of the booking ``obsolete`` but those of the kinds that stay true, ``keep``.

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


def _name(subject: Model) -> str:
    return f"{subject.__tablename__}:{_id(subject)}"


def _id(subject: Model) -> int:
    found: int = subject.id  # type: ignore[attr-defined]  # every subject has a Key
    return found


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
