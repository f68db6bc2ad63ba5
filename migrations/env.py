"""Runs the migrations in one transaction; upgrades that start together wait for each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from alembic import context
from flask import current_app
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from booking.db import db

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationInfo

MIGRATION_LOCK = 4_711_002


def be_patient(connection: Connection) -> None:
    """Let SQLite wait for a whole upgrade, which may take longer than a booking may wait."""
    if connection.dialect.name == "sqlite":
        connection.detach()  # so that nothing else inherits the patience
        connection.connection.cursor().execute("PRAGMA busy_timeout = 600000")


def take_turns(connection: Connection) -> None:
    """Hold the one lock that a second upgrade waits for until this one has committed."""
    if connection.dialect.name == "postgresql":
        # As above: the lock is held through a whole upgrade.
        connection.execute(text("SET LOCAL lock_timeout = '10min'"))
        connection.execute(text("SET LOCAL statement_timeout = '10min'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})


def tell_step(*, step: MigrationInfo, **_: object) -> None:
    """Tell the operator of one revision that was applied or taken back."""
    click.echo(f"{'Applied' if step.is_upgrade else 'Took back'} {step.up_revision_id}.")


def run_migrations() -> None:
    """Bring the database of the current application to the asked revision."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect().execution_options(sqlite_begin="IMMEDIATE") as connection:
        be_patient(connection)
        with connection.begin():
            take_turns(connection)
            context.configure(
                connection=connection,
                target_metadata=db.metadata,
                render_as_batch=True,
                compare_type=True,
                on_version_apply=tell_step,
            )
            context.run_migrations()
            revision = context.get_context().get_current_revision()
    click.echo(f"The database is at revision {revision or 'base'}.")


try:
    run_migrations()
except OperationalError as error:
    raise click.ClickException(
        f"The database is away or cannot be written: {error.orig}"
    ) from error
