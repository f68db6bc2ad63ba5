"""Tests reach this machine and nothing else."""

import socket

import pytest

from tests.fixtures.network import LookupBlockedError


def test_other_machines_are_out_of_reach() -> None:
    # 192.0.2.0/24 is set aside for documentation (RFC 5737): nobody answers there.
    with socket.socket() as connection, pytest.raises(UserWarning, match=r"192\.0\.2\.1"):
        connection.connect(("192.0.2.1", 25))


def test_name_service_is_out_of_reach() -> None:
    with pytest.raises(LookupBlockedError, match="example"):
        socket.getaddrinfo("example.com", 25)


def test_loopback_is_within_reach() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        socket.create_connection(listener.getsockname(), timeout=1) as connection,
    ):
        assert connection.getpeername() == listener.getsockname()
