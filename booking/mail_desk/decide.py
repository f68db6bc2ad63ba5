"""Decides what becomes of a mail that nobody tries any more: again, once more, or left as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from booking.bookings.models import Booking
from booking.errors import BookingError, NotFoundError
from booking.history import record
from booking.outbox.composer import find_end
from booking.outbox.models import Message
from booking.outbox.queue import enqueue_copy
from booking.outbox.settle import release
from booking.outbox.trouble import has_failed, is_in_trouble, is_undecided
from booking.staff.models import Staff
from booking.wishes.models import Wish

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from booking.outbox.composer import Composer


class MailDecidedError(BookingError):
    """There is nothing to decide any more: somebody else has, or it has left meanwhile."""

    code = "mail_decided"


class MailOfNoUseError(BookingError):
    """It came too late, or a change has overtaken it, so that it cannot be sent any more."""

    code = "mail_of_no_use"


def retry_mail(
    message_id: int,
    *,
    composers: Mapping[str, Composer],
    actor: str,
    now: datetime,
    session: Session,
) -> None:
    """Try a mail again, at ``now`` (UTC), that was given up.

    Raises:
        NotFoundError, MailDecidedError, MailOfNoUseError: nothing was changed.
    """
    message = _lock(message_id, session=session)
    _require(has_failed(), of=message, session=session)
    _require_use(message, composers=composers, now=now, session=session)
    release(message)
    message.next_attempt_at = now
    _record("mail_retried", message, actor=actor, now=now, session=session)


def send_again(
    message_id: int,
    *,
    composers: Mapping[str, Composer],
    actor: str,
    now: datetime,
    session: Session,
) -> None:
    """Send a copy of a mail that may have arrived; the first one is settled.

    Raises:
        NotFoundError, MailDecidedError, MailOfNoUseError: nothing was changed.
    """
    message = _lock(message_id, session=session)
    _require(is_undecided(now=now), of=message, session=session)
    _require_use(message, composers=composers, now=now, session=session)
    enqueue_copy(message, now=now, session=session)
    message.settled = True
    _record("mail_sent_again", message, actor=actor, now=now, session=session)


def leave_mail(message_id: int, *, actor: str, now: datetime, session: Session) -> None:
    """Leave a mail as it is: it counts as trouble no longer.

    Raises:
        NotFoundError, MailDecidedError: nothing was changed.
    """
    message = _lock(message_id, session=session)
    _require(is_in_trouble(now=now), of=message, session=session)
    message.settled = True
    _record("mail_left", message, actor=actor, now=now, session=session)


def _lock(message_id: int, *, session: Session) -> Message:
    message = session.get(Message, message_id, with_for_update=True)
    if message is None:
        raise NotFoundError
    return message


def _require(condition: ColumnElement[bool], *, of: Message, session: Session) -> None:
    """Insist that the row, which is locked, still is what somebody decides about."""
    if session.scalar(select(Message.id).where(Message.id == of.id, condition)) is None:
        raise MailDecidedError


def _require_use(
    message: Message, *, composers: Mapping[str, Composer], now: datetime, session: Session
) -> None:
    composer = composers[message.kind]
    if find_end(message, composer=composer, now=now, session=session) is not None:
        raise MailOfNoUseError


def _record(action: str, message: Message, *, actor: str, now: datetime, session: Session) -> None:
    """Keep the decision in the history of what the mail is about."""
    facts = {"message": message.id, "kind": message.kind}
    subject = _find_subject(message, session=session)
    record(action, subject=subject, actor=actor, facts=facts, now=now, session=session)


def _find_subject(message: Message, *, session: Session) -> Booking | Wish | Staff:
    if message.booking_id is not None:
        return session.get_one(Booking, message.booking_id)
    if message.wish_id is not None:
        return session.get_one(Wish, message.wish_id)
    return session.get_one(Staff, message.staff_id)
