"""Processes as a supervisor treats them: all started at one moment, stopped at any, forked."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from contextlib import ExitStack
from random import Random
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from booking.outbox.models import Message
from tests.api_calls import booking_body
from tests.hostile_smtp import hostile_smtp
from tests.installation import installation, violations
from tests.outbox import message_ids, read_states
from tests.processes import FLASK, count_lines, free_port, running, wait_until, worker
from tests.server_processes import Answer, ask, ask_at_once, running_server, running_servers
from tests.whole_service import mail_settings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.fixtures.application import UnitOfWork
    from tests.hostile_smtp import HostileSmtp

SEED = 20261128
STOPS = 3
LONGEST_LIFE_SECONDS = 1.0
MAILS_A_BOOKING = 2
GUNICORN = (
    sys.executable,
    "-m",
    "gunicorn",
    "--bind",
    "127.0.0.1:{port}",
    "--workers",
    "3",
    "--threads",
    "4",
)


def request(number: int, *, start: str) -> tuple[str, str, object]:
    return "POST", "/api/v1/bookings", booking_body(start, email=f"lead-{number}@kunde.example")


def book_all(environment: dict[str, str], *, starts: Sequence[str]) -> int:
    """Book every slot while no worker lives; return how many mails are waiting."""
    requests = [request(number, start=start) for number, start in enumerate(starts)]
    with running_servers(1, environment=environment) as [address]:
        answers = [ask(address, *one) for one in requests]
    assert {answer.status for answer in answers} == {201}
    return MAILS_A_BOOKING * len(answers)


def copies(server: HostileSmtp) -> Counter[str]:
    """Return how often each mail arrived."""
    return Counter(message_ids(list(server.accepted)))


def levels(log: Path) -> Counter[str]:
    """Return how many lines of a log are of which level."""
    return Counter(json.loads(line)["level"] for line in log.read_text().splitlines())


@pytest.mark.fault("F17")
def test_processes_that_start_at_one_moment_share_the_work(
    environment: dict[str, str],
    starts: Sequence[str],
    transaction: UnitOfWork,
    tmp_path: Path,
) -> None:
    log = tmp_path / "processes.log"
    commands = [("serve", "--with-worker")] * 2 + [("worker",)] * 2

    with hostile_smtp("well_behaved") as server, ExitStack() as stack:
        settings = environment | mail_settings(server.port)
        mails = book_all(settings, starts=starts)
        for command in commands:
            own = settings | {"PORT": str(free_port())}
            stack.enter_context(running(*FLASK, *command, environment=own, log=log))
        wait_until(lambda: count_lines(log, '"serving"') + count_lines(log, "worker started") == 4)
        wait_until(lambda: len(copies(server)) == mails)
        stack.close()

    with transaction() as session:
        senders = set(session.scalars(select(Message.lease_owner)))
    assert set(copies(server).values()) == {1}
    assert len(senders - {None}) > 1
    assert set(levels(log)) == {"info"}


@pytest.mark.fault("F31")
def test_workers_that_are_stopped_at_any_moment_finish_or_give_back(
    environment: dict[str, str],
    starts: Sequence[str],
    transaction: UnitOfWork,
    tmp_path: Path,
) -> None:
    log = tmp_path / "worker.log"
    random = Random(SEED)  # noqa: S311 - nothing is kept secret here

    with hostile_smtp("slow") as server:
        settings = environment | mail_settings(server.port)
        mails = book_all(settings, starts=starts)
        for _ in range(STOPS):
            with worker(settings, log=log):
                time.sleep(random.uniform(0, LONGEST_LIFE_SECONDS))
            assert "sending" not in read_states(transaction=transaction)
        server.mode = "well_behaved"
        with worker(settings, log=log):
            wait_until(lambda: len(copies(server)) == mails)

    assert set(copies(server).values()) == {1}
    assert set(levels(log)) == {"info"}


@pytest.mark.parametrize(
    ("database_kind", "options"),
    [("sqlite", []), ("postgresql", ["--preload"])],
    indirect=["database_kind"],
)
def test_gunicorn_with_several_workers_books_once(
    environment: dict[str, str],
    starts: Sequence[str],
    options: list[str],
    tmp_path: Path,
) -> None:
    log = tmp_path / "worker.log"
    wanted = [request(number, start=starts[number % 2]) for number in range(30)]

    with (
        hostile_smtp("well_behaved") as server,
        worker(environment | mail_settings(server.port), log=log),
    ):
        settings = environment | mail_settings(server.port)
        command = (*GUNICORN, *options, "wsgi:app")
        with running_server(*command, environment=settings) as (address, _):
            answers = ask_at_once([address], wanted)
            ready = ask(address, "GET", "/health/ready")
            wait_until(lambda: len(copies(server)) == MAILS_A_BOOKING * booked(answers))

    assert Counter(answer.status for answer in answers) == {201: 6, 409: 24}
    assert (ready.status, ready.body["reasons"]) == (200, [])
    assert set(copies(server).values()) == {1}
    with installation(environment):
        assert violations() == []


def booked(answers: Sequence[Answer]) -> int:
    return sum(answer.status == 201 for answer in answers)
