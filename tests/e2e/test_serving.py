"""Processes as an operator starts and stops them: the server, the example company, upgrades."""

import json
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import pytest

from tests.environment import make_environment
from tests.factories import make_organisation
from tests.fixtures.application import UnitOfWork
from tests.forked import run_forked
from tests.processes import FLASK, PATIENCE_SECONDS, PROJECT, around, free_port

EXAMPLE = PROJECT / "examples" / "demo.toml"
INTO_FILES = "mails are written into files, since MAIL_SERVER is not set"


@contextmanager
def started(*command: str | Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Start a command; kill it at the end if it still runs."""
    process = subprocess.Popen(
        command,
        cwd=PROJECT,
        env=around(environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def connect(port: int) -> socket.socket:
    """Return a connection to a server, as soon as it listens."""
    deadline = monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS)
        except ConnectionRefusedError:
            assert monotonic() < deadline, "no server listens"
            sleep(0.1)


def fetch(path: str, *, port: int) -> str:
    """Return what a page says, as soon as the server answers."""
    connect(port).close()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
        return str(answer.read().decode())


def stop(process: subprocess.Popen[str], number: signal.Signals) -> tuple[int, str, str]:
    """Send a signal; return exit code, standard output and standard error."""
    process.send_signal(number)
    out, err = process.communicate(timeout=PATIENCE_SECONDS)
    return process.returncode, out, err


def events(log: str) -> list[str]:
    """Return what happened according to a log, request by request left out."""
    lines = [json.loads(line)["event"] for line in log.splitlines()]
    return [event for event in lines if event != "request"]


def test_two_upgrades_at_once_both_succeed(blank_database_url: str, tmp_path: Path) -> None:
    environment = make_environment(database_url=blank_database_url, instance_dir=tmp_path)
    command = [*FLASK, "db", "upgrade"]

    with (
        started(*command, environment=environment) as one,
        started(*command, environment=environment) as other,
    ):
        said = [process.communicate(timeout=PATIENCE_SECONDS)[0] for process in (one, other)]

    assert [one.returncode, other.returncode] == [0, 0]
    assert sorted("Applied" in text for text in said) == [False, True]


@pytest.mark.parametrize(
    ("number", "options", "warnings"),
    [(signal.SIGTERM, [], []), (signal.SIGINT, ["--with-worker"], [INTO_FILES])],
)
def test_serve_answers_and_stops(
    sqlite_url: str,
    tmp_path: Path,
    number: signal.Signals,
    options: list[str],
    warnings: list[str],
) -> None:
    port = free_port()
    environment = make_environment(database_url=sqlite_url, instance_dir=tmp_path, PORT=str(port))

    with started(*FLASK, "serve", *options, environment=environment) as server:
        answer = fetch("/health/live", port=port)
        code, out, log = stop(server, number)

    assert json.loads(answer) == {"status": "ok"}
    assert (code, out) == (0, "")
    assert events(log) == [*warnings, "serving", "stopped serving"]


def test_serve_on_a_port_that_is_taken_says_so(sqlite_url: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        environment = make_environment(
            database_url=sqlite_url, instance_dir=tmp_path, PORT=str(port)
        )

        answer = run_forked("serve", environment=around(environment))

    assert (answer.returncode, answer.stdout, answer.stderr) == (
        1,
        "",
        f"Error: Cannot listen on HOST 127.0.0.1, PORT {port}: Address already in use.\n",
    )


SLOW_SERVER = """
import sys
from flask import Flask
from booking.logs import configure_logging
from booking.serve import serve

app = Flask("booking")
configure_logging(app)

@app.get("/")
def wait():
    print("asked", flush=True)
    sys.stdin.readline()
    return "answered"

serve(app, host="127.0.0.1", port=int(sys.argv[1]))
"""


def test_stop_lets_a_request_in_hand_be_answered() -> None:
    port = free_port()

    with started(sys.executable, "-c", SLOW_SERVER, str(port), environment={}) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        with connect(port) as client:
            client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            assert server.stdout.readline() == "asked\n"
            server.send_signal(signal.SIGTERM)
            wait_until_refused(port)
            server.stdin.write("\n")
            server.stdin.flush()
            answer = b"".join(iter(lambda: client.recv(4096), b""))
        code = server.wait(timeout=PATIENCE_SECONDS)

    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert answer.endswith(b"answered")
    assert code == 0


def wait_until_refused(port: int) -> None:
    """Return once the server takes no more connections."""
    deadline = monotonic() + PATIENCE_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS).close()
        except ConnectionRefusedError:
            return
        assert monotonic() < deadline
        sleep(0.1)


def test_demo_runs_from_nothing(tmp_path: Path) -> None:
    port = free_port()
    instance_dir = tmp_path / "instance"
    environment = {"PORT": str(port), "INSTANCE_DIR": str(instance_dir)}
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, PROJECT / "scripts" / "run_demo.py"]

    with started(*command, environment=environment) as demo:
        page = fetch("/demo", port=port)
        mails = fetch("/dev/mails", port=port)
        code, out, log = stop(demo, signal.SIGTERM)

    assert "Klarsicht KI GmbH" in page
    assert "Klarsicht KI GmbH" in mails
    assert (code, events(log)) == (0, ["serving", "stopped serving"])
    assert f"Book a demo:     {address}/\n" in out
    assert f"Read the mails:  {address}/dev/mails\n" in out
    assert f"See the demos:   {address}/staff/link/" in out
    assert (instance_dir / "secret_key").stat().st_mode & 0o777 == 0o600


def test_demo_touches_no_installation(
    environment: dict[str, str], transaction: UnitOfWork, tmp_path: Path
) -> None:
    with transaction() as session:
        make_organisation(session)
    command = [sys.executable, PROJECT / "scripts" / "run_demo.py"]

    with started(*command, environment=environment) as demo:
        _out, said = demo.communicate(timeout=PATIENCE_SECONDS)

    assert demo.returncode == 1
    assert said.startswith("This database belongs to an installation;")
    assert not (tmp_path / "instance" / "demonstration").exists()


def test_mark_of_a_demonstration_is_none_of_another_database(
    environment: dict[str, str], transaction: UnitOfWork, tmp_path: Path
) -> None:
    with transaction() as session:
        make_organisation(session)
    command = [sys.executable, PROJECT / "scripts" / "run_demo.py"]
    instance = {"INSTANCE_DIR": str(tmp_path / "instance")}
    first = instance | {"PORT": str(free_port())}

    with started(*command, environment=first) as demo:
        fetch("/health/live", port=int(first["PORT"]))
        stop(demo, signal.SIGINT)
    with started(*command, environment=environment | instance) as demo:
        _out, said = demo.communicate(timeout=PATIENCE_SECONDS)

    assert demo.returncode == 1
    assert said.startswith("This database belongs to an installation;")


def test_demo_keeps_its_key_and_its_data(tmp_path: Path) -> None:
    instance_dir = tmp_path / "instance"
    environment = {"INSTANCE_DIR": str(instance_dir)}
    command = [sys.executable, PROJECT / "scripts" / "run_demo.py"]
    said, keys = [], []

    for _ in range(2):
        port = free_port()
        with started(*command, environment=environment | {"PORT": str(port)}) as demo:
            fetch("/health/live", port=port)
            code, out, _log = stop(demo, signal.SIGINT)
        said.append((code, f"Loaded {EXAMPLE}." in out))
        keys.append((instance_dir / "secret_key").read_text())

    assert said == [(0, True), (0, False)]
    assert keys[0] == keys[1]
