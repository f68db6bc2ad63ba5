"""Runs the migrations in one transaction; upgrades that start together wait for each other."""

from __future__ import annotations

from alembic import context
from flask import current_app
from sqlalchemy import Connection, text

from booking.db import db

MIGRATION_LOCK = 4_711_002


def take_turns(connection: Connection) -> None:
    """Hold the one lock that a second upgrade waits for until this one has committed."""
    if connection.dialect.name == "postgresql":
        # The lock is held through a whole upgrade, which may take longer than a booking may wait.
        connection.execute(text("SET LOCAL lock_timeout = '10min'"))
        connection.execute(text("SET LOCAL statement_timeout = '10min'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})


def run_migrations() -> None:
    """Bring the database of the current application to the asked revision."""
    engine = current_app.extensions["migrate"].db.engine
    connect = engine.connect().execution_options(sqlite_begin="IMMEDIATE")
    with connect as connection, connection.begin():
        take_turns(connection)
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            compare_type=True,
        )
        context.run_migrations()


run_migrations()
