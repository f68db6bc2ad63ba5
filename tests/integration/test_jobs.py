"""The jobs in their own threads, on a real scheduler."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking import clock
from booking.bookings.idempotency import purge_keys
from booking.jobs import SteadyJobStore, start_jobs
from booking.outbox.models import MessageState
from booking.pulse import Process, last_worker_tick_at
from config import Config
from tests.fixtures.application import UnitOfWork
from tests.outbox import COMPOSERS, NOW, MemoryTransport, make_message, read_states
from tests.processes import PATIENCE_SECONDS, wait_until

pytestmark = pytest.mark.own_app


@pytest.fixture
def transport(app: Flask, config: Config) -> MemoryTransport:
    """Give the application what a worker needs; return where its mails end."""
    transport = MemoryTransport()
    app.extensions.update(config=config, composers=COMPOSERS, transport=transport)
    return transport


@contextmanager
def running(scheduler: BackgroundScheduler) -> Iterator[BackgroundScheduler]:
    try:
        yield scheduler
    finally:
        scheduler.shutdown()


def queue_mail(transaction: UnitOfWork) -> None:
    now = clock.now()
    with transaction() as session:
        make_message(session, due_at=now, expires_at=now + timedelta(hours=1))


def test_jobs_begin_at_once_and_are_named(
    app: Flask, transport: MemoryTransport, transaction: UnitOfWork
) -> None:
    queue_mail(transaction)
    app.extensions["housekeeping"] = {"further": purge_keys}

    with running(start_jobs(app)) as scheduler:
        names = sorted(job.id for job in scheduler.get_jobs())
        wait_until(lambda: len(transport.sent) == 1)

    with transaction() as session:
        assert session.scalar(select(func.count()).select_from(Process)) == 1
        assert last_worker_tick_at(now=clock.now(), session=session) is not None
    assert read_states(transaction=transaction) == [MessageState.SENT]
    assert names == [
        "agendas",
        "dead processes",
        "deliver",
        "further",
        "heartbeat",
        "idempotency keys",
        "lapsed holds",
        "offered minutes",
    ]


def test_job_that_raises_is_logged_without_its_text_and_the_others_go_on(
    app: Flask,
    transport: MemoryTransport,
    transaction: UnitOfWork,
    capsys: pytest.CaptureFixture[str],
) -> None:
    raised = threading.Event()

    def fail(*, now: datetime, session: Session) -> None:
        raised.set()
        raise LookupError(f"erika@kunde.example {now} {session}")

    app.extensions["housekeeping"] = {"broken": fail}

    with running(start_jobs(app)):
        raised.wait(PATIENCE_SECONDS)
        queue_mail(transaction)
        wait_until(lambda: len(transport.sent) == 1)

    logged = capsys.readouterr().err
    lines = [json.loads(line) for line in logged.splitlines()]
    failures = [line for line in lines if line["event"] == "job failed"]
    assert [(line["job"], line["error"]) for line in failures] == [("broken", "LookupError")]
    assert "erika" not in logged


def test_stopping_gives_back_what_was_not_begun(
    app: Flask, config: Config, transaction: UnitOfWork
) -> None:
    stopping = threading.Event()
    begun = threading.Event()

    def dawdle() -> None:
        begun.set()
        stopping.wait(PATIENCE_SECONDS)

    transport = MemoryTransport(on_data=dawdle)
    app.extensions.update(config=config, composers=COMPOSERS, transport=transport)
    for _ in range(3):
        queue_mail(transaction)

    scheduler = start_jobs(app)
    begun.wait(PATIENCE_SECONDS)
    shutdown = threading.Thread(target=scheduler.shutdown)
    shutdown.start()
    wait_until(lambda: not scheduler.running)
    stopping.set()
    shutdown.join()

    assert sorted(read_states(transaction=transaction)) == ["queued", "queued", "sent"]


def test_job_waits_for_its_interval_and_not_for_a_clock_that_was_set_back() -> None:
    store = SteadyJobStore()
    scheduler = BackgroundScheduler(timezone=UTC, jobstores={"default": store})
    scheduler.start(paused=True)
    with running(scheduler):
        for name in ("first", "second"):
            scheduler.add_job(
                print, "interval", seconds=2, id=name, next_run_time=NOW + timedelta(seconds=2)
            )
        scheduler.modify_job("second", next_run_time=NOW + timedelta(seconds=1))

        due = [
            [job.id for job in store.get_due_jobs(now)]
            for now in (
                NOW,
                NOW + timedelta(seconds=1),
                NOW - timedelta(hours=2),
            )
        ]

    assert due == [[], ["second"], ["first", "second"]]
