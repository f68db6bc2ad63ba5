"""How an attempt ended, written to the row of the mail.

Each function changes one row in memory; `booking.outbox.deliver` commits. ``due_at`` and the
Message-ID never change. ``lease_owner`` stays as the name of who had the mail last.
"""

from __future__ import annotations

import smtplib
from datetime import timedelta
from typing import TYPE_CHECKING

from booking.outbox.backoff import next_attempt_at
from booking.outbox.models import Message, MessageState
from booking.outbox.verdict import Verdict, judge

if TYPE_CHECKING:
    from datetime import datetime

UNKNOWN_RETRY_AFTER = timedelta(minutes=10)
"""As long as a server may take to answer the final dot (RFC 5321 §4.5.3.2.6)."""

MOST_UNKNOWNS = 2
"""As many copies a recipient may get, all with the same Message-ID."""


def mark_sent(message: Message, *, now: datetime) -> None:
    """The server has accepted it."""
    _give_back(message, state=MessageState.SENT)
    message.attempts += 1
    message.sent_at = now
    message.last_error = None


def mark_failure(message: Message, *, error: Exception, now: datetime, jitter: float) -> None:
    """It was not handed over: tried again later, or ``failed`` where that is pointless.

    Args:
        message: the row.
        error: what kept it from being handed over.
        now: aware UTC.
        jitter: random, 0 <= jitter < 1.
    """
    message.attempts += 1
    message.last_error = describe(error)
    if judge(error, attempts=message.attempts) is Verdict.FAILED:
        _give_back(message, state=MessageState.FAILED)
        message.next_attempt_at = now
        return
    release(message)
    again_at = next_attempt_at(attempts=message.attempts, now=now, jitter=jitter)
    # At its expiry it is claimed once more, to be written off.
    message.next_attempt_at = min(again_at, message.expires_at)


def mark_unknown(message: Message, *, error: Exception, now: datetime) -> None:
    """The server may have taken it: tried once more in ten minutes, then left to staff."""
    _give_back(message, state=MessageState.UNKNOWN)
    message.attempts += 1
    message.unknowns += 1
    message.last_error = describe(error)
    message.next_attempt_at = now + UNKNOWN_RETRY_AFTER


def mark_useless(message: Message, *, state: MessageState) -> None:
    """It is ``expired`` or ``obsolete``; one that may have arrived does not expire any more."""
    may_have_arrived = message.unknowns > 0 and state is MessageState.EXPIRED
    _give_back(message, state=MessageState.UNKNOWN if may_have_arrived else state)


def leave_to_staff(message: Message) -> None:
    """It may have been sent in a past that this row does not know; it is not tried by itself."""
    _give_back(message, state=MessageState.UNKNOWN)
    message.unknowns = MOST_UNKNOWNS
    message.last_error = "Restored"


def release(message: Message) -> None:
    """Let it wait as before; nothing was tried."""
    _give_back(message, state=MessageState.UNKNOWN if message.unknowns else MessageState.QUEUED)


def describe(error: BaseException) -> str:
    """Return the error's class and code, and those of its cause; no text, it may name people."""
    described = " ".join([type(error).__name__, *map(str, _codes(error))])
    return described if error.__cause__ is None else f"{described}: {describe(error.__cause__)}"


def _codes(error: BaseException) -> list[int]:
    match error:
        case smtplib.SMTPRecipientsRefused(recipients=refused):
            return [code for code, _ in refused.values()]
        case smtplib.SMTPResponseException(smtp_code=code):
            return [code]
        case _:
            return []


def _give_back(message: Message, *, state: MessageState) -> None:
    message.state = state
    message.lease_until = None
    message.data_started_at = None
