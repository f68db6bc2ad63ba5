"""Real worker processes: several at once, killed at every step, and asked to stop."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import ExitStack
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from booking import clock
from booking.outbox.deliver import deliver_due
from booking.outbox.models import Message, MessageState
from tests.e2e.outbox_worker import MortalWorker, log_of, mortal_worker
from tests.hostile_smtp import hostile_smtp
from tests.outbox import (
    LEASE,
    make_delivery,
    make_message,
    message_ids,
    read_states,
    smtp_transport,
)
from tests.processes import wait_until
from tests.smtp_sink import smtp_sink

if TYPE_CHECKING:
    from flask import Flask

    from tests.fixtures.application import UnitOfWork


LAPSED = LEASE + timedelta(seconds=1)
RETRIED = LAPSED + timedelta(minutes=10)


def let_go(*workers: MortalWorker) -> None:
    """Let all of them work at one moment."""
    for worker in workers:
        worker.hear("ready")
    for worker in workers:
        worker.go()


def queue_mails(count: int, *, transaction: UnitOfWork) -> None:
    """Add mails that are due now, by the clock the processes read."""
    now = clock.now()
    with transaction() as session:
        for _ in range(count):
            make_message(session, created_at=now, due_at=now, expires_at=now + timedelta(hours=10))


def die_after_250(environment: dict[str, str], *, port: int) -> None:
    """Let a worker be killed once the server has accepted the mail."""
    with mortal_worker(environment, port=port, part="settle") as worker:
        let_go(worker)
        worker.hear("halted")
        worker.kill()


def deliver_later(app: Flask, *, port: int, after: timedelta) -> None:
    """Deliver as another worker would, so much later."""
    transport = smtp_transport(port, timeout_seconds=10)
    with app.app_context():
        deliver_due(make_delivery(transport, now=lambda: clock.now() + after))


def test_four_workers_send_every_mail_once(
    environment: dict[str, str], transaction: UnitOfWork
) -> None:
    queue_mails(300, transaction=transaction)

    with smtp_sink() as sink, ExitStack() as stack:
        workers = [
            stack.enter_context(mortal_worker(environment, port=sink.port)) for _ in range(4)
        ]
        let_go(*workers)
        wait_until(lambda: len(sink.mails) >= 300)
        for worker in workers:
            worker.terminate()
        codes = [worker.wait() for worker in workers]

    copies = Counter(message_ids(mail.original_content or b"" for mail in sink.mails))
    assert codes == [0, 0, 0, 0]
    assert (len(copies), set(copies.values())) == (300, {1})
    assert Counter(read_states(transaction=transaction)) == {MessageState.SENT: 300}
    with transaction() as session:
        assert len(set(session.scalars(select(Message.lease_owner)))) > 1


def test_four_workers_without_leases_send_mails_twice(
    environment: dict[str, str], transaction: UnitOfWork
) -> None:
    """The control: the test above would notice."""
    queue_mails(100, transaction=transaction)

    with smtp_sink() as sink, ExitStack() as stack:
        workers = [
            stack.enter_context(mortal_worker(environment, port=sink.port, part="naive"))
            for _ in range(4)
        ]
        let_go(*workers)
        for worker in workers:
            worker.wait()

    assert len(sink.mails) > 100


@pytest.mark.fault("F3")
def test_worker_killed_before_it_connects_costs_nothing_but_time(
    app: Flask, environment: dict[str, str], transaction: UnitOfWork
) -> None:
    queue_mails(1, transaction=transaction)

    with hostile_smtp("well_behaved") as server:
        with mortal_worker(environment, port=server.port, part="connect") as worker:
            let_go(worker)
            worker.hear("halted")
            worker.kill()
        deliver_later(app, port=server.port, after=LAPSED)

    assert len(server.received) == 1
    assert read_states(transaction=transaction) == [MessageState.SENT]


@pytest.mark.fault("F4")
def test_mail_of_a_worker_killed_inside_data_arrives_once(
    app: Flask, environment: dict[str, str], transaction: UnitOfWork
) -> None:
    queue_mails(1, transaction=transaction)

    with hostile_smtp("hang_in_data") as server:
        with mortal_worker(environment, port=server.port) as worker:
            let_go(worker)
            wait_until(lambda: "DATA" in [command.upper() for command in server.commands])
            worker.kill()
        server.mode = "well_behaved"
        deliver_later(app, port=server.port, after=LAPSED)
        states = read_states(transaction=transaction)
        deliver_later(app, port=server.port, after=RETRIED)

    assert states == [MessageState.UNKNOWN]
    assert len(server.received) == 1
    assert read_states(transaction=transaction) == [MessageState.SENT]


@pytest.mark.fault("F5")
def test_mail_of_a_worker_killed_after_250_arrives_twice_as_the_same_mail(
    app: Flask, environment: dict[str, str], transaction: UnitOfWork
) -> None:
    queue_mails(1, transaction=transaction)

    with hostile_smtp("well_behaved") as server:
        die_after_250(environment, port=server.port)
        for after in (LAPSED, RETRIED, 2 * RETRIED):
            deliver_later(app, port=server.port, after=after)

    assert len(server.accepted) == 2
    assert server.accepted[0] == server.accepted[1]
    assert read_states(transaction=transaction) == [MessageState.SENT]


@pytest.mark.fault("F5")
def test_mail_whose_worker_was_killed_twice_after_250_arrives_no_third_time(
    app: Flask, environment: dict[str, str], transaction: UnitOfWork
) -> None:
    queue_mails(1, transaction=transaction)

    with hostile_smtp("well_behaved") as server:
        die_after_250(environment, port=server.port)
        deliver_later(app, port=server.port, after=LAPSED)
        with transaction() as session:
            session.execute(update(Message).values(next_attempt_at=clock.now()))
        die_after_250(environment, port=server.port)
        for after in (LAPSED, RETRIED, 2 * RETRIED):
            deliver_later(app, port=server.port, after=after)

    assert len(server.accepted) == 2
    assert server.accepted[0] == server.accepted[1]
    assert read_states(transaction=transaction) == [MessageState.UNKNOWN]


@pytest.mark.fault("F31")
def test_worker_that_is_told_to_stop_leaves_nothing_in_hand(
    environment: dict[str, str], transaction: UnitOfWork
) -> None:
    queue_mails(200, transaction=transaction)

    with hostile_smtp("slow") as server, mortal_worker(environment, port=server.port) as worker:
        let_go(worker)
        wait_until(lambda: len(server.accepted) >= 5)
        worker.terminate()
        code = worker.wait()

    states = Counter(read_states(transaction=transaction))
    sent = len(server.accepted)
    assert code == 0
    assert 5 <= sent < 200
    assert states == {MessageState.SENT: sent, MessageState.QUEUED: 200 - sent}
    lines = log_of(environment).read_text().splitlines()
    assert {json.loads(line)["level"] for line in lines} == {"info"}


def test_worker_without_tables_ends_with_an_error(
    environment: dict[str, str], blank_sqlite_url: str
) -> None:
    blank = environment | {"DATABASE_URL": blank_sqlite_url}

    with mortal_worker(blank, port=9) as worker:
        let_go(worker)
        code = worker.wait()

    assert code == 1
    assert "worker cannot start" in log_of(environment).read_text()
