"""Where a process of the product may die: between which two steps, and after how many of them.

The product knows nothing of this. The steps are found from outside: in the events of SQLAlchemy, in
the transport that the application is handed, and in the standard library's SMTP client.
"""

from __future__ import annotations

import os
import signal
import smtplib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import event

from booking.db import db

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask import Flask

    from booking.outbox.mime import OutgoingMail
    from booking.outbox.transport import Connection, Transport

WEB_POINTS = ("web before commit", "web after commit, before the answer")
WORKER_POINTS = (
    "worker before commit",
    "worker after commit",
    "worker after claim, before connecting",
    "worker inside DATA",
    "worker after 250, before settling",
)
LEAST_BODY_BYTES = 1000
"""What the SMTP client sends in one piece and is longer than this is a mail."""


class KillPoint:
    """Dies at the ``occurrence``-th time it is passed, having said so in the file ``log``."""

    def __init__(self, name: str, *, occurrence: int, log: Path) -> None:
        self.name = name
        self._left = occurrence
        self._log = log

    def passed(self) -> None:
        """Count down, and die at the end."""
        self._left -= 1
        if self._left > 0:
            return
        with self._log.open("a") as file:
            file.write(f"{self.name}\n")
        os.kill(os.getpid(), signal.SIGKILL)

    def install(self, app: Flask) -> None:
        """Lie in wait at the place that the name says."""
        {
            "before commit": lambda: self._at_commits("before_commit"),
            "after commit": lambda: self._at_commits("after_commit"),
            "after commit, before the answer": lambda: self._at_commits("after_commit"),
            "after claim, before connecting": lambda: self._in_transport(app, "connect"),
            "after 250, before settling": lambda: self._in_transport(app, "settle"),
            "inside DATA": self._inside_data,
        }[self.name.partition(" ")[2]]()

    def _at_commits(self, identifier: str) -> None:
        event.listen(db.session, identifier, lambda _session: self.passed())

    def _in_transport(self, app: Flask, step: str) -> None:
        transport = app.extensions["transport"]
        app.extensions["transport"] = DeadlyTransport(transport, step=step, die=self.passed)

    def _inside_data(self) -> None:
        whole = smtplib.SMTP.send

        def send(smtp: smtplib.SMTP, content: Any) -> None:
            if len(content) > LEAST_BODY_BYTES:
                whole(smtp, content[: len(content) // 2])
                self.passed()
                content = content[len(content) // 2 :]
            whole(smtp, content)

        smtplib.SMTP.send = send  # type: ignore[method-assign]  # in this process alone


class DeadlyTransport:
    """Hands over to a transport, and calls ``die`` at one step."""

    def __init__(self, transport: Transport, *, step: str, die: Callable[[], None]) -> None:
        self._transport, self._step, self._die = transport, step, die

    @contextmanager
    def connect(self) -> Iterator[DeadlyConnection]:
        """Connect, unless this is the step."""
        if self._step == "connect":
            self._die()
        with self._transport.connect() as connection:
            yield DeadlyConnection(connection, step=self._step, die=self._die)


class DeadlyConnection:
    """Hands over to a connection, and calls ``die`` once the server has accepted a mail."""

    def __init__(self, connection: Connection, *, step: str, die: Callable[[], None]) -> None:
        self._connection, self._step, self._die = connection, step, die

    def send(self, mail: OutgoingMail, *, before_data: Callable[[], None]) -> None:
        """Send; the server has accepted the mail when the step comes."""
        self._connection.send(mail, before_data=before_data)
        if self._step == "settle":
            self._die()
