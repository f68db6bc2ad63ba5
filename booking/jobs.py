"""What happens by itself, and how often: every job is a name, an interval and one call.

APScheduler is a clock here and nothing more. Jobs live in memory, any number of processes may run
them all, and each job finds out from the database what there is to do.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from time import sleep
from typing import TYPE_CHECKING, Any, Protocol

import structlog
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from booking import clock
from booking.bookings.agenda_mails import queue_agendas
from booking.bookings.idempotency import purge_keys
from booking.bookings.lapsed_holds import sweep_lapsed_holds
from booking.bookings.offered import record_offered_minutes
from booking.db import db, run_in_transaction
from booking.outbox.deliver import Delivery, deliver_due
from booking.outbox.ledger import Ledger
from booking.outbox.pace import Pace
from booking.pulse import (
    Role,
    beat,
    forget_dead_processes,
    last_worker_tick_at,
    name_process,
)
from booking.stopping import heed_stop_signals

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask import Flask
    from sqlalchemy.orm import Session

DELIVERY = timedelta(seconds=2)
HEARTBEAT = timedelta(seconds=10)
SWEEP = timedelta(minutes=1)
HOUR = timedelta(hours=1)

SCHEDULER_THREAD = "APScheduler"
CHECK_SECONDS = 0.5

log = structlog.get_logger(__name__)


class Work(Protocol):
    """A change that depends on the time."""

    def __call__(self, *, now: datetime, session: Session) -> object:
        """Make the change; ``now`` is aware UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Something to be done again and again, at start for the first time."""

    name: str
    interval: timedelta
    call: Callable[[], object]


class SteadyJobStore(MemoryJobStore):  # type: ignore[misc]  # the library is not typed
    """Jobs in memory that go on at once when the clock is set back, not when it has caught up."""

    def get_due_jobs(self, now: datetime) -> Any:
        """Return the jobs to run at ``now``; called by the scheduler."""
        for job in self.get_all_jobs():
            if job.next_run_time > now + job.trigger.interval:
                job.modify(next_run_time=now)
        return super().get_due_jobs(now)


def start_jobs(app: Flask) -> BackgroundScheduler:
    """Start all jobs in threads of this process; ``shutdown()`` of the answer ends them in order.

    What is being sent then is sent to its end, and the rest is given back. ``app.extensions`` holds
    ``config``, ``installation``, ``transport`` and ``composers``, and under ``housekeeping``
    further `Work` by name, to be done every hour.
    """
    config = app.extensions["config"]
    if config.mail_server is None and not config.demo:
        log.warning("mails are written into files, since MAIL_SERVER is not set")
    # It would warn of every tick that falls into a long delivery.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    scheduler = BackgroundScheduler(
        timezone=UTC,
        jobstores={"default": SteadyJobStore()},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    delivery = _delivery(app, is_stopping=lambda: not scheduler.running)
    jobs = _jobs(
        delivery,
        mail_domain=app.extensions["installation"].mail_domain,
        housekeeping=app.extensions.get("housekeeping", {}),
    )
    for job in jobs:
        scheduler.add_job(
            partial(_run, job, app=app),
            "interval",
            seconds=job.interval.total_seconds(),
            id=job.name,
            next_run_time=clock.now(),
        )
    scheduler.start()
    return scheduler


def run_worker(app: Flask) -> int:
    """Run all jobs until SIGTERM or SIGINT; return the exit code of the process.

    0 after a signal, when nothing is left in hand; 1 when there is no usable database at the start
    or the scheduler has died. A database that goes away later is waited for.
    """
    stopping = heed_stop_signals()
    try:
        with app.app_context():
            last_worker_tick_at(now=clock.now(), session=db.session())
    except Exception:
        log.exception("worker cannot start")
        return 1
    scheduler = start_jobs(app)
    log.info("worker started")
    while not stopping.is_set():
        sleep(CHECK_SECONDS)
        if not any(thread.name == SCHEDULER_THREAD for thread in threading.enumerate()):
            log.critical("worker cannot go on")
            return 1
    scheduler.shutdown()
    log.info("worker stopped")
    return 0


def in_transaction(work: Work) -> Callable[[], object]:
    """Return a job's call that does ``work`` in one transaction, at the present time."""
    return lambda: run_in_transaction(lambda session: work(now=clock.now(), session=session))


def _delivery(app: Flask, *, is_stopping: Callable[[], bool]) -> Delivery:
    config = app.extensions["config"]
    return Delivery(
        ledger=Ledger(
            worker=name_process(),
            composers=app.extensions["composers"],
            lease=timedelta(seconds=config.delivery_lease_seconds),
            now=clock.now,
        ),
        transport=app.extensions["transport"],
        pace=Pace(per_minute=config.mail_per_minute),
        is_stopping=is_stopping,
    )


def _jobs(delivery: Delivery, *, mail_domain: str, housekeeping: Mapping[str, Work]) -> list[Job]:
    pulse = partial(beat, delivery.ledger.worker, role=Role.WORKER)
    agendas = partial(queue_agendas, mail_domain=mail_domain)
    hourly = {
        "offered minutes": record_offered_minutes,
        "idempotency keys": purge_keys,
        "dead processes": forget_dead_processes,
        **housekeeping,
    }
    return [
        Job(name="heartbeat", interval=HEARTBEAT, call=in_transaction(pulse)),
        Job(name="deliver", interval=DELIVERY, call=partial(deliver_due, delivery)),
        Job(name="lapsed holds", interval=SWEEP, call=in_transaction(sweep_lapsed_holds)),
        Job(name="agendas", interval=SWEEP, call=in_transaction(agendas)),
        *(Job(name=name, interval=HOUR, call=in_transaction(hourly[name])) for name in hourly),
    ]


def _run(job: Job, *, app: Flask) -> None:
    try:
        with app.app_context():
            job.call()
    except Exception:
        # The next run may succeed, and the other jobs must go on.
        log.exception("job failed", job=job.name)
