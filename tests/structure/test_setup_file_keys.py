"""Every key of the setup file is written down, and no other."""

import re

from booking.setup_file.read import Setup
from booking.setup_file.rules import Table
from tests.structure.sources import PROJECT


def keys_of(table: type[Table]) -> set[str]:
    """Return the keys as they are spelled in the file."""
    return {field.alias or name for name, field in table.model_fields.items()}


def tables() -> list[type[Table]]:
    """Return every kind of table, directly or not a part of the file."""
    found = list(Table.__subclasses__())
    for table in found:
        found += table.__subclasses__()
    return found


def documented() -> str:
    """Return the part of the page that is about the setup file."""
    page = (PROJECT / "docs" / "configuration.md").read_text(encoding="utf-8")
    return page.partition("## Setup file")[2]


def test_keys_are_documented() -> None:
    keys = {key for table in tables() if table is not Setup for key in keys_of(table)}

    assert {key for key in keys if f"`{key}`" not in documented()} == set()


def test_tables_are_documented_as_they_are() -> None:
    heads = re.findall(r"^### `\[+(\w+)\]+`", documented(), flags=re.MULTILINE)
    rows = set(re.findall(r"^\| `(\w+)` \|", documented(), flags=re.MULTILINE))

    top = {table.__name__: keys_of(table) for table in tables()}
    assert set(heads) == keys_of(Setup)
    assert rows == top["OrganisationEntry"] | top["StaffEntry"] | top["EventTypeEntry"]
