"""The probe of a web process: how often it writes, and how long anybody waits for it."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import make_url, select

from booking.pulse import Process
from booking.web.write_probe import PATIENCE_SECONDS, WriteProbe
from tests.factories import NOW
from tests.fixtures.application import UnitOfWork


def test_pulse_is_written_once_in_ten_seconds(
    app: Flask, clock: time_machine.Traveller, transaction: UnitOfWork
) -> None:
    seconds = [0.0]
    probe = WriteProbe(app, seconds=lambda: seconds[0])

    ticks = []
    for passed in (0.0, 9.9, 0.2):
        seconds[0] += passed
        clock.shift(timedelta(seconds=passed))
        assert probe.is_writable()
        with transaction() as session:
            ticks.append(session.scalars(select(Process.ticked_at)).one() - NOW)

    assert ticks == [timedelta(0), timedelta(0), timedelta(seconds=10.1)]


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_database_that_is_locked_is_not_waited_for(app: Flask, database_url: str) -> None:
    seconds = [0.0]
    probe = WriteProbe(app, seconds=lambda: seconds[0])

    with closing(sqlite3.connect(make_url(database_url).database, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        found = [probe.is_writable()]
        waiting = probe._found
        found.append(probe.is_writable())
        is_the_same = probe._found is waiting
        other.execute("ROLLBACK")

    assert found == [False, False]
    assert is_the_same
    assert waiting is not None
    assert waiting.result(10 * PATIENCE_SECONDS)
    assert probe.is_writable()
