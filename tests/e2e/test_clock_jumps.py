"""A machine whose clock is set forward and back under a worker that runs."""

import sys
from datetime import datetime, timedelta
from itertools import count, islice
from pathlib import Path

import pytest

from booking.clock import now
from tests.factories import make_event_type, make_organisation, make_staff
from tests.fixtures.application import UnitOfWork
from tests.processes import FLASK, running, wait_until
from tests.server_processes import running_server
from tests.smtp_sink import SmtpSink, smtp_sink
from tests.whole_service import ALL_DAY, LEAD, book, mail_settings, mails_to

JUMPING_WORKER = (sys.executable, "-m", "tests.e2e.jumping_worker")
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def start(transaction: UnitOfWork) -> datetime:
    """A free slot, with two hosts so that others can be booked beside it."""
    with transaction() as session:
        make_organisation(session)
        hosts = [make_staff(session, hours=ALL_DAY) for _ in range(2)]
        make_event_type(session, hosts=hosts, slug="demo")
    return (now() + 3 * DAY).replace(hour=12, minute=0, second=0, microsecond=0)


@pytest.mark.fault("F15")
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_clock_that_jumps_repeats_no_reminder_and_leaves_none_out(
    environment: dict[str, str], start: datetime, tmp_path: Path
) -> None:
    numbers = count(1)

    def set_clock(moment: datetime) -> None:
        written = tmp_path / "written"
        written.write_text(str((moment - now()).total_seconds()))
        written.rename(clock)
        wait_until(lambda: not clock.exists())

    def deliver(sink: SmtpSink, *, address: str) -> None:
        """Return when the worker has gone through all that is due: a round for each new booking."""
        for number in islice(numbers, 2):
            email = f"later-{number}@kunde.de"
            book(address, start=start + number * HOUR, email=email)
            wait_until(lambda email=email: mails_to(email, sink=sink) != [])

    clock = tmp_path / "clock"
    told = []
    with smtp_sink() as sink:
        settings = environment | mail_settings(sink.port)
        web = running_server(*FLASK, "serve", environment=settings)
        worker = running(*JUMPING_WORKER, str(clock), environment=settings)
        with web as (address, _), worker:
            book(address, start=start)
            for moment in (
                start - DAY + MINUTE,
                start - DAY - 2 * HOUR,
                start - DAY + 2 * MINUTE,
                start - HOUR + MINUTE,
                start - 3 * HOUR,
            ):
                set_clock(moment)
                deliver(sink, address=address)
                told.append(len(mails_to(LEAD, sink=sink)))

    assert told == [2, 2, 2, 3, 3]
