"""Runs a demonstration of the whole service on this machine; ``make run`` calls it.

It makes a secret key of its own, brings the database to head, loads the example company if there
is none yet, and then serves pages and sends mails (into files) until Ctrl-C or SIGTERM.
"""  # noqa: INP001 - a script, no package

from __future__ import annotations

import os
import secrets
import sys
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask_migrate import upgrade
from sqlalchemy import inspect, select, text

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from booking import clock  # noqa: E402 - Python finds it from here on
from booking.accounts.links import (  # noqa: E402 - likewise
    address_of_link,
    issue_link,
)
from booking.accounts.models import LinkPurpose  # noqa: E402 - likewise
from booking.db import db, run_in_transaction  # noqa: E402 - likewise
from booking.organisation.models import ORGANISATION_ID, Organisation  # noqa: E402 - likewise
from booking.serve import serve  # noqa: E402 - likewise
from booking.setup_file.load import load_setup  # noqa: E402 - likewise
from booking.staff.models import Role, Staff  # noqa: E402 - likewise

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from flask import Flask
    from sqlalchemy.orm import Session

EXAMPLE = PROJECT / "examples" / "demo.toml"
MARK = "demonstration"
"""The file in the instance folder that says which database is none to be careful with."""

LINKED_AS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - not bound here
"""Addresses that stand for all of a machine's own, and one of those that a link can name."""


def main() -> None:
    """Prepare everything, say where to look, and serve."""
    set_environment(os.environ)
    from wsgi import app  # noqa: PLC0415 - importing it reads the environment

    prepare_database(app)
    config = app.extensions["config"]
    welcome = (
        "\nHalbstunde is running.\n\n"
        f"  Book a demo:     {config.base_url}/\n"
        f"  Read the mails:  {config.base_url}/dev/mails\n"
        f"  See the demos:   {new_sign_in_link(app)}\n\n"
        f"Its data lies in {config.instance_dir}. Press Ctrl-C to stop.\n"
    )
    try:
        serve(
            app,
            host=config.host,
            port=config.port,
            with_worker=True,
            when_listening=lambda: click.echo(welcome),
        )
    except OSError as error:
        sys.exit(
            f"Cannot listen on HOST {config.host}, PORT {config.port}: {error.strerror}."
            " Try another one: make run PORT=8001"
        )


def set_environment(environ: MutableMapping[str, str]) -> None:
    """Set what a demonstration needs, unless the operator has; an empty setting counts as none."""
    host = environ.get("HOST") or "127.0.0.1"
    host = LINKED_AS.get(host, host)
    name = f"[{host}]" if ":" in host else host
    instance_dir = environ.get("INSTANCE_DIR") or str(PROJECT / "instance")
    environ["DEMO"] = "on"
    environ["INSTANCE_DIR"] = instance_dir
    if not environ.get("SECRET_KEY"):
        environ["SECRET_KEY"] = kept_secret_key(Path(instance_dir) / "secret_key")
    if not environ.get("BASE_URL"):
        environ["BASE_URL"] = f"http://{name}:{environ.get('PORT') or '8000'}"


def kept_secret_key(path: Path) -> str:
    """Return the key in the file ``path``, which only its owner may read; at first, make one."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48), encoding="ascii")
    return path.read_text(encoding="ascii")


def prepare_database(app: Flask) -> None:
    """Bring the database to head, and load the example if it says nothing yet."""
    with app.app_context():
        if not is_demonstration(app) and has_company():
            sys.exit(
                "This database belongs to an installation; a demonstration would write its mails"
                " into files. Give it a folder of its own: INSTANCE_DIR=/path make run"
            )
        mark_demonstration(app)
        upgrade()
        run_in_transaction(load_example_into_empty)


def mark_demonstration(app: Flask) -> None:
    """Write down that the database of ``app`` is one to try things with."""
    (app.extensions["config"].instance_dir / MARK).write_text(_name_database(app), "ascii")


def is_demonstration(app: Flask) -> bool:
    """Tell whether that was written down of this very database."""
    mark = app.extensions["config"].instance_dir / MARK
    return mark.exists() and mark.read_text("ascii") == _name_database(app)


def _name_database(app: Flask) -> str:
    """Return what tells databases apart, without a secret; their folder may be moved."""
    config = app.extensions["config"]
    return sha256(config.database_url.replace(str(config.instance_dir), "").encode()).hexdigest()


def new_sign_in_link(app: Flask) -> str:
    """Return a link that signs an administrator in, if there is one, once and within an hour."""
    installation = app.extensions["installation"]

    def work(session: Session) -> str:
        admin = session.scalars(
            select(Staff)
            .where(Staff.active)
            .order_by((Staff.role == Role.ADMIN).desc(), Staff.id)
            .limit(1)
        ).one()
        link = issue_link(
            admin,
            purpose=LinkPurpose.INVITATION,
            now=clock.now(),
            session=session,
            installation=installation,
        )
        return address_of_link(link, installation=installation)

    with app.app_context():
        return run_in_transaction(work)


def has_company() -> bool:
    """Tell whether the database, of whatever revision, holds a company already."""
    if not inspect(db.engine).has_table(Organisation.__tablename__):
        return False
    return bool(db.session.execute(text("SELECT count(*) FROM organisation")).scalar())


def load_example_into_empty(session: Session) -> None:
    """Load the example company, unless there is one already."""
    if session.get(Organisation, ORGANISATION_ID) is None:
        load_setup(EXAMPLE, now=clock.now(), session=session)
        click.echo(f"Loaded {EXAMPLE}.")


if __name__ == "__main__":
    main()
