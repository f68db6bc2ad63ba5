"""The outbox as one worker reads and writes it: every method is one short transaction of its own.

Nothing is rendered and no server is spoken to while a change is open. A row that is no longer the
worker's is left alone.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import structlog
from sqlalchemy.exc import DBAPIError

from booking.db import db, run_in_transaction
from booking.engines import is_unusable
from booking.errors import UnavailableError
from booking.outbox.claim import claim_due, find_leased
from booking.outbox.composer import find_end
from booking.outbox.models import Message, MessageState
from booking.outbox.settle import mark_failure, mark_sent, mark_unknown, mark_useless, release

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import datetime, timedelta

    from sqlalchemy.orm import Session

    from booking.outbox.composer import Composer
    from booking.outbox.mime import OutgoingMail

T = TypeVar("T")

IN_HAND = (MessageState.SENDING,)
IN_HAND_OR_GIVEN_UP = (MessageState.SENDING, MessageState.UNKNOWN)

log = structlog.get_logger(__name__)


class ComposingError(Exception):
    """A mail could not be composed; the cause says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The rows that ``worker`` has in hand.

    Every method raises `UnavailableError`, or the driver's error, when the database is away.
    """

    worker: str
    """Unique among all workers there ever were: it signs the leases."""
    composers: Mapping[str, Composer]
    """By kind of message."""
    lease: timedelta
    now: Callable[[], datetime]
    """Aware UTC; asked anew at every step, since a round of delivery may run long."""

    def claim(self, *, limit: int) -> Sequence[Message]:
        """Return at most ``limit`` mails that are due; those in ``sending`` are in hand now."""
        found = _change(
            lambda session: claim_due(
                limit=limit, worker=self.worker, lease=self.lease, now=self.now(), session=session
            )
        )
        for message in found:
            if message.state is not MessageState.SENDING:
                _log_end(message.id, message)
        return found

    def compose(self, message_id: int) -> OutgoingMail | None:
        """Return the mail as it has to be now; None when it is expired, overtaken or faulty."""
        session = db.session()
        change: Callable[[Message], None]
        try:
            message = session.get_one(Message, message_id)
            composer = self.composers[message.kind]
            end = find_end(message, composer=composer, now=self.now(), session=session)
            if end is None:
                return composer.compose(message, session)
            change = partial(mark_useless, state=end)
        except Exception as error:
            if is_database_away(error):
                raise
            log.exception("message faulty", message=message_id)
            failure = ComposingError()
            failure.__cause__ = error
            change = self._failure(failure)
        finally:
            session.close()
        self._settle(message_id, change=change)
        return None

    def begin_data(self, message_id: int) -> bool:
        """Note that DATA is about to begin; False when the mail must not be sent after all.

        It must not when another worker has taken it over, or a change has overtaken it. A change
        that is committed later than this comes too late for the mail.
        """

        def work(session: Session) -> Message | None:
            message = self._find(message_id, states=IN_HAND, session=session)
            if message is None:
                return None
            now = self.now()
            composer = self.composers[message.kind]
            end = find_end(message, composer=composer, now=now, session=session)
            if end is None:
                message.data_started_at = now
                message.lease_until = now + self.lease
            else:
                mark_useless(message, state=end)
            return message

        message = _change(work)
        if message is not None and message.state is MessageState.SENDING:
            return True
        _log_end(message_id, message)
        return False

    def note_sent(self, message_id: int) -> None:
        """The server has accepted it."""
        # Also where others have given us up meanwhile: now it is known, and needs no second copy.
        change = partial(mark_sent, now=self.now())
        self._settle(message_id, change=change, states=IN_HAND_OR_GIVEN_UP)

    def note_unknown(self, message_id: int, *, error: Exception) -> None:
        """The server may have accepted it."""
        self._settle(message_id, change=partial(mark_unknown, error=error, now=self.now()))

    def note_failure(self, message_id: int, *, error: Exception) -> None:
        """The server cannot have accepted it."""
        self._settle(message_id, change=self._failure(error))

    def give_back(self, message_id: int) -> None:
        """It was not tried."""
        self._settle(message_id, change=release)

    def _failure(self, error: Exception) -> Callable[[Message], None]:
        jitter = secrets.SystemRandom().random()
        return partial(mark_failure, error=error, now=self.now(), jitter=jitter)

    def _settle(
        self,
        message_id: int,
        *,
        change: Callable[[Message], None],
        states: Collection[MessageState] = IN_HAND,
    ) -> None:
        def work(session: Session) -> Message | None:
            message = self._find(message_id, states=states, session=session)
            if message is not None:
                change(message)
                if message.state is MessageState.FAILED:
                    self._follow_up(message, session=session)
            return message

        _log_end(message_id, _change(work))

    def _follow_up(self, message: Message, *, session: Session) -> None:
        composer = self.composers.get(message.kind)
        if composer is not None:
            composer.on_failed(message, self.now(), session)

    def _find(
        self, message_id: int, *, states: Collection[MessageState], session: Session
    ) -> Message | None:
        return find_leased(message_id, worker=self.worker, states=states, session=session)


def is_database_away(error: Exception) -> bool:
    """Tell whether ``error`` says nothing about a mail, only that the database cannot be had."""
    return isinstance(error, UnavailableError) or (
        isinstance(error, DBAPIError) and is_unusable(error)
    )


def _change(work: Callable[[Session], T]) -> T:
    try:
        return run_in_transaction(work)
    finally:
        # The next step must read what others have written meanwhile.
        db.session.close()


def _log_end(message_id: int, message: Message | None) -> None:
    if message is None:
        log.warning("message taken over", message=message_id)
        return
    log.info(
        "message settled",
        message=message_id,
        kind=message.kind,
        state=message.state.value,
        attempts=message.attempts,
        error=message.last_error,
    )
