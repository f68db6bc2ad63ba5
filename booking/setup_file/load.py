"""Loads a setup file into the database: all or nothing, and nothing where nothing differs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select, text

from booking.organisation.models import ORGANISATION_ID, Organisation, PrivacyNotice
from booking.setup_file.load_event_types import load_event_types
from booking.setup_file.load_organisation import load_organisation
from booking.setup_file.load_staff import load_staff
from booking.setup_file.read import read_setup
from booking.setup_file.rules import Stored
from booking.staff.models import Staff

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
    return changes


def _take_turns(session: Session) -> None:
    """Wait for another load to end; on SQLite the transaction itself has done so."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOADING_LOCK})


def find_stored(session: Session) -> Stored:
    """Return what files and forms may refer to."""
    organisation = session.get(Organisation, ORGANISATION_ID)
    notices = session.execute(select(PrivacyNotice.version, PrivacyNotice.texts))
    return Stored(
        addresses=frozenset(session.scalars(select(func.lower(Staff.email)))),
        notices=dict(notices.all()),
        locale=None if organisation is None else organisation.locale,
    )
