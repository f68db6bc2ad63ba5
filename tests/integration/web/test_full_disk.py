"""A disk that is full is told as such: no false success, and booking works again afterwards."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, text
from werkzeug.test import TestResponse

from booking.db import db
from tests.api_calls import book, stored
from tests.factories import START
from tests.fixtures.application import UnitOfWork

pytestmark = pytest.mark.usefixtures("host")


NO_ROOM = """
    CREATE FUNCTION find_no_room() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
    CREATE TRIGGER find_no_room BEFORE INSERT ON booking
        EXECUTE FUNCTION find_no_room();
"""


@pytest.mark.fault("F13")
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_full_disk_is_503_and_loses_nothing(
    app: Flask, client: FlaskClient, transaction: UnitOfWork
) -> None:
    with app.app_context():
        engine = db.engine
    event.listen(engine, "connect", limit_pages)
    engine.dispose()
    answers = [book_nth(client, n) for n in range(16)]
    event.remove(engine, "connect", limit_pages)
    engine.dispose()

    statuses = Counter(answer.status_code for answer in answers)
    with transaction() as session:
        assert stored(session)["booking"] == statuses[201]
    assert set(statuses) == {201, 503}
    assert answers[-1].headers["Retry-After"] == "5"
    assert book_nth(client, 15).status_code == 201


@pytest.mark.fault("F13")
@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_full_disk_of_the_server_is_503_and_loses_nothing(
    client: FlaskClient, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        session.execute(text(NO_ROOM))
    refused = book_nth(client, 0)
    with transaction() as session:
        bookings = stored(session)["booking"]
        session.execute(text("DROP TRIGGER find_no_room ON booking"))

    assert (refused.status_code, refused.headers["Retry-After"], bookings) == (503, "5", 0)
    assert book_nth(client, 0).status_code == 201


def limit_pages(connection: Any, _record: object) -> None:
    """Let the file grow by a few pages only; the limit is never below what there is."""
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages + 4}")


def book_nth(client: FlaskClient, n: int) -> TestResponse:
    start = START + timedelta(minutes=30 * (n % 8), days=n // 8)
    return book(client, start=start.isoformat(), email=f"a{n}@kunde.example", notes="x" * 2000)
