"""Real server processes of the product, and many clients that ask them at one moment."""

import http.client
import json
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from tests.forked import forked
from tests.processes import free_port, running, wait_until

T = TypeVar("T")

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
        yield [stack.enter_context(_forked_server(environment, options)) for _ in range(count)]


@contextmanager
def _forked_server(environment: dict[str, str], options: Sequence[str]) -> Iterator[str]:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    settings = environment | {"PORT": str(port)}
    with forked("serve", *options, environment=settings) as process:
        _wait_until_live(address, exit_code=lambda: process.exitcode)
        yield address


@contextmanager
def running_server(
    *command: str, environment: dict[str, str], log: Path | None = None
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Run a web server; yield its address and itself once it answers.

    It learns its port by PORT, or where its command says ``{port}``.
    """
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    settings = environment | {"PORT": str(port)}
    words = [word.replace("{port}", str(port)) for word in command]
    with running(*words, environment=settings, log=log) as process:
        _wait_until_live(address, exit_code=process.poll)
        yield address, process


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


def readiness(address: str) -> tuple[int, list[str]]:
    """Return the status and the reasons of the health page."""
    answer = ask(address, "GET", "/health/ready")
    return answer.status, answer.body["reasons"]


def ask_at_once(
    addresses: Sequence[str],
    requests: Sequence[tuple[str, str, object]],
    *,
    headers: Mapping[str, str] | None = None,
) -> list[Answer]:
    """Make all ``requests`` (method, path, body) at one moment, spread over the servers."""

    def request(number: int) -> Answer:
        method, path, body = requests[number]
        return ask(addresses[number % len(addresses)], method, path, body, headers=headers)

    return at_once(request, count=len(requests))


def post_forms_at_once(
    addresses: Sequence[str],
    forms: Sequence[tuple[str, Mapping[str, str]]],
    *,
    headers: Mapping[str, str],
) -> list[int]:
    """Send all ``forms`` (path, fields) at one moment; return the status of each answer."""

    def send(number: int) -> int:
        path, fields = forms[number]
        netloc = urlsplit(addresses[number % len(addresses)]).netloc
        connection = http.client.HTTPConnection(netloc, timeout=ANSWER_SECONDS)
        try:
            kind = {"Content-Type": "application/x-www-form-urlencoded"}
            connection.request("POST", path, body=urlencode(fields), headers=kind | dict(headers))
            return connection.getresponse().status
        finally:
            connection.close()

    return at_once(send, count=len(forms))


def at_once(act: Callable[[int], T], *, count: int) -> list[T]:
    """Call ``act`` with every number below ``count``, all at one moment; return what came back."""
    start = threading.Barrier(count)

    def act_when_all_are_ready(number: int) -> T:
        start.wait()
        return act(number)

    with ThreadPoolExecutor(max_workers=count) as clients:
        return list(clients.map(act_when_all_are_ready, range(count)))


def _wait_until_live(address: str, *, exit_code: Callable[[], int | None]) -> None:
    def is_live() -> bool:
        assert exit_code() is None, f"the server has ended with {exit_code()}"
        try:
            return ask(address, "GET", "/health/live").status == 200
        except (OSError, http.client.HTTPException, ValueError):
            return False

    wait_until(is_live)
