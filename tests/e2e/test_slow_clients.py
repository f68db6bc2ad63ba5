"""Clients who dribble: they hold a connection, and nobody else waits for them."""

import socket
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest

from booking.serve import THREADS
from tests.processes import FLASK
from tests.server_processes import ask, running_server

SLOW_CLIENTS = 10 * THREADS
BEGINNINGS = {
    "headers": b"GET /api/v1/event-types HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
    "body": (
        b"POST /api/v1/bookings HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        b"Content-Type: application/json\r\nContent-Length: 60000\r\n\r\n{"
    ),
}


@pytest.mark.fault("F24")
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("part", BEGINNINGS)
def test_clients_who_dribble_keep_no_thread_from_the_others(
    environment: dict[str, str], part: str
) -> None:
    server = running_server(*FLASK, "serve", environment=environment)
    with server as (address, _), ExitStack() as stack:
        place = urlsplit(address).hostname, urlsplit(address).port
        connections = [
            stack.enter_context(socket.create_connection(place)) for _ in range(SLOW_CLIENTS)
        ]
        statuses = set()
        for octet in BEGINNINGS[part]:
            for connection in connections:
                connection.sendall(bytes([octet]))
            statuses.add(ask(address, "GET", "/health/live").status)

    assert statuses == {200}
