"""The commands that run until they are stopped: web server and worker."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, cast

import click
from flask import current_app
from flask.cli import with_appcontext

if TYPE_CHECKING:
    from flask import Flask


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
