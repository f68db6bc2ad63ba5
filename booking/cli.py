"""The commands of ``flask --app wsgi``, beside those that Flask and Flask-Migrate bring."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import DBAPIError

from booking import clock
from booking.db import run_in_transaction
from booking.errors import UnavailableError
from booking.setup_file.faults import SetupFileError

if TYPE_CHECKING:
    from flask import Flask

FAULTY_INPUT = 2
"""Exit code where the operator's own input is at fault, as of a wrong option."""


def register_commands(app: Flask) -> None:
    """Add every command to ``app``."""
    for command in (load_setup_command, serve_command, worker_command):
        app.cli.add_command(command)


@click.command("load-setup")
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def load_setup_command(file: Path) -> None:
    """Load a setup FILE: all of it or nothing; loading it twice changes nothing."""
    from booking.setup_file.load import load_setup  # noqa: PLC0415 - serving needs none of it

    try:
        changes = run_in_transaction(
            lambda session: load_setup(file, now=clock.now(), session=session)
        )
    except SetupFileError as error:
        for fault in error.faults:
            click.echo(fault, err=True)
        click.echo("Nothing was changed.", err=True)
        sys.exit(FAULTY_INPUT)
    except UnavailableError as error:
        raise click.ClickException("The database is away or too busy; nothing changed.") from error
    except DBAPIError as error:
        raise click.ClickException(
            "The database refused; has 'flask --app wsgi db upgrade' been run? Nothing was changed."
        ) from error
    for change in changes:
        click.echo(change)
    click.echo(f"Loaded {file}." if changes else f"{file} changes nothing.")


@click.command("serve")
@click.option("--with-worker", is_flag=True, help="Send mails and reminders from here, too.")
@with_appcontext
def serve_command(*, with_worker: bool) -> None:
    """Serve pages and API on HOST and PORT until SIGTERM or SIGINT."""
    from booking.serve import serve  # noqa: PLC0415 - the other commands need no web server

    config = current_app.extensions["config"]
    try:
        serve(_app(), host=config.host, port=config.port, with_worker=with_worker)
    except OSError as error:
        raise click.ClickException(
            f"Cannot listen on HOST {config.host}, PORT {config.port}: {error.strerror}."
        ) from error


@click.command("worker")
@with_appcontext
def worker_command() -> None:
    """Send mails and reminders until SIGTERM or SIGINT; any number may run, anywhere."""
    from booking.jobs import run_worker  # noqa: PLC0415 - a web process needs no scheduler

    sys.exit(run_worker(_app()))


def _app() -> Flask:
    """Return the application itself: threads cannot see through the proxy."""
    return cast("Flask", current_app._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001 - Flask documents it for this
