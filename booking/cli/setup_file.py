"""The commands that load a setup file, and write one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask.cli import with_appcontext

from booking import clock
from booking.bookings.closed_demos import find_demos_on_closed_days
from booking.cli.database_faults import database_faults_told
from booking.db import run_in_transaction, snapshot
from booking.errors import NotFoundError
from booking.setup_file.faults import SetupFileError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from booking.setup_file.changes import Change
    from booking.setup_file.dump import Dump

FAULTY_INPUT = 2
"""Exit code where the operator's own input is at fault, as of a wrong option."""


@click.command("load-setup")
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def load_setup_command(file: Path) -> None:
    """Load a setup FILE: all of it or nothing; loading it twice changes nothing."""
    try:
        with database_faults_told():
            changes, closed_demos = run_in_transaction(lambda session: _load(file, session=session))
    except SetupFileError as error:
        for fault in error.faults:
            click.echo(fault, err=True)
        click.echo("Nothing was changed.", err=True)
        sys.exit(FAULTY_INPUT)
    for change in changes:
        click.echo(change)
    if closed_demos:
        click.echo(f"Booked demos on days that are closed now: {closed_demos}. They stay booked.")
    click.echo(f"Loaded {file}." if changes else f"{file} changes nothing.")


def _load(file: Path, *, session: Session) -> tuple[list[Change], int]:
    """Return what was changed, and how many booked demos lie on days that this has closed."""
    from booking.setup_file.load import load_setup  # noqa: PLC0415 - serving needs none of it

    now = clock.now()
    closed_before = find_demos_on_closed_days(now=now, session=session)
    changes = load_setup(file, now=now, session=session)
    closed = find_demos_on_closed_days(now=now, session=session)
    return changes, len(closed - closed_before)


@click.command("dump-setup")
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write it there, with the logo beside it; without this, print it.",
)
@click.option("--overwrite", is_flag=True, help="Replace what is there already.")
@with_appcontext
def dump_setup_command(output: Path | None, *, overwrite: bool) -> None:
    """Write the present state as a setup file: loading it changes nothing."""
    dump = _dump()
    if output is None:
        click.echo(dump.text, nl=False)
        if dump.logo is not None:
            click.echo(f"{dump.logo_name} is not part of this: --output writes it, too.", err=True)
        return
    files = {output: dump.text.encode()}
    if dump.logo is not None:
        files[output.with_name(str(dump.logo_name))] = dump.logo
    existing = [path for path in files if path.exists()]
    if existing and not overwrite:
        for path in existing:
            click.echo(f"{path} is there already: --overwrite replaces it.", err=True)
        sys.exit(FAULTY_INPUT)
    for path, content in files.items():
        _write(path, content)


def _dump() -> Dump:
    from booking.setup_file.dump import dump_setup  # noqa: PLC0415 - serving needs none of it

    try:
        with database_faults_told(), snapshot() as session:
            return dump_setup(session=session)
    except NotFoundError:
        click.echo("Nothing has been set up yet.", err=True)
        sys.exit(FAULTY_INPUT)


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        click.echo(f"{path} cannot be written: {error.strerror}", err=True)
        sys.exit(FAULTY_INPUT)
    click.echo(f"Wrote {path}.")
