"""The commands for an operator who wants to know, or to put right, what is in the database."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import DBAPIError

from booking import clock
from booking.cli.database_faults import database_faults_told
from booking.db import run_in_transaction, snapshot
from booking.outbox.trouble import find_undelivered

if TYPE_CHECKING:
    from booking.outbox.models import Message

CANNOT_TELL = 2


def read_instant(_context: click.Context, _option: click.Parameter, value: str) -> datetime:
    """Return an aware datetime, not one to come; raise BadParameter for anything else."""
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is no date and time of ISO 8601") from None
    if instant.tzinfo is None:
        raise click.BadParameter(f"{value!r} needs its offset from UTC, such as +01:00 or Z")
    if instant > clock.now():
        raise click.BadParameter(f"{value!r} is still to come")
    return instant


@click.command("after-restore")
@click.option(
    "--taken-at",
    callback=read_instant,
    required=True,
    help="When the backup was taken, with its offset: 2026-11-24T03:00:00+01:00.",
)
@with_appcontext
def after_restore_command(taken_at: datetime) -> None:
    """Keep mails from leaving twice after a backup was restored; before anything is started.

    Every mail that was due by now and may have left since becomes unknown, and is listed here:
    whether to send it again is for staff to decide.
    """
    from booking.restore import (  # noqa: PLC0415 - serving needs none of it
        TakenAtError,
        leave_due_mails_to_staff,
    )

    try:
        with database_faults_told():
            messages = run_in_transaction(
                lambda session: leave_due_mails_to_staff(
                    taken_at=taken_at, now=clock.now(), session=session
                )
            )
    except TakenAtError as error:
        raise click.ClickException(
            f"This database knows of {error.newest.isoformat()}, so it is no backup taken at"
            f" {taken_at.isoformat()}. Nothing was changed."
        ) from error
    for message in messages:
        click.echo(_describe(message))
    click.echo(f"{len(messages)} mails may have left; they are unknown now.")


@click.command("list-undelivered")
@click.option(
    "--days",
    type=click.IntRange(min=1, max=3650),
    default=30,
    show_default=True,
    help="How far to look back.",
)
@with_appcontext
def list_undelivered_command(days: int) -> None:
    """List the mails that are tried no more and may never have arrived, each with the reason."""
    now = clock.now()
    with database_faults_told(), snapshot() as session:
        messages = find_undelivered(since=now - timedelta(days=days), now=now, session=session)
    for message in messages:
        click.echo(f"{_describe(message)}: {message.state.value}, {message.last_error}")
    click.echo(f"Mails that may never have arrived: {len(messages)}.")


@click.command("check-invariants")
@with_appcontext
def check_invariants_command() -> None:
    """Look for what must never be: double bookings, lost mails and the like; change nothing.

    Exit code 0: there is nothing of the kind. 1: each violation is a line. 2: it cannot be told.
    """
    from booking.invariants.check import find_violations  # noqa: PLC0415 - serving needs none of it

    lease = timedelta(seconds=current_app.extensions["config"].delivery_lease_seconds)
    try:
        with snapshot() as session:
            violations = list(find_violations(now=clock.now(), lease=lease, session=session))
    except DBAPIError as error:
        click.echo(
            f"Cannot tell: the database failed ({type(error.orig).__name__});"
            " has 'flask --app wsgi db upgrade' been run?",
            err=True,
        )
        sys.exit(CANNOT_TELL)
    for violation in violations:
        click.echo(violation)
    click.echo(f"Violations: {len(violations)}." if violations else "No violation.")
    sys.exit(min(len(violations), 1))


def _describe(message: Message) -> str:
    return (
        f"message {message.id}: {message.kind} to the {message.recipient.value}"
        f" about {message.subject}, due {message.due_at.isoformat()}"
    )
