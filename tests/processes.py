"""Processes of the product, as an operator starts and stops them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PROJECT = Path(__file__).resolve().parent.parent
FLASK = (sys.executable, "-m", "flask", "--app", "wsgi")
PATIENCE_SECONDS = 120

ports = iter(range(20_000 + os.getpid() % 100 * 120, 32_700))
"""What `free_port` hands out, each once; processes that follow each other begin far apart."""


def around(environment: dict[str, str]) -> dict[str, str]:
    """Return a whole environment of a process: of ours, only what finds programs."""
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(PROJECT)} | environment


@contextmanager
def running(
    *command: str, environment: dict[str, str], log: Path | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run ``command`` until the block ends; stop it then, and insist that it stops in order.

    Args:
        command: what to run, in the project's folder.
        environment: its settings, beside what this process has.
        log: what it says on standard error is added to this file.
    """
    stderr = os.open(log or os.devnull, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
    process = subprocess.Popen(
        command,
        cwd=PROJECT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=stderr,
    )
    os.close(stderr)
    try:
        yield process
        assert process.poll() is None, f"it has ended by itself, with {process.returncode}"
        process.terminate()
        assert process.wait(PATIENCE_SECONDS) == 0
    finally:
        process.kill()
        process.wait()


@contextmanager
def worker(environment: dict[str, str], *, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker; the block begins once it works."""
    before = count_lines(log, "worker started")

    def is_at_work() -> bool:
        assert process.poll() is None, log.read_text()
        return count_lines(log, "worker started") > before

    with running(*FLASK, "worker", environment=environment, log=log) as process:
        wait_until(is_at_work)
        yield process


def count_lines(log: Path, text: str) -> int:
    """Return how many lines of ``log`` hold ``text``."""
    return sum(text in line for line in log.read_text().splitlines()) if log.exists() else 0


def wait_until(is_so: Callable[[], bool]) -> None:
    """Return as soon as it is so."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def free_port() -> int:
    """Return a port that nobody listens on, and that no outgoing connection is given meanwhile.

    Those get numbers above 32767; each test process takes its own from below.
    """
    for port in ports:
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise AssertionError("no port is free")
