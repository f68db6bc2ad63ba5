"""Setup files to start a test from, and what the reader makes of them."""

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

from booking.setup_file.faults import SetupFileError
from booking.setup_file.read import Setup, read_setup
from booking.setup_file.rules import Stored

EMPTY = Stored(addresses=frozenset(), notices={}, locale=None)

ORGANISATION = """
[organisation]
name = "Beispiel KI GmbH"
time_zone = "Europe/Berlin"
locale = "de"
contact_email = "kontakt@beispiel.example"
imprint_url = "https://beispiel.example/impressum"
privacy_url = "https://beispiel.example/datenschutz"
imprint_text = "Beispiel KI GmbH · Musterweg 1 · 10115 Berlin"
"""
STAFF = """
[[staff]]
email = "anna@beispiel.example"
name = "Anna Müller"
time_zone = "Europe/Berlin"
"""
EVENT_TYPE = """
[[event_types]]
slug = "demo"
title = { de = "Produktdemo" }
hosts = [{ email = "anna@beispiel.example" }]
"""


def write(folder: Path, *parts: str) -> Path:
    """Write a setup file of ``parts``."""
    path = folder / "setup.toml"
    path.write_text("\n".join(dedent(part) for part in parts), encoding="utf-8")
    return path


def read(folder: Path, *parts: str, stored: Stored = EMPTY) -> Setup:
    """Return what a file of ``parts`` says."""
    return read_setup(write(folder, *parts), stored=stored)


def faults_in(folder: Path, *parts: str, stored: Stored = EMPTY) -> list[str]:
    """Return what is wrong with a file of ``parts``, without its name; nothing if it is right."""
    path = write(folder, *parts)
    try:
        read_setup(path, stored=stored)
    except SetupFileError as error:
        return [fault.removeprefix(f"{path}: ") for fault in error.faults]
    return []


def knowing(
    *addresses: str,
    notices: Mapping[str, Mapping[str, str]] | None = None,
    locale: str | None = "de",
) -> Stored:
    """Return a database that knows these staff."""
    return Stored(addresses=frozenset(addresses), notices=notices or {}, locale=locale)
