"""Whether the database takes what this process writes: found out by writing."""

from __future__ import annotations

from concurrent.futures import Future
from threading import Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING

import structlog

from booking import clock
from booking.db import run_in_transaction
from booking.errors import UnavailableError
from booking.pulse import Role, beat, name_process

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from sqlalchemy.orm import Session

VALID_SECONDS = 10.0
PATIENCE_SECONDS = 2.0
"""Who asks wants an answer: a database that needs longer is none to book with."""

log = structlog.get_logger(__name__)


class WriteProbe:
    """Writes the pulse of this web process; used from any thread.

    What was written well holds for ten seconds, however often it is asked. However many wait for
    the database, it is asked once at a time, and nobody waits longer than two seconds.
    """

    def __init__(self, app: Flask, *, seconds: Callable[[], float] = monotonic) -> None:
        self._app = app
        self._seconds = seconds
        self._lock = Lock()
        self._name = ""
        self._valid_until = seconds()
        self._found: Future[bool] | None = None

    def is_writable(self) -> bool:
        """Return whether a pulse could be written within the last ten seconds, or now."""
        with self._lock:
            if self._seconds() < self._valid_until:
                return True
            if self._found is None or self._found.done():
                self._found = Future()
                Thread(target=self._find_out, args=(self._found,), daemon=True).start()
            found = self._found
        try:
            return found.result(PATIENCE_SECONDS)
        except TimeoutError:
            return False

    def _find_out(self, found: Future[bool]) -> None:
        is_writable = False
        try:
            with self._app.app_context():
                run_in_transaction(self._beat)
            is_writable = True
            self._valid_until = self._seconds() + VALID_SECONDS
        except UnavailableError:
            log.warning("database takes no writes")
        except Exception:
            log.exception("pulse failed")
        finally:
            found.set_result(is_writable)

    def _beat(self, session: Session) -> None:
        # Named here and not earlier: a server may load the application and then multiply.
        self._name = self._name or name_process()
        beat(self._name, role=Role.WEB, now=clock.now(), session=session)
