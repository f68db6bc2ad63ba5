"""Mails for delivery tests: rows, what they say, and a worker that delivers them."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from itertools import count
from typing import TYPE_CHECKING, Any

from flask import Flask
from sqlalchemy import select

from booking.outbox.composer import Composer
from booking.outbox.deliver import Delivery
from booking.outbox.ledger import Ledger
from booking.outbox.mime import Address, OutgoingMail
from booking.outbox.models import Message, MessageState, Priority, Recipient
from booking.outbox.pace import Pace
from booking.outbox.transport import SmtpTransport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from sqlalchemy.orm import Session

    from booking.outbox.transport import Connection, Transport
    from tests.fixtures.application import UnitOfWork

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
LEASE = timedelta(seconds=60)

numbers = count(1)


def make_message(session: Session, **changes: Any) -> Message:
    """Add a mail that is due at NOW and of use for another day."""
    number = next(numbers)
    due_at = changes.get("due_at", NOW)
    message = Message(
        **{
            "key": f"note/{number}",
            "kind": "note",
            "priority": Priority.SOON,
            "booking_id": None,
            "sequence": 0,
            "recipient": Recipient.LEAD,
            "staff_id": None,
            "facts": {},
            "message_id": f"<{number}@example.com>",
            "created_at": NOW,
            "due_at": due_at,
            "next_attempt_at": due_at,
            "expires_at": NOW + timedelta(days=1),
            "state": MessageState.QUEUED,
            "attempts": 0,
            "unknowns": 0,
        }
        | changes
    )
    session.add(message)
    session.flush()
    return message


def compose_note(message: Message, _session: Session) -> OutgoingMail:
    """Say little, under the row's own Message-ID."""
    return OutgoingMail(
        message_id=message.message_id,
        date=message.due_at,
        sender=Address("Beispiel KI GmbH", "demo@example.com"),
        to=Address("", "erika@kunde.example"),
        reply_to=None,
        subject="Note",
        text="Good news.\n",
        html="<p>Good news.</p>\n",
        in_reply_to=None,
        calendar=None,
    )


def is_wanted(message: Message, _session: Session) -> bool:
    """A mail is wanted unless its facts say otherwise."""
    return not message.facts.get("overtaken", False)


NOTE = Composer(is_current=is_wanted, compose=compose_note)
COMPOSERS = {"note": NOTE}


class MemoryTransport:
    """Keeps what was sent; the two callbacks may raise instead."""

    def __init__(
        self,
        *,
        on_connect: Callable[[], None] = lambda: None,
        on_data: Callable[[], None] = lambda: None,
    ) -> None:
        self.sent: list[OutgoingMail] = []
        self.connections = 0
        self._on_connect = on_connect
        self._on_data = on_data

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """Count the connection."""
        self.connections += 1
        self._on_connect()
        yield self

    def send(self, mail: OutgoingMail, *, before_data: Callable[[], None]) -> None:
        """Accept the mail."""
        before_data()
        self._on_data()
        self.sent.append(mail)


def make_delivery(
    transport: Transport,
    *,
    now: Callable[[], datetime] = lambda: NOW,
    worker: str = "worker-1",
    composers: Mapping[str, Composer] = COMPOSERS,
    per_minute: int = 0,
    is_stopping: Callable[[], bool] = lambda: False,
) -> Delivery:
    """Return a worker whose clock stands still at ``now``."""
    return Delivery(
        ledger=Ledger(worker=worker, composers=composers, lease=LEASE, now=now),
        transport=transport,
        pace=Pace(per_minute=per_minute),
        is_stopping=is_stopping,
    )


def smtp_transport(port: int, *, timeout_seconds: float = 0.5) -> SmtpTransport:
    """Return the product's way to the mail server that listens on ``port`` of this machine."""
    app = Flask("mail")
    app.config.update(
        MAIL_SERVER="127.0.0.1",
        MAIL_PORT=port,
        MAIL_DEFAULT_SENDER="demo@example.com",
        MAIL_TIMEOUT=timeout_seconds,
    )
    return SmtpTransport(app)


def message_ids(mails: Iterable[bytes]) -> list[str]:
    """Return the Message-ID of each mail as a server received it."""
    return [str(message_from_bytes(mail)["Message-ID"]) for mail in mails]


def read_message(message_id: int, *, transaction: UnitOfWork) -> Message:
    """Return the row as it was committed."""
    with transaction() as session:
        return session.get_one(Message, message_id)


def read_states(*, transaction: UnitOfWork) -> list[MessageState]:
    """Return the state of every row, in the order in which they were made."""
    with transaction() as session:
        return list(session.scalars(select(Message.state).order_by(Message.id)))
