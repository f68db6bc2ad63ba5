"""Any order of steps, of all who act on bookings, keeps what was acknowledged."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from booking.outbox.mime import OutgoingMail
from booking.outbox.transport import Connection, Transport
from tests.hostile_smtp import hostile_smtp
from tests.outbox import smtp_transport
from tests.whole_life.machine import STARTS, WholeLife
from tests.whole_life.world import World

pytestmark = pytest.mark.own_app

LIVES = int(os.environ.get("LIVES", "4"))
STEPS = 30


@pytest.fixture
def world(app: Flask, client: FlaskClient, clock: time_machine.Traveller) -> Iterator[World]:
    """An installation whose mails go to a server that can be told how to behave."""
    with hostile_smtp("well_behaved") as server:
        app.extensions["transport"] = smtp_transport(server.port)
        yield World(app, client, server, clock)


@pytest.fixture
def whole_life(world: World) -> type[WholeLife]:
    return type("Life", (WholeLife,), {"world": world})


def test_whole_lives_keep_what_was_acknowledged(whole_life: type[WholeLife]) -> None:
    run_state_machine_as_test(
        whole_life,
        settings=settings(
            max_examples=LIVES,
            stateful_step_count=STEPS,
            database=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_worker_that_does_not_write_down_that_data_begins_is_found_out(
    world: World, whole_life: type[WholeLife]
) -> None:
    """The control: such a worker does not know, once it has died, that a mail may have arrived."""
    world.change_transport = Forgetful

    life = whole_life()
    life.begin(*STARTS[:2])
    life.work("well_behaved", "accepted")

    with pytest.raises(AssertionError, match="was accepted twice without having been unknown"):
        life.teardown()


@dataclass
class Forgetful:
    """Hands mails over without asking first."""

    transport: Transport

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        with self.transport.connect() as connection:
            yield ForgetfulConnection(connection)


@dataclass
class ForgetfulConnection:
    connection: Connection

    def send(self, mail: OutgoingMail, *, before_data: Callable[[], None]) -> None:  # noqa: ARG002
        self.connection.send(mail, before_data=lambda: None)
