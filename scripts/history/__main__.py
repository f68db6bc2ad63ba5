"""Fills an empty database with a year: `python -m scripts.history`; ``make demo-history`` calls it.

BOOKINGS (5000) says how many are made, DAYS (365) in how many days up to now, SEED (1) by whom.
"""

from __future__ import annotations

import logging
import os
import sys
from datetime import timedelta
from random import Random

import click
from flask_migrate import upgrade

from booking import clock
from booking.db import run_in_transaction
from booking.setup_file.load import load_setup
from scripts.history.company import write_setup
from scripts.history.life import History
from scripts.run_demo import has_company, mark_demonstration, set_environment


def main() -> None:
    """Live the year; refuse a database that holds a company already."""
    set_environment(os.environ)
    from wsgi import app  # noqa: PLC0415 - importing it reads the environment

    logging.disable(logging.WARNING)
    end = clock.now()
    start = end - timedelta(days=_number("DAYS", 365))
    bookings = _number("BOOKINGS", 5000)
    setup = app.extensions["config"].instance_dir / "history.toml"
    with app.app_context():
        if has_company():
            sys.exit("There is a company in this database already; nothing was changed.")
        setup.write_text(write_setup(start=start), encoding="utf-8")
        upgrade()
        mark_demonstration(app)
        run_in_transaction(lambda session: load_setup(setup, now=start, session=session))
        random = Random(_number("SEED", 1))  # noqa: S311 - nothing is kept secret here
        History(app, random, start, end, bookings).live()
    click.echo(f"Lived from {start:%Y-%m-%d} to {end:%Y-%m-%d}: {bookings} have tried to book.")


def _number(name: str, default: int) -> int:
    return int(os.environ.get(name) or default)


main()
