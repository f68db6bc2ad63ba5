"""The two health addresses, and what degrades the service without closing it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select, text

from booking import clock
from booking.app import create_app
from booking.bookings.models import Booking
from booking.db import db
from booking.outbox.models import MessageState, Priority, Recipient
from booking.outbox.queue import enqueue
from booking.pulse import Process, Role, beat
from booking.time_zone import RULES
from config import Config
from tests.api_calls import book
from tests.environment import BASE_URL, make_environment
from tests.factories import NOW
from tests.fixtures.application import UnitOfWork
from tests.outbox import make_message

pytestmark = pytest.mark.own_app

READY = "/health/ready"
WITH_MAIL = pytest.mark.settings(MAIL_SERVER="127.0.0.1")


@contextmanager
def read_only(app: Flask) -> Iterator[None]:
    """Let the database refuse every write until the block ends."""
    with app.app_context():
        engine = db.engine
    statement = {
        "sqlite": "PRAGMA query_only = ON",
        "postgresql": "SET default_transaction_read_only = on",
    }[engine.dialect.name]

    def switch(connection: Any, _record: object) -> None:
        connection.execute(statement)
        connection.commit()

    engine.dispose()
    event.listen(engine, "connect", switch)
    try:
        yield
    finally:
        event.remove(engine, "connect", switch)
        engine.dispose()


@WITH_MAIL
@pytest.mark.usefixtures("clock")
def test_ready_is_ok_when_nothing_is_amiss(client: FlaskClient, transaction: UnitOfWork) -> None:
    with transaction() as session:
        beat("one", role=Role.WORKER, now=NOW - timedelta(seconds=30), session=session)

    answer = client.get(READY)

    assert (answer.status_code, answer.get_json()) == (
        200,
        {
            "status": "ok",
            "reasons": [],
            "last_worker_tick": "2026-11-23T07:59:30+00:00",
            "oldest_overdue_message_seconds": 0,
            "faulty_messages": 0,
            "tzdata": RULES,
        },
    )


@pytest.mark.usefixtures("clock")
def test_ready_without_mail_server_or_worker_is_degraded(client: FlaskClient) -> None:
    answer = client.get(READY)

    assert (answer.status_code, answer.get_json()) == (
        200,
        {
            "status": "degraded",
            "reasons": ["no_worker", "no_mail_server"],
            "last_worker_tick": None,
            "oldest_overdue_message_seconds": 0,
            "faulty_messages": 0,
            "tzdata": RULES,
        },
    )


@pytest.mark.settings(DEMO="on")
@pytest.mark.usefixtures("clock")
def test_ready_needs_no_mail_server_in_the_demonstration(client: FlaskClient) -> None:
    assert client.get(READY).get_json()["reasons"] == ["no_worker"]


@WITH_MAIL
@pytest.mark.usefixtures("host")
def test_ready_with_waiting_mail_is_degraded(client: FlaskClient, transaction: UnitOfWork) -> None:
    book(client)
    with transaction() as session:
        beat("one", role=Role.WORKER, now=NOW, session=session)
        enqueue(
            "confirmation",
            occasion="late",
            subject=session.scalars(select(Booking)).one(),
            recipient=Recipient.LEAD,
            facts={},
            due_at=NOW - timedelta(minutes=6),
            expires_at=NOW + timedelta(days=1),
            priority=Priority.SOON,
            mail_domain="termine.example.com",
            now=NOW,
            session=session,
        )

    facts = client.get(READY).get_json()

    assert (facts["status"], facts["reasons"], facts["oldest_overdue_message_seconds"]) == (
        "degraded",
        ["messages_overdue"],
        360,
    )


@pytest.mark.fault("F26")
@WITH_MAIL
@pytest.mark.usefixtures("clock")
def test_ready_with_a_mail_that_cannot_be_composed_is_degraded(
    client: FlaskClient, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        beat("one", role=Role.WORKER, now=NOW, session=session)
        make_message(session, state=MessageState.FAILED, last_error="ComposingError: KeyError")

    facts = client.get(READY).get_json()

    assert (facts["status"], facts["reasons"], facts["faulty_messages"]) == (
        "degraded",
        ["messages_faulty"],
        1,
    )


@WITH_MAIL
@pytest.mark.usefixtures("clock")
def test_ready_with_a_mail_that_came_too_late_is_degraded(
    client: FlaskClient, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        beat("one", role=Role.WORKER, now=NOW, session=session)
        make_message(session, state=MessageState.EXPIRED, expires_at=NOW)

    assert client.get(READY).get_json()["reasons"] == ["messages_expired"]


@pytest.mark.fault("F35")
@WITH_MAIL
@pytest.mark.usefixtures("clock")
def test_ready_beside_a_process_with_other_rules_of_time_is_degraded(
    client: FlaskClient, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        beat("one", role=Role.WORKER, now=NOW, session=session)
        session.get_one(Process, "one").tzdata = "1999.1"

    assert client.get(READY).get_json()["reasons"] == ["tzdata_differs"]


@pytest.mark.fault("F14")
@WITH_MAIL
def test_database_that_takes_no_writes_is_not_ready_until_it_does(
    app: Flask, client: FlaskClient, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        beat("one", role=Role.WORKER, now=clock.now(), session=session)

    with read_only(app):
        refused = [client.get(READY) for _ in range(2)]
    taken = client.get(READY)

    assert [(answer.status_code, answer.get_json()["reasons"]) for answer in [*refused, taken]] == [
        (503, ["not_writable"]),
        (503, ["not_writable"]),
        (200, []),
    ]


def test_newer_schema_does_not_disturb(client: FlaskClient, transaction: UnitOfWork) -> None:
    with transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    assert client.get(READY).status_code == 200


def test_database_behind_the_code_is_not_ready(
    client: FlaskClient, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0000'"))

    answer = client.get(READY)

    assert (answer.status_code, answer.get_json()) == (
        503,
        {"status": "unavailable", "reasons": ["schema"], "tzdata": RULES},
    )


def test_database_without_tables_is_told_as_such(blank_database_url: str, tmp_path: Path) -> None:
    environment = make_environment(database_url=blank_database_url, instance_dir=tmp_path)
    app = create_app(Config.from_env(environment))

    answer = app.test_client().get("/health/ready")

    with app.app_context():
        db.engine.dispose()
    assert (answer.status_code, answer.get_json()["reasons"]) == (503, ["schema"])


@pytest.mark.settings(DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
def test_database_that_is_away_is_not_ready_but_live(app: Flask) -> None:
    client = app.test_client()

    ready, live = (client.get(f"/health/{name}", base_url=BASE_URL) for name in ("ready", "live"))

    assert (ready.status_code, ready.get_json()["reasons"]) == (503, ["database"])
    assert (live.status_code, live.get_json()) == (200, {"status": "ok"})
