"""Loads a setup file into the database: all or nothing, and nothing where nothing differs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from booking.setup_file.faults import SetupFileError
from booking.setup_file.home_language import slugs_without_texts
from booking.setup_file.load_event_types import load_event_types
from booking.setup_file.load_organisation import load_organisation
from booking.setup_file.load_staff import load_staff
from booking.setup_file.read import read_setup
from booking.setup_file.stored import find_stored

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy.orm import Session

    from booking.setup_file.changes import Change

LOADING_LOCK = 4_711_003


def load_setup(path: Path, *, now: datetime, session: Session) -> list[Change]:
    """Make the database say what the setup file at ``path`` says; return what was changed.

    Who is not named is left alone and nothing is deleted, but the lists of one who is named are
    replaced.

    Raises:
        SetupFileError: something is wrong with the file; nothing was changed.
    """
    _take_turns(session)
    setup = read_setup(path, stored=find_stored(session))
    changes = []
    if setup.organisation is not None:
        changes += load_organisation(setup.organisation, now=now, session=session)
    changes += load_staff(setup.staff, now=now, session=session)
    changes += load_event_types(setup.event_types, now=now, session=session)
    if setup.organisation is not None:
        _require_texts(path, locale=setup.organisation.locale, session=session)
    return changes


def _require_texts(path: Path, *, locale: str, session: Session) -> None:
    """Insist that event types that the file does not name have the organisation's language too."""
    lacking = ", ".join(slugs_without_texts(locale, session=session))
    if lacking:
        where = f'{path}: organisation.locale = "{locale}"'
        raise SetupFileError([f"{where}: event types of the database lack it: {lacking}"])


def _take_turns(session: Session) -> None:
    """Wait for another load to end; on SQLite the transaction itself has done so."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOADING_LOCK})
