"""Processes of the product, forked from one that has imported it: a start costs no second.

Each is a real process with an application, connections and a fate of its own.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from booking.app import create_app
from booking.jobs import run_worker
from booking.serve import serve
from config import Config
from tests.torture.kill_points import KillPoint

if TYPE_CHECKING:
    from flask import Flask


def act_as_web(environment: dict[str, str], port: int, doom: tuple[str, int]) -> None:
    """Serve until told to stop, or until ``doom``: a kill point and its occurrence."""
    serve(_make_app(environment, doom=doom), host="127.0.0.1", port=port)


def act_as_worker(environment: dict[str, str], _port: int, doom: tuple[str, int]) -> None:
    """Send mails until told to stop, or until ``doom``."""
    sys.exit(run_worker(_make_app(environment, doom=doom)))


def _make_app(environment: dict[str, str], *, doom: tuple[str, int]) -> Flask:
    # The parent's way of ending children is not ours.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    log = Path(environment["INSTANCE_DIR"])
    descriptor = os.open(log.with_name("processes.log"), os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.dup2(descriptor, 2)
    app = create_app(Config.from_env(environment))
    name, occurrence = doom
    KillPoint(name, occurrence=occurrence, log=log.with_name("kills.log")).install(app)
    return app
