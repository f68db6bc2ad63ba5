"""The commands of docs/operations.md, run as they stand there: backup, mishap, restore."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from booking import clock
from booking.bookings.emails import composers
from booking.bookings.models import Booking
from booking.db import db
from booking.outbox.deliver import deliver_due
from booking.outbox.models import Message, MessageState
from tests.bookings_at_work import INSTALLATION, confirm
from tests.environment import make_environment
from tests.factories import make_event_type, make_organisation, make_staff
from tests.outbox import make_delivery, message_ids, read_states, smtp_transport
from tests.postgresql_server import find_binaries
from tests.processes import PATIENCE_SECONDS, PROJECT
from tests.smtp_sink import smtp_sink

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Flask

    from tests.fixtures.application import UnitOfWork
    from tests.smtp_sink import SmtpSink

AROUND_THE_CLOCK = [(weekday, "00:00", "24:00") for weekday in range(7)]
HOUR = timedelta(hours=1)


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """Where the documented commands look for it."""
    path = tmp_path / "instance" / "halbstunde.db"
    path.parent.mkdir()
    path.write_bytes(sqlite_template.read_bytes())
    return f"sqlite:///{path}"


def documented_commands(part: str, *, database_kind: str, taken_at: datetime) -> str:
    """Return the lines under ``# backup`` or ``# restore``, with the moment in its place."""
    pages = (PROJECT / "docs" / "operations.md").read_text()
    blocks = re.findall(r"```sh\n(.*?)```", pages.partition("## Backup and restore")[2], re.DOTALL)
    block = blocks[["sqlite", "postgresql"].index(database_kind)]
    backup, restore = block.split("\n\n")
    lines = {"backup": backup, "restore": restore}[part]
    return re.sub(r"(?<=--taken-at )\S+", taken_at.isoformat(), lines)


def run(commands: str, *, cwd: Path, database_url: str) -> str:
    """Run ``commands`` until one fails; return what they print."""
    binaries = find_binaries()
    path = [str(Path(sys.executable).parent), *([str(binaries)] if binaries else []), os.defpath]
    environment = make_environment(database_url=database_url, instance_dir=cwd / "instance")
    done = subprocess.run(
        ["/bin/sh", "-e", "-c", commands],
        cwd=cwd,
        env=environment | {"PATH": ":".join(path), "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    return done.stdout


def book(email: str, *, hours: int, now: datetime, transaction: UnitOfWork) -> None:
    """Book the first whole hour after ``now + hours``."""
    start = (now + (hours + 1) * HOUR).replace(minute=0, second=0, microsecond=0)
    with transaction() as session:
        event_type = make_event_type(
            session,
            hosts=[make_staff(session, hours=AROUND_THE_CLOCK)],
            reminders_minutes_before=[60],
        )
        confirm(event_type, session=session, email=email, start=start, now=now)


def deliver(app: Flask, *, sink: SmtpSink) -> None:
    delivery = make_delivery(
        smtp_transport(sink.port, timeout_seconds=10),
        composers=composers(INSTALLATION),
        now=clock.now,
    )
    with app.app_context():
        deliver_due(delivery)
        db.engine.dispose()


@pytest.fixture
def an_hour_ago(transaction: UnitOfWork) -> datetime:
    """When three demos were booked, one of which is to be reminded of since."""
    an_hour_ago = clock.now() - HOUR
    with transaction() as session:
        make_organisation(session)
    for number in range(3):
        book(f"{number}@kunde.example", hours=30, now=an_hour_ago, transaction=transaction)
    with transaction() as session:
        first = select(Booking.id).order_by(Booking.id).limit(1).scalar_subquery()
        reminder = (Message.kind == "reminder", Message.booking_id == first)
        due_at = an_hour_ago + HOUR / 2
        session.execute(
            update(Message).where(*reminder).values(due_at=due_at, next_attempt_at=due_at)
        )
    return an_hour_ago


@pytest.mark.fault("F32")
@pytest.mark.parametrize("is_told", [True, False])
def test_restored_backup_repeats_no_mail(
    app: Flask,
    *,
    transaction: UnitOfWork,
    database_kind: str,
    database_url: str,
    tmp_path: Path,
    an_hour_ago: datetime,
    is_told: bool,
) -> None:
    """Seven mails leave after the backup; the control, without `after-restore`, repeats them."""
    taken_at = an_hour_ago + timedelta(minutes=1)
    backup, restore = (
        documented_commands(part, database_kind=database_kind, taken_at=taken_at)
        for part in ("backup", "restore")
    )
    if not is_told:
        restore = re.sub(r"flask --app wsgi after-restore.*\n", "", restore)
    for _ in range(2):  # the second takes the place of the first
        run(backup, cwd=tmp_path, database_url=database_url)

    with smtp_sink() as sink:
        deliver(app, sink=sink)
        book("later@kunde.example", hours=30, now=clock.now(), transaction=transaction)
        with app.app_context():
            db.engine.dispose()
        printed = run(restore, cwd=tmp_path, database_url=database_url)
        deliver(app, sink=sink)

    copies = Counter(message_ids(mail.original_content or b"" for mail in sink.mails))
    lines = printed.splitlines()
    assert (len(copies), set(copies.values())) == (7, {1} if is_told else {2})
    assert lines[-1] == "No violation."
    if is_told:
        assert lines[-2] == "7 mails may have left; they are unknown now."
        assert Counter(read_states(transaction=transaction)) == {
            MessageState.UNKNOWN: 7,
            MessageState.QUEUED: 2,
        }
    with transaction() as session:
        assert len(session.scalars(select(Booking.id)).all()) == 3
