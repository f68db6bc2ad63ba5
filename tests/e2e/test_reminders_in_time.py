"""Reminders of a real booking leave a real worker a day and an hour before its start."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from booking.clock import now
from tests.factories import make_event_type, make_organisation, make_staff
from tests.fixtures.application import UnitOfWork
from tests.server_processes import PROJECT
from tests.smtp_sink import smtp_sink
from tests.whole_service import (
    ALL_DAY,
    LEAD,
    book,
    mail_settings,
    mails_to,
    service,
    wait_until,
)

BERLIN = ZoneInfo("Europe/Berlin")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def start(transaction: UnitOfWork) -> datetime:
    """A free slot at 15:00 in Berlin: neither reminder falls into the night."""
    with transaction() as session:
        make_organisation(session)
        make_event_type(session, hosts=[make_staff(session, hours=ALL_DAY)], slug="demo")
    day = now().astimezone(BERLIN) + 3 * DAY
    return day.replace(hour=15, minute=0, second=0, microsecond=0)


@contextmanager
def worker(environment: dict[str, str]) -> Iterator[None]:
    """Run a worker process of the product."""
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "worker"],
        cwd=PROJECT,
        env={**os.environ, **environment},
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def test_reminders_leave_a_day_and_an_hour_before(
    environment: dict[str, str],
    clock_at: Callable[[datetime], dict[str, str]],
    start: datetime,
) -> None:
    with smtp_sink() as sink:
        with service(environment, mail_port=sink.port) as address:
            book(address, start=start)
            wait_until(lambda: len(mails_to(LEAD, sink=sink)) == 1)
        settings = environment | mail_settings(sink.port)
        for reminders, moment in enumerate((start - DAY, start - HOUR), 1):
            with worker(settings | clock_at(moment)):
                wait_until(lambda told=1 + reminders: len(mails_to(LEAD, sink=sink)) == told)

    subjects = [mail["Subject"] for mail in mails_to(LEAD, sink=sink)]
    assert len(subjects) == 3
