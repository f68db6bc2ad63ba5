"""Worker processes whose mails are notes, and which a test lets go, stops and kills.

Each says ``ready``, waits for a word, and works. Its part is ``whole``, or the step before which it
says ``halted`` and does nothing any more: ``connect`` or ``settle``; or ``naive``: a worker as one
would write it without thinking of others, to show that the tests would notice.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from booking.app import create_app
from booking.db import db, run_in_transaction
from booking.jobs import run_worker
from booking.outbox.models import Message, MessageState
from config import Config
from tests.forked import forks
from tests.outbox import COMPOSERS, LEASE, compose_note, smtp_transport
from tests.processes import PATIENCE_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection as Line
    from multiprocessing.process import BaseProcess

    from flask import Flask
    from sqlalchemy.orm import Session

    from booking.outbox.mime import OutgoingMail
    from booking.outbox.transport import Connection, Transport

TIMEOUT_SECONDS = 60


class MortalWorker:
    """One of them, as the test knows it."""

    def __init__(self, process: BaseProcess, line: Line) -> None:
        self._process = process
        self._line = line
        self.terminate = process.terminate

    def hear(self, word: str) -> None:
        """Listen until it says ``word``; EOFError: it has ended without."""
        while self._line.recv() != word:
            pass

    def go(self) -> None:
        """Let it work."""
        self._line.send("go")

    def kill(self) -> None:
        """Kill it, who must have been alive."""
        self._process.kill()
        assert self.wait() == -signal.SIGKILL

    def wait(self) -> int | None:
        """Return its exit code, once it has ended."""
        self._process.join(PATIENCE_SECONDS)
        return self._process.exitcode


@contextmanager
def mortal_worker(
    environment: dict[str, str], *, port: int, part: str = "whole"
) -> Iterator[MortalWorker]:
    """Start a worker that waits for a word; kill it at the end if it still runs."""
    settings = environment | {
        "MAIL_SERVER": "127.0.0.1",
        "DELIVERY_LEASE_SECONDS": f"{LEASE.total_seconds():.0f}",
    }
    line, its_line = forks.Pipe()
    process = forks.Process(target=work, args=(settings, port, part, its_line))
    process.start()
    its_line.close()
    try:
        yield MortalWorker(process, line)
    finally:
        process.kill()
        process.join()
        line.close()


def log_of(environment: dict[str, str]) -> Path:
    """Return the file that the workers of one test write their log to."""
    return Path(environment["INSTANCE_DIR"]).with_name("worker.log")


class HaltingTransport:
    """Hands over to a transport until it comes to one step."""

    def __init__(self, transport: Transport, *, step: str, line: Line) -> None:
        self._transport = transport
        self._step = step
        self._line = line

    @contextmanager
    def connect(self) -> Iterator[HaltingConnection]:
        """Connect, unless this is the step."""
        if self._step == "connect":
            halt(self._line)
        with self._transport.connect() as connection:
            yield HaltingConnection(connection, step=self._step, line=self._line)


class HaltingConnection:
    """Hands over to a connection until it comes to one step."""

    def __init__(self, connection: Connection, *, step: str, line: Line) -> None:
        self._connection = connection
        self._step = step
        self._line = line

    def send(self, mail: OutgoingMail, *, before_data: Callable[[], None]) -> None:
        """Send; the server has accepted the mail when the step comes."""
        self._connection.send(mail, before_data=before_data)
        if self._step == "settle":
            halt(self._line)


def halt(line: Line) -> None:
    """Do nothing, for ever."""
    line.send("halted")
    threading.Event().wait()


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


def work(environment: dict[str, str], port: int, part: str, line: Line) -> None:
    """Be the worker, until told to stop."""
    # The parent's way of ending children is not ours.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.dup2(os.open(log_of(environment), os.O_WRONLY | os.O_APPEND | os.O_CREAT), 2)
    config = Config.from_env(environment)
    app = create_app(config)
    transport = smtp_transport(port, timeout_seconds=TIMEOUT_SECONDS)
    app.extensions["config"] = config
    app.extensions["composers"] = COMPOSERS
    app.extensions["transport"] = HaltingTransport(transport, step=part, line=line)
    line.send("ready")
    line.recv()
    sys.exit(deliver_naively(app, transport) if part == "naive" else run_worker(app))
