"""What an operator can set is written down, and nothing else is."""

import dataclasses
import re

from config import Config
from tests.structure.sources import PROJECT

DOCUMENTED = (PROJECT / "docs" / "configuration.md").read_text
SETTINGS = {field.name.upper() for field in dataclasses.fields(Config)}


def test_settings_are_documented() -> None:
    documented = DOCUMENTED()

    assert {name for name in SETTINGS if f"`{name}`" not in documented} == set()


def test_documented_settings_exist() -> None:
    rows = re.findall(r"^\| `([A-Z][A-Z_]+)`", DOCUMENTED(), flags=re.MULTILINE)

    assert set(rows) - SETTINGS == set()


def test_settings_are_read_under_the_names_of_their_fields() -> None:
    source = (PROJECT / "config.py").read_text()

    assert {name for name in SETTINGS if f'"{name}"' not in source} == set()
