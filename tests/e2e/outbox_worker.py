"""A worker process whose mails are notes: `python -m tests.e2e.outbox_worker PORT PART`.

It says ``ready``, waits for a line, and works. PART is ``whole``, or the step before which it says
``halted`` and does nothing any more: ``connect`` or ``settle``; or ``naive``: a worker as one would
write it without thinking of others, to show that the tests would notice.
"""

from __future__ import annotations

import os
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import select

from booking.app import create_app
from booking.db import db, run_in_transaction
from booking.jobs import run_worker
from booking.outbox.models import Message, MessageState
from config import Config
from tests.outbox import COMPOSERS, compose_note, smtp_transport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from sqlalchemy.orm import Session

    from booking.outbox.mime import OutgoingMail
    from booking.outbox.transport import Connection, Transport

TIMEOUT_SECONDS = 60


class HaltingTransport:
    """Hands over to a transport until it comes to one step."""

    def __init__(self, transport: Transport, *, step: str) -> None:
        self._transport = transport
        self._step = step

    @contextmanager
    def connect(self) -> Iterator[HaltingConnection]:
        """Connect, unless this is the step."""
        if self._step == "connect":
            halt()
        with self._transport.connect() as connection:
            yield HaltingConnection(connection, step=self._step)


class HaltingConnection:
    """Hands over to a connection until it comes to one step."""

    def __init__(self, connection: Connection, *, step: str) -> None:
        self._connection = connection
        self._step = step

    def send(self, mail: OutgoingMail, *, before_data: Callable[[], None]) -> None:
        """Send; the server has accepted the mail when the step comes."""
        self._connection.send(mail, before_data=before_data)
        if self._step == "settle":
            halt()


def halt() -> None:
    """Do nothing, for ever."""
    say("halted")
    threading.Event().wait()


def say(word: str) -> None:
    """Tell the test how far it has come."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def deliver_naively(app: Flask, transport: Transport) -> int:
    """Send every queued mail, then mark it."""
    with app.app_context(), transport.connect() as connection:
        queued = db.session.scalars(
            select(Message).where(Message.state == MessageState.QUEUED)
        ).all()
        mails = {row.id: compose_note(row, db.session()) for row in queued}
        db.session.close()
        for message_id, mail in mails.items():
            connection.send(mail, before_data=lambda: None)
            run_in_transaction(lambda session, row=message_id: mark(row, session=session))
    return 0


def mark(message_id: int, *, session: Session) -> None:
    """Mark one mail as sent."""
    session.get_one(Message, message_id).state = MessageState.SENT


def main(port: int, part: str) -> int:
    """Work until told to stop; return the exit code."""
    config = Config.from_env(os.environ)
    app = create_app(config)
    transport = smtp_transport(port, timeout_seconds=TIMEOUT_SECONDS)
    app.extensions["config"] = config
    app.extensions["composers"] = COMPOSERS
    app.extensions["transport"] = HaltingTransport(transport, step=part)
    say("ready")
    sys.stdin.readline()
    return deliver_naively(app, transport) if part == "naive" else run_worker(app)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2]))
