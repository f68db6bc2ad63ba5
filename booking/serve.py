"""The production web server: waitress, told to stop in order.

A stop closes the door first, lets the requests in hand be answered, and only then ends the
threads; waitress alone would drop answers that are ready but not yet sent.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any

import structlog
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import create_server

from booking.stopping import heed_stop_signals

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

THREADS = 8
CONNECTION_LIMIT = 1000
CHANNEL_TIMEOUT_SECONDS = 30
MOST_BODY_BYTES = 1024 * 1024
"""Beyond this the server itself refuses; between this and its own limit the application does."""
LOOK_UP_SECONDS = 1
"""How often the loop looks up to see whether it is to stop."""
DRAIN_SECONDS = 25
"""How long requests in hand may take once it is: longer than any may wait for the database."""

log = structlog.get_logger(__name__)


def serve(
    app: Flask,
    *,
    host: str,
    port: int,
    with_worker: bool = False,
    when_listening: Callable[[], None] = lambda: None,
) -> None:
    """Answer requests on ``host`` and ``port`` until SIGTERM or SIGINT; return when all is done.

    ``with_worker`` runs the jobs in this process, too; ``when_listening`` is called once visitors
    may come.

    Raises:
        OSError: the address cannot be listened on.
    """
    stopping = heed_stop_signals()
    sockets: dict[int, Any] = {}
    server = create_server(
        app,
        map=sockets,
        host=host,
        port=port,
        ident=None,
        threads=THREADS,
        connection_limit=CONNECTION_LIMIT,
        channel_timeout=CHANNEL_TIMEOUT_SECONDS,
        cleanup_interval=CHANNEL_TIMEOUT_SECONDS // 3,
        max_request_body_size=MOST_BODY_BYTES,
        # The application itself judges what a proxy says, and must see it to do so.
        clear_untrusted_proxy_headers=False,
    )
    stop_worker = _start_worker(app) if with_worker else None
    log.info("serving", port=port, with_worker=with_worker)
    when_listening()
    while not stopping.is_set():
        _turn(sockets, seconds=LOOK_UP_SECONDS)
    _drain(sockets)
    server.task_dispatcher.shutdown()
    wasyncore.close_all(sockets)
    if stop_worker is not None:
        stop_worker()
    log.info("stopped serving")


def _start_worker(app: Flask) -> Callable[[], None]:
    """Start the jobs; return what ends them in order."""
    from booking.jobs import start_jobs  # noqa: PLC0415 - a web process alone needs no scheduler

    stop: Callable[[], None] = start_jobs(app).shutdown
    return stop


def _drain(sockets: dict[int, Any]) -> None:
    """Take no more connections, and answer what was asked already."""
    for one in list(sockets.values()):
        if one.accepting:
            wasyncore.dispatcher.close(one)
    deadline = monotonic() + DRAIN_SECONDS
    while monotonic() < deadline and any(_is_busy(one) for one in sockets.values()):
        _turn(sockets, seconds=0.1)


def _is_busy(one: object) -> bool:
    return isinstance(one, HTTPChannel) and bool(one.requests or one.total_outbufs_len)


def _turn(sockets: dict[int, Any], *, seconds: float) -> None:
    wasyncore.loop(timeout=seconds, use_poll=True, map=sockets, count=1)
