"""A way for mails to leave on which a worker may die: between any two of its steps."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from booking.outbox.mime import OutgoingMail
    from booking.outbox.transport import Connection, Transport

DEATHS = ("claimed", "offered", "data begun", "accepted")
"""The worker dies once it has done this."""


class DeathError(BaseException):
    """No handler of the product must mistake this for a failure of its own."""


@dataclass
class MortalTransport:
    """Passes everything on to ``transport``, until it is time."""

    transport: Transport
    death: str | None

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """Connect."""
        self._live_past("claimed")
        with self.transport.connect() as connection:
            yield _MortalConnection(connection, self._live_past)

    def _live_past(self, step: str) -> None:
        if step == self.death:
            raise DeathError


@dataclass
class _MortalConnection:
    connection: Connection
    live_past: Callable[[str], None]

    def send(self, mail: OutgoingMail, *, before_data: Callable[[], None]) -> None:
        def begin_data() -> None:
            self.live_past("offered")
            before_data()
            self.live_past("data begun")

        self.connection.send(mail, before_data=begin_data)
        self.live_past("accepted")
