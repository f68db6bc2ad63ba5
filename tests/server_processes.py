"""Real server processes of the product, and many clients that ask them at one moment."""

import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PROJECT = Path(__file__).resolve().parent.parent
START_SECONDS = 60
ANSWER_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Answer:
    """What a client got."""

    status: int
    body: dict[str, Any]


@contextmanager
def running_servers(
    count: int, *, environment: dict[str, str], options: Sequence[str] = ()
) -> Iterator[list[str]]:
    """Start ``count`` web servers on one database; yield their addresses; stop them at the end."""
    with ExitStack() as stack:
        yield [stack.enter_context(_running_server(environment, options)) for _ in range(count)]


@contextmanager
def _running_server(environment: dict[str, str], options: Sequence[str]) -> Iterator[str]:
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "serve", *options],
        cwd=PROJECT,
        env={**os.environ, **environment, "PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_live(address, process=process)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=START_SECONDS)


def ask(
    address: str,
    method: str,
    path: str,
    body: object = None,
    *,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Make one request to the API and return its answer."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=ANSWER_SECONDS)
    try:
        connection.request(
            method,
            path,
            body=json.dumps(body) if body is not None else None,
            headers={"Content-Type": "application/json", **(headers or {})},
        )
        response = connection.getresponse()
        return Answer(response.status, json.loads(response.read() or b"{}"))
    finally:
        connection.close()


def ask_at_once(
    addresses: Sequence[str],
    requests: Sequence[tuple[str, str, object]],
    *,
    headers: Mapping[str, str] | None = None,
) -> list[Answer]:
    """Make all ``requests`` (method, path, body) at one moment, spread over the servers."""
    start = threading.Barrier(len(requests))
    answers: list[Answer | None] = [None] * len(requests)

    def ask_when_all_are_ready(number: int) -> None:
        method, path, body = requests[number]
        start.wait()
        address = addresses[number % len(addresses)]
        answers[number] = ask(address, method, path, body, headers=headers)

    clients = [
        threading.Thread(target=ask_when_all_are_ready, args=(number,))
        for number in range(len(requests))
    ]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    assert None not in answers, "a client got no answer"
    return [answer for answer in answers if answer is not None]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _wait_until_live(address: str, *, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, f"the server has ended with {process.returncode}"
        try:
            if ask(address, "GET", "/health/live").status == 200:
                return
        except (OSError, http.client.HTTPException, ValueError):
            time.sleep(0.05)
    raise AssertionError("the server does not answer")
