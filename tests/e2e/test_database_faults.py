"""A PostgreSQL that dies, hangs or is replaced under load: nothing acknowledged is lost."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from tests.api_calls import booking_body
from tests.environment import make_environment
from tests.fixtures.database import migrate
from tests.installation import bookings, fill, installation, violations
from tests.postgresql_server import PostgresqlServer, postgresql_servers
from tests.processes import wait_until, worker
from tests.server_processes import ask, readiness, running_servers
from tests.smtp_sink import smtp_sink
from tests.torture.clients import clients_at_work
from tests.torture.history import History
from tests.whole_service import mail_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

CLIENTS = 4
SEED = 20261125
GAP_SECONDS = 2.0


@dataclass
class Load:
    """Clients at work on one server."""

    address: str
    history: History

    @property
    def acknowledged(self) -> int:
        """How many bookings have been acknowledged so far."""
        return self.history.counts["bookings acknowledged"]

    def go_on(self) -> None:
        """Return once the clients have made further bookings."""
        before = self.acknowledged
        wait_until(lambda: self.acknowledged > before + 2)


@pytest.fixture
def primary() -> Iterator[PostgresqlServer]:
    """A server of this test's own, with the tables of this code."""
    with postgresql_servers(1) as [server]:
        server.initialise()
        server.start()
        yield server


def environment_for(database_url: str, *, tmp_path: Path, mail_port: int) -> dict[str, str]:
    return make_environment(
        database_url=database_url, instance_dir=tmp_path / "instance", **mail_settings(mail_port)
    )


@contextmanager
def load(environment: dict[str, str]) -> Iterator[Load]:
    """Let clients book, move and cancel on a web server until the block ends; a worker mails."""
    with installation(environment):
        starts = fill()
    history = History()
    with (
        running_servers(1, environment=environment) as addresses,
        worker(environment, log=Path(environment["INSTANCE_DIR"]).with_name("worker.log")),
        clients_at_work(addresses, count=CLIENTS, starts=starts, history=history, seed=SEED),
    ):
        yield Load(addresses[0], history)


def find_faults(environment: dict[str, str], *, history: History) -> list[str]:
    """Return what has gone wrong, to the clients or in the database."""
    with installation(environment):
        return [*history.find_faults(bookings()), *violations()]


@pytest.mark.fault("F11")
def test_server_that_dies_under_load_and_comes_back(
    primary: PostgresqlServer, tmp_path: Path
) -> None:
    url = primary.url.render_as_string()
    migrate(url, instance_dir=tmp_path)

    with smtp_sink() as sink:
        environment = environment_for(url, tmp_path=tmp_path, mail_port=sink.port)
        with load(environment) as running:
            running.go_on()
            primary.stop_at_once()
            time.sleep(GAP_SECONDS)
            in_the_gap = readiness(running.address)
            is_live = ask(running.address, "GET", "/health/live").status
            primary.start()
            running.go_on()
            mails = len(sink.mails)
            wait_until(lambda: len(sink.mails) > mails)
            afterwards = readiness(running.address)

    assert (in_the_gap, is_live) == ((503, ["database"]), 200)
    assert afterwards == (200, [])
    assert running.history.counts["asked to come again"] > 0
    assert find_faults(environment, history=running.history) == []


@pytest.mark.fault("F11")
def test_standby_that_takes_over_under_load_has_everything_that_was_acknowledged(
    primary: PostgresqlServer, tmp_path: Path
) -> None:
    migrate(primary.url.render_as_string(), instance_dir=tmp_path)

    with smtp_sink() as sink, postgresql_servers(1) as [standby]:
        replicate(primary, standby, options="-c synchronous_standby_names=standby")
        environment = environment_for(
            either_of(primary, standby), tmp_path=tmp_path, mail_port=sink.port
        )
        with load(environment) as running:
            running.go_on()
            primary.stop_at_once()
            time.sleep(GAP_SECONDS)
            in_the_gap = readiness(running.address)
            standby.promote()
            running.go_on()
            mails = len(sink.mails)
            wait_until(lambda: len(sink.mails) > mails)
        faults = find_faults(environment, history=running.history)

    assert in_the_gap == (503, ["database"])
    assert faults == []


def test_standby_that_was_not_waited_for_has_lost_what_was_acknowledged(
    primary: PostgresqlServer, tmp_path: Path
) -> None:
    """The control: the test above would notice."""
    migrate(primary.url.render_as_string(), instance_dir=tmp_path)

    with smtp_sink() as sink, postgresql_servers(1) as [standby]:
        replicate(primary, standby)
        environment = environment_for(
            either_of(primary, standby), tmp_path=tmp_path, mail_port=sink.port
        )
        with load(environment) as running:
            running.go_on()
            standby.stop_following()
            running.go_on()
            primary.stop_at_once()
            standby.promote()
        faults = find_faults(environment, history=running.history)

    assert any(fault.endswith("is lost") for fault in faults)


def replicate(primary: PostgresqlServer, standby: PostgresqlServer, *, options: str = "") -> None:
    """Start ``standby`` behind ``primary``, which is started anew with ``options``."""
    standby.follow(primary)
    primary.stop_at_once()
    primary.start(options)
    standby.start()


def either_of(primary: PostgresqlServer, standby: PostgresqlServer) -> str:
    """Return the address of whichever of them takes writes."""
    return (
        f"postgresql://postgres@/postgres?host={primary.home},{standby.home}"
        "&target_session_attrs=read-write"
    )


@pytest.mark.fault("F12")
def test_calendar_that_somebody_else_keeps_locked_is_no_hang(
    primary: PostgresqlServer, tmp_path: Path
) -> None:
    url = primary.url.render_as_string()
    migrate(url, instance_dir=tmp_path)
    environment = environment_for(url, tmp_path=tmp_path, mail_port=9)
    with installation(environment):
        starts = fill()
    booking = booking_body(starts[0])

    with running_servers(1, environment=environment) as [address]:
        with psycopg.connect(url) as other:
            other.execute("LOCK TABLE staff IN ACCESS EXCLUSIVE MODE")
            locked_out = ask(address, "POST", "/api/v1/bookings", booking)
            while_locked = readiness(address)
            other.rollback()
        let_in = ask(address, "POST", "/api/v1/bookings", booking)

    assert (locked_out.status, locked_out.body["code"]) == (503, "unavailable")
    assert while_locked == (200, ["no_worker"])
    assert let_in.status == 201
