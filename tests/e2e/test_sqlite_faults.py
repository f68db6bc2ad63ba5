"""SQLite whose disk is full, whose file is read-only or which somebody keeps locked."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING

import pytest

from booking.engines import MOST_WAITING
from tests.api_calls import booking_body
from tests.fixtures.skipped import skip_for_want_of
from tests.processes import FLASK
from tests.server_processes import Answer, ask, readiness, running_server

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)

FULL = "/dev/full"
LOCKED_FOR_ALL = "BEGIN EXCLUSIVE"


def book(address: str, *, start: str) -> Answer:
    email = f"erika-{start[11:13]}{start[14:16]}@kunde.example"
    body = booking_body(start, email=email, notes="x" * 2000)
    return ask(address, "POST", "/api/v1/bookings", body)


@pytest.mark.fault("F13")
def test_full_disk_is_told_and_room_is_used_at_once(
    environment: dict[str, str], starts: Sequence[str], sqlite_file: Path
) -> None:
    with running_server(*FLASK, "serve", environment=environment) as (address, process):
        booked_before = book(address, start=starts[0])
        with no_room_for(process.pid):
            refused = [book(address, start=start) for start in starts[1:4]]
            while_full = readiness(address)
            page = ask(address, "GET", "/api/v1/event-types").status
        booked_after = book(address, start=starts[1])
        afterwards = readiness(address)

    assert (booked_before.status, booked_after.status) == (201, 201)
    assert {(answer.status, answer.body["code"]) for answer in refused} == {(503, "unavailable")}
    assert while_full == (503, ["not_writable", "no_worker", "no_mail_server"])
    assert page == 200
    assert afterwards == (200, ["no_worker", "no_mail_server"])
    with closing(sqlite3.connect(sqlite_file)) as database:
        bookings = database.execute("SELECT count(*) FROM booking").fetchone()
        intact = database.execute("PRAGMA integrity_check").fetchone()
    assert (bookings, intact) == ((2,), ("ok",))


@pytest.mark.fault("F13")
def test_log_that_finds_no_room_keeps_nobody_from_booking(
    environment: dict[str, str], starts: Sequence[str]
) -> None:
    server = running_server(*FLASK, "serve", environment=environment, log=Path(FULL))
    with server as (address, _):
        answer = book(address, start=starts[0])

    assert answer.status == 201


@pytest.mark.fault("F14")
def test_read_only_file_can_be_read_and_not_booked(
    environment: dict[str, str], starts: Sequence[str], sqlite_file: Path
) -> None:
    sqlite_file.chmod(stat.S_IRUSR)

    server = running_server(*bound_by_permissions(), *FLASK, "serve", environment=environment)
    with server as (address, _):
        refused = book(address, start=starts[0])
        reasons = readiness(address)
        page = ask(address, "GET", "/api/v1/event-types").status

    assert (refused.status, refused.body["code"]) == (503, "unavailable")
    assert reasons == (503, ["not_writable", "no_worker", "no_mail_server"])
    assert page == 200


@pytest.mark.fault("F12")
def test_database_that_somebody_else_keeps_locked_is_no_hang(
    environment: dict[str, str], starts: Sequence[str], sqlite_file: Path
) -> None:
    with running_server(*FLASK, "serve", environment=environment) as (address, _):
        with closing(sqlite3.connect(sqlite_file, isolation_level=None)) as other:
            other.execute(LOCKED_FOR_ALL)
            with ThreadPoolExecutor() as clients:
                locked_out = clients.submit(book, address, start=starts[0])
                while_locked = clients.submit(readiness, address)
                page = ask(address, "GET", "/api/v1/event-types").status
        let_in = book(address, start=starts[0])

    assert (locked_out.result().status, locked_out.result().body["code"]) == (503, "unavailable")
    assert while_locked.result() == (503, ["not_writable", "no_worker", "no_mail_server"])
    assert page == 200
    assert let_in.status == 201


@pytest.mark.fault("F12")
def test_many_who_wait_for_a_locked_database_leave_others_room(
    environment: dict[str, str], starts: Sequence[str], sqlite_file: Path
) -> None:
    with running_server(*FLASK, "serve", environment=environment) as (address, _):
        with closing(sqlite3.connect(sqlite_file, isolation_level=None)) as other:
            other.execute(LOCKED_FOR_ALL)
            with ThreadPoolExecutor(max_workers=40) as clients:
                patient = [
                    clients.submit(book, address, start=starts[0]) for _ in range(1 + MOST_WAITING)
                ]
                # Long enough for one to ask the database, and for the others to queue up.
                sleep(1)
                late = [clients.submit(book, address, start=starts[0]) for _ in range(20)]
                refused = [client.result() for client in late]
                live = ask(address, "GET", "/health/live").status
                page = ask(address, "GET", "/api/v1/event-types").status
                still_waiting = [client for client in patient if not client.done()]
        let_in = book(address, start=starts[0])

    assert {(answer.status, answer.body["code"]) for answer in refused} == {(503, "unavailable")}
    assert (live, page) == (200, 200)
    assert still_waiting == patient
    assert {client.result().status for client in patient} == {503}
    assert let_in.status == 201


@contextmanager
def no_room_for(pid: int) -> Iterator[None]:
    """Let every write of a process to a file fail until the block ends."""
    soft, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, hard))
    yield
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (soft, hard))


def bound_by_permissions() -> Sequence[str]:
    """Return what makes a command of root's heed the permissions of files."""
    if os.geteuid() != 0:
        return ()
    if shutil.which("setpriv") is None:
        skip_for_want_of("setpriv", enable="apt-get install -y util-linux")
    return ("setpriv", "--bounding-set", "-dac_override")
