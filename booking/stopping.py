"""How a process that runs until it is told to stop hears that it is told."""

from __future__ import annotations

import signal
from threading import Event


def heed_stop_signals() -> Event:
    """Return what is set once SIGTERM or SIGINT has come; called in the main thread.

    That thread looks at it and must not wait on it: the handler runs in between its steps.
    """
    stopping = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    return stopping
