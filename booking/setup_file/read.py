"""Reads a setup file and says everything that is wrong with it at once; changes nothing."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from pydantic import Field, ValidationError

from booking.setup_file.event_type_entry import EventTypeEntry
from booking.setup_file.faults import SetupFileError, faults_of
from booking.setup_file.organisation_entry import OrganisationEntry
from booking.setup_file.references import find_misfits
from booking.setup_file.rules import Stored, Surroundings, Table
from booking.setup_file.staff_entry import StaffEntry

if TYPE_CHECKING:
    from pathlib import Path


class Setup(Table):
    """A whole setup file, checked."""

    organisation: OrganisationEntry | None = None
    """None: the database's stays as it is."""
    staff: list[StaffEntry] = Field(default_factory=list)
    event_types: list[EventTypeEntry] = Field(default_factory=list)


def read_setup(path: Path, *, stored: Stored) -> Setup:
    """Return what the file at ``path`` says.

    Raises:
        SetupFileError: it cannot be read, or something in it is wrong or does not fit ``stored``.
    """
    document = _parse(path)
    setup, faults = None, find_misfits(document, stored=stored)
    try:
        around = Surroundings(folder=path.parent, notices=stored.notices)
        setup = Setup.model_validate(document, context=around)
    except ValidationError as error:
        faults = [*faults_of(error), *faults]
    if setup is None or faults:
        raise SetupFileError([f"{path}: {fault}" for fault in faults])
    return setup


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SetupFileError([f"{path}: cannot be read: {error.strerror}"]) from error
    except UnicodeDecodeError as error:
        raise SetupFileError([f"{path}: is not UTF-8 text"]) from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SetupFileError([f"{path}: is not valid TOML: {error}"]) from error
    except ValueError as error:
        # Python reads no number of more than some thousand digits.
        raise SetupFileError([f"{path}: holds a number of too many digits"]) from error
