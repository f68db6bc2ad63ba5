"""Reminders of a real booking leave a real worker a day and an hour before its start."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from email.message import EmailMessage
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from booking.clock import now
from tests.factories import make_event_type, make_organisation, make_staff
from tests.fixtures.application import UnitOfWork
from tests.processes import FLASK, wait_until, worker
from tests.server_processes import running_server
from tests.smtp_sink import smtp_sink
from tests.whole_service import (
    ALL_DAY,
    LEAD,
    book,
    mail_settings,
    mails_to,
)

BERLIN = ZoneInfo("Europe/Berlin")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def house(transaction: UnitOfWork) -> None:
    """One host who works around the clock."""
    with transaction() as session:
        make_organisation(session)
        make_event_type(session, hosts=[make_staff(session, hours=ALL_DAY)], slug="demo")


def remind(
    environment: dict[str, str],
    clock_at: Callable[[datetime], dict[str, str]],
    *,
    start: datetime,
    folder: Path,
) -> list[EmailMessage]:
    """Book ``start`` three days before; return what the lead got up to the last reminder."""
    start = start.astimezone(UTC)
    booked_at = start - 3 * DAY
    web = running_server(*FLASK, "serve", environment=environment | clock_at(booked_at))
    with web as (address, _):
        book(address, start=start)
    with smtp_sink() as sink:
        settings = environment | mail_settings(sink.port)
        for told, moment in enumerate((booked_at + HOUR, start - DAY, start - HOUR), 1):
            with worker(settings | clock_at(moment), log=folder / "worker.log"):
                wait_until(lambda told=told: len(mails_to(LEAD, sink=sink)) == told)
        return mails_to(LEAD, sink=sink)


def test_reminders_leave_a_day_and_an_hour_before(
    environment: dict[str, str], clock_at: Callable[[datetime], dict[str, str]], tmp_path: Path
) -> None:
    day = now().astimezone(BERLIN) + 3 * DAY
    start = day.replace(hour=15, minute=0, second=0, microsecond=0)

    mails = remind(environment, clock_at, start=start, folder=tmp_path)

    assert len(mails) == 3


@pytest.mark.fault("F16")
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2027, 10, 31)], ids=str)
def test_reminders_across_a_switch_of_the_clocks_name_the_hour_of_that_day(
    environment: dict[str, str],
    clock_at: Callable[[datetime], dict[str, str]],
    day: date,
    tmp_path: Path,
) -> None:
    start = datetime.combine(day, time(15), BERLIN)

    mails = remind(environment, clock_at, start=start, folder=tmp_path)

    told = [re.search(r"(\d+:\d\d) Uhr", mail["Subject"]) for mail in mails]
    assert [hour and hour[1] for hour in told] == ["15:00"] * 3
