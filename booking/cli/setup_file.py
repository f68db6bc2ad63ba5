"""The command that loads a setup file."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from booking import clock
from booking.cli.database_faults import database_faults_told
from booking.db import run_in_transaction
from booking.setup_file.faults import SetupFileError

FAULTY_INPUT = 2
"""Exit code where the operator's own input is at fault, as of a wrong option."""


@click.command("load-setup")
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def load_setup_command(file: Path) -> None:
    """Load a setup FILE: all of it or nothing; loading it twice changes nothing."""
    from booking.setup_file.load import load_setup  # noqa: PLC0415 - serving needs none of it

    try:
        with database_faults_told():
            changes = run_in_transaction(
                lambda session: load_setup(file, now=clock.now(), session=session)
            )
    except SetupFileError as error:
        for fault in error.faults:
            click.echo(fault, err=True)
        click.echo("Nothing was changed.", err=True)
        sys.exit(FAULTY_INPUT)
    for change in changes:
        click.echo(change)
    click.echo(f"Loaded {file}." if changes else f"{file} changes nothing.")
