"""Decides what becomes of a mail that has left or that nobody tries any more: once more, or not."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from booking.bookings.models import Booking
from booking.errors import BookingError, NotFoundError
from booking.history import record
from booking.outbox.composer import find_end
from booking.outbox.models import Message, MessageState
from booking.outbox.queue import enqueue_copy, lock_copies
from booking.outbox.settle import release
from booking.outbox.trouble import has_failed, is_in_trouble, is_undecided
from booking.staff.models import Staff
from booking.wishes.models import Wish

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from booking.outbox.composer import Composer

PAUSE = timedelta(seconds=60)
"""How long after a copy its reader gets no other one: a second click sends nothing."""


class MailDecidedError(BookingError):
    """There is nothing to decide any more: somebody else has, or it has left meanwhile."""

    code = "mail_decided"


class MailOfNoUseError(BookingError):
    """It came too late, or a change has overtaken it, so that it cannot be sent any more."""

    code = "mail_of_no_use"


class MailJustSentError(BookingError):
    """Its reader is being sent a copy already."""

    code = "mail_just_sent"


def can_be_sent_again(*, now: datetime) -> ColumnElement[bool]:
    """Tell of the mails that have left, or that nobody tries any more by itself."""
    return or_(Message.state == MessageState.SENT, has_failed(), is_undecided(now=now))


def send_again(
    message_id: int,
    *,
    composers: Mapping[str, Composer],
    of: Booking | None = None,
    actor: str,
    now: datetime,
    session: Session,
) -> None:
    """Try a mail again at ``now`` (UTC) that was given up; of any other, send a copy.

    What may have arrived is settled by its copy. ``of``: only if it is about that booking.

    Raises:
        NotFoundError, MailDecidedError, MailOfNoUseError, MailJustSentError: nothing was changed.
    """
    message, copies = _lock(message_id, of=of, session=session)
    _require(can_be_sent_again(now=now), of=message, session=session)
    composer = composers.get(message.kind)  # a newer release knows more kinds
    if composer is None or find_end(message, composer=composer, now=now, session=session):
        raise MailOfNoUseError
    if message.state is MessageState.FAILED:
        release(message)
        message.next_attempt_at = now
        _record("mail_retried", message, actor=actor, now=now, session=session)
        return
    if any(copy.copy > 1 and copy.created_at > now - PAUSE for copy in copies):
        raise MailJustSentError
    enqueue_copy(message, now=now, session=session)
    message.settled = message.state is not MessageState.SENT
    _record("mail_sent_again", message, actor=actor, now=now, session=session)


def leave_mail(
    message_id: int,
    *,
    of: Booking | None = None,
    actor: str,
    now: datetime,
    session: Session,
) -> None:
    """Leave a mail as it is: it counts as trouble no longer.

    Raises:
        NotFoundError, MailDecidedError: nothing was changed.
    """
    message, _ = _lock(message_id, of=of, session=session)
    _require(is_in_trouble(now=now), of=message, session=session)
    message.settled = True
    _record("mail_left", message, actor=actor, now=now, session=session)


def _lock(
    message_id: int, *, of: Booking | None, session: Session
) -> tuple[Message, Sequence[Message]]:
    """Return the mail and all of its copies, so that two who click at once wait for each other."""
    message = session.get(Message, message_id)
    if message is None or (of is not None and message.booking_id != of.id):
        raise NotFoundError
    return message, lock_copies(message, session=session)


def _require(condition: ColumnElement[bool], *, of: Message, session: Session) -> None:
    """Insist that the row, which is locked, still is what somebody decides about."""
    if session.scalar(select(Message.id).where(Message.id == of.id, condition)) is None:
        raise MailDecidedError


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
