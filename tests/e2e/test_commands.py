"""The commands as an operator gives them: real processes, their answers and their exit codes."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep

import pytest
from sqlalchemy import select

from booking.outbox.models import Message, MessageState
from tests.environment import make_environment
from tests.factories import (
    make_booking,
    make_event_type,
    make_meeting,
    make_organisation,
    make_staff,
)
from tests.fixtures.application import UnitOfWork
from tests.outbox import make_message
from tests.processes import FLASK, PATIENCE_SECONDS, PROJECT, free_port
from tests.unit.setup_file.documents import ORGANISATION, write
from tests.wishes_at_work import express

EXAMPLE = PROJECT / "examples" / "demo.toml"
INTO_FILES = "mails are written into files, since MAIL_SERVER is not set"
REFUSED = "SMTPRecipientsRefused 550"


def around(environment: dict[str, str]) -> dict[str, str]:
    """Return a whole environment of a process: of ours, only what finds programs."""
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(PROJECT)} | environment


def run(*arguments: str | Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return subprocess.run(
        [*FLASK, *arguments],
        cwd=PROJECT,
        env=around(environment),
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


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


def test_example_is_loaded_twice(environment: dict[str, str]) -> None:
    first = run("load-setup", EXAMPLE, environment=environment)
    second = run("load-setup", EXAMPLE, environment=environment)

    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.splitlines()[0] == "organisation: added"
    assert first.stdout.splitlines()[-1] == f"Loaded {EXAMPLE}."
    assert (second.returncode, second.stdout, second.stderr) == (
        0,
        f"{EXAMPLE} changes nothing.\n",
        "",
    )


def test_setup_file_tells_of_booked_demos_on_days_that_it_closes(
    environment: dict[str, str], transaction: UnitOfWork, tmp_path: Path
) -> None:
    with transaction() as session:
        make_organisation(session)
        host = make_staff(session)
        event_type = make_event_type(session, hosts=[host])
        for day in (5, 6, 7):
            start = datetime(2099, 10, day, 9, 0, tzinfo=UTC)
            meeting = make_meeting(session, event_type=event_type, hosts=[host], start=start)
            make_booking(session, meeting=meeting)
    path = write(tmp_path, ORGANISATION, "closing_days = [{ date = 2099-10-05 }]")
    run("load-setup", path, environment=environment)
    path = write(
        tmp_path, ORGANISATION, "closing_days = [{ date = 2099-10-05 }, { date = 2099-10-06 }]"
    )

    answer = run("load-setup", path, environment=environment)

    assert (answer.returncode, answer.stdout.splitlines()) == (
        0,
        [
            "organisation: closing_days",
            "Booked demos on days that are closed now: 1. They stay booked.",
            f"Loaded {path}.",
        ],
    )


def test_faulty_setup_file_is_refused_whole(sqlite_url: str, tmp_path: Path) -> None:
    environment = make_environment(database_url=sqlite_url, instance_dir=tmp_path)
    path = tmp_path / "setup.toml"
    path.write_text('colour = 1\n[[staff]]\nemail = "anna@"\n')

    answer = run("load-setup", path, environment=environment)

    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr.splitlines() == [
        f'{path}: staff[0].email = "anna@": must be one mail address',
        f"{path}: staff[0].name: is missing",
        f"{path}: staff[0].time_zone: is missing",
        f"{path}: colour = 1: is not a known key",
        f"{path}: organisation: is missing",
        "Nothing was changed.",
    ]


def test_setup_file_before_the_first_upgrade_is_refused(
    blank_database_url: str, tmp_path: Path
) -> None:
    environment = make_environment(database_url=blank_database_url, instance_dir=tmp_path)

    answer = run("load-setup", EXAMPLE, environment=environment)

    assert (answer.returncode, answer.stdout, answer.stderr) == (
        1,
        "",
        (
            "Error: The database refused; has 'flask --app wsgi db upgrade' been run?"
            " Nothing was changed.\n"
        ),
    )


def test_check_of_a_database_in_order(environment: dict[str, str]) -> None:
    run("load-setup", EXAMPLE, environment=environment)

    answer = run("check-invariants", environment=environment)

    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "No violation.\n", "")


def test_check_names_what_must_not_be(environment: dict[str, str], transaction: UnitOfWork) -> None:
    with transaction() as session:
        message_id = make_message(session, state=MessageState.SENT).id

    answer = run("check-invariants", environment=environment)

    assert (answer.returncode, answer.stdout.splitlines()) == (
        1,
        [
            f"mail_contradictory: message {message_id}: its columns contradict each other",
            "Violations: 1.",
        ],
    )


def test_undelivered_mails_are_listed_with_the_reason(
    environment: dict[str, str], transaction: UnitOfWork
) -> None:
    with transaction() as session:
        failed = make_message(session, state=MessageState.FAILED, last_error=REFUSED).id
        make_organisation(session)
        wish = express(make_event_type(session, hosts=[]), session=session)
        session.flush()
        about_wish = session.scalars(select(Message).where(Message.wish_id == wish.id)).one()
        about_wish.state, about_wish.last_error = MessageState.FAILED, REFUSED

    answer = run("list-undelivered", environment=environment)

    due = "due 2026-11-23T08:00:00+00:00"
    wished = f"message {about_wish.id}: wish to the organisation about wish {wish.id}"
    assert (answer.returncode, answer.stdout.splitlines()) == (
        0,
        [
            f"message {failed}: note to the lead about staff None, {due}: failed, {REFUSED}",
            f"{wished}, {due}: failed, {REFUSED}",
            "Mails that may never have arrived: 2.",
        ],
    )


def test_check_of_what_is_no_database_of_ours_cannot_tell(
    blank_database_url: str, tmp_path: Path
) -> None:
    environment = make_environment(database_url=blank_database_url, instance_dir=tmp_path)

    answer = run("check-invariants", environment=environment)

    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr.startswith("Cannot tell: the database failed (")


@pytest.mark.parametrize(
    ("taken_at", "fault"),
    [
        ("yesterday", "'yesterday' is no date and time of ISO 8601"),
        ("2026-11-24T03:00:00", "needs its offset from UTC"),
        ("9000-01-01T00:00:00Z", "is still to come"),
    ],
)
def test_moment_of_a_backup_must_be_one(
    sqlite_url: str, tmp_path: Path, taken_at: str, fault: str
) -> None:
    environment = make_environment(database_url=sqlite_url, instance_dir=tmp_path)

    answer = run("after-restore", "--taken-at", taken_at, environment=environment)

    assert (answer.returncode, answer.stdout) == (2, "")
    assert fault in answer.stderr


def test_database_that_lives_on_is_no_backup(environment: dict[str, str]) -> None:
    run("load-setup", EXAMPLE, environment=environment)

    answer = run("after-restore", "--taken-at", "2026-01-01T00:00:00Z", environment=environment)

    assert (answer.returncode, answer.stdout) == (1, "")
    assert "so it is no backup taken at 2026-01-01T00:00:00+00:00. Nothing was" in answer.stderr


@pytest.mark.parametrize("command", [["serve"], ["db", "upgrade"]])
def test_faulty_settings_are_told_in_lines(command: list[str]) -> None:
    environment = {"PORT": "web", "BASE_URL": "example.com"}

    answer = run(*command, environment=environment)

    assert (answer.returncode, answer.stdout) == (2, "")
    assert sorted(answer.stderr.splitlines()) == [
        "BASE_URL must be an http(s) address without query or user, not 'example.com'",
        "PORT must be a number, not 'web'",
        "SECRET_KEY is missing: set a random text of at least 32 characters",
    ]


def test_upgrade_tells_what_it_did(blank_database_url: str, tmp_path: Path) -> None:
    environment = make_environment(database_url=blank_database_url, instance_dir=tmp_path)

    first = run("db", "upgrade", environment=environment)
    second = run("db", "upgrade", environment=environment)

    applied = re.findall(r"^Applied (.+)\.$", first.stdout, flags=re.MULTILINE)
    assert applied != []
    assert first.stdout.splitlines()[-1] == f"The database is at revision {applied[-1]}."
    assert second.stdout == f"The database is at revision {applied[-1]}.\n"


def test_upgrade_without_a_database_tells_so_in_a_line(tmp_path: Path) -> None:
    environment = make_environment(
        database_url=f"postgresql://nobody@127.0.0.1:{free_port()}/none", instance_dir=tmp_path
    )

    answer = run("db", "upgrade", environment=environment)

    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr.startswith("Error: The database is away or cannot be written: connection")


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

        answer = run("serve", environment=environment)

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
