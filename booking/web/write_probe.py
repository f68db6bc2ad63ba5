"""Whether the database takes what this process writes: found out by writing."""

from __future__ import annotations

from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from booking import clock
from booking.db import transaction
from booking.errors import UnavailableError
from booking.pulse import Role, beat, name_process

if TYPE_CHECKING:
    from collections.abc import Callable

VALID_SECONDS = 10.0


class WriteProbe:
    """Writes the pulse of this web process; used from any thread, within the application context.

    While all is well it writes once in ten seconds, however often it is asked. One thread at a
    time waits for the database, the others are told what was found last.
    """

    def __init__(self, *, seconds: Callable[[], float] = monotonic) -> None:
        self._seconds = seconds
        self._turn = Lock()
        self._name = ""
        self._is_writable = True
        self._valid_until = seconds()

    def is_writable(self) -> bool:
        """Return whether the last pulse could be written."""
        if self._turn.acquire(blocking=False):
            try:
                if not self._is_writable or self._seconds() >= self._valid_until:
                    self._is_writable = self._beat()
                    self._valid_until = self._seconds() + VALID_SECONDS
            finally:
                self._turn.release()
        return self._is_writable

    def _beat(self) -> bool:
        # Named here and not earlier: a server may load the application and then multiply.
        self._name = self._name or name_process()
        try:
            with transaction() as session:
                beat(self._name, role=Role.WEB, now=clock.now(), session=session)
        except (SQLAlchemyError, UnavailableError):
            return False
        return True
