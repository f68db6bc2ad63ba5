"""What an operator is told when the database does not do what a command asks of it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
from sqlalchemy.exc import DBAPIError

from booking.errors import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def database_faults_told() -> Iterator[None]:
    """Raise ClickException, with what to do, for a transaction that the database did not take."""
    try:
        yield
    except UnavailableError as error:
        raise click.ClickException("The database is away or too busy; nothing changed.") from error
    except DBAPIError as error:
        raise click.ClickException(
            "The database refused; has 'flask --app wsgi db upgrade' been run? Nothing was changed."
        ) from error
