"""A connection that dies while a request is being answered."""

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text

from booking.db import db


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_connection_that_dies_in_use_does_not_spoil_the_answer(
    app: Flask, database_url: str
) -> None:
    with app.app_context():
        process = db.session.scalar(text("SELECT pg_backend_pid()"))
        with psycopg.connect(database_url, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s)", [process])

    with app.app_context():
        assert db.session.scalar(text("SELECT 1")) == 1
