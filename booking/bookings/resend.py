"""What staff do with a mail about a booking: send it again, or leave one be that never arrived."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from booking.bookings.mail_kinds import MailKind
from booking.errors import NotFoundError
from booking.history import record
from booking.outbox.models import Message, MessageState
from booking.outbox.queue import enqueue_copy
from booking.outbox.settle import MOST_UNKNOWNS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.bookings.models import Booking


def list_messages(booking: Booking, *, session: Session) -> Sequence[Message]:
    """Return every mail about ``booking``, the newest first."""
    return session.scalars(
        select(Message)
        .where(Message.booking_id == booking.id)
        .order_by(Message.due_at.desc(), Message.id.desc())
    ).all()


def is_undecided(message: Message, *, now: datetime) -> bool:
    """Tell whether nobody tries ``message`` any more although it may never have arrived."""
    if message.settled or message.state is MessageState.FAILED:
        return not message.settled
    is_tried = message.unknowns < MOST_UNKNOWNS and message.expires_at > now
    return message.state is MessageState.UNKNOWN and not is_tried


def can_resend(message: Message, *, booking: Booking, now: datetime) -> bool:
    """Tell whether a copy of ``message`` would be sent, and would say what is so."""
    is_done = message.state is MessageState.SENT or is_undecided(message, now=now)
    is_of_now = message.sequence == booking.meeting.sequence and message.expires_at > now
    return is_done and is_of_now and message.kind != MailKind.UNDELIVERABLE


def resend(
    message_id: int, *, booking: Booking, actor: str, now: datetime, session: Session
) -> None:
    """Send one more copy of a mail about ``booking``, which was loaded for a change.

    Raises:
        NotFoundError: it is no such mail, or of no more use.
    """
    message = _find_message(message_id, booking=booking, session=session)
    if not can_resend(message, booking=booking, now=now):
        raise NotFoundError
    if is_undecided(message, now=now):
        message.settled = True
    enqueue_copy(message, now=now, session=session)
    _record(
        "mail_sent_again", message=message, booking=booking, actor=actor, now=now, session=session
    )


def leave_be(
    message_id: int, *, booking: Booking, actor: str, now: datetime, session: Session
) -> None:
    """Let a mail about ``booking`` that is undecided trouble nobody any more.

    Raises:
        NotFoundError: it is no such mail, or there is nothing to decide.
    """
    message = _find_message(message_id, booking=booking, session=session)
    if not is_undecided(message, now=now):
        raise NotFoundError
    message.settled = True
    _record("mail_left", message=message, booking=booking, actor=actor, now=now, session=session)


def _find_message(message_id: int, *, booking: Booking, session: Session) -> Message:
    message = session.scalar(
        select(Message)
        .where(Message.id == message_id, Message.booking_id == booking.id)
        .with_for_update()
    )
    if message is None:
        raise NotFoundError
    return message


def _record(
    action: str,
    *,
    message: Message,
    booking: Booking,
    actor: str,
    now: datetime,
    session: Session,
) -> None:
    facts = {"message": message.id, "kind": message.kind}
    record(action, subject=booking, actor=actor, facts=facts, now=now, session=session)
