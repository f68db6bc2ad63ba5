"""Whatever refers to rows that become many can be found without reading its whole table."""

import pytest
from sqlalchemy import ForeignKeyConstraint, Table, UniqueConstraint

from booking.app import create_app  # noqa: F401 - with it, every table is known
from booking.db import Model

FEW = {"staff", "event_type"}
"""A company has some dozens of them, deletes none, and asks for all of a table at once."""

REFERENCES = [
    pytest.param(table, reference, id=f"{table.name}.{reference.column_keys[0]}")
    for table in Model.metadata.sorted_tables
    for reference in table.foreign_key_constraints
    if reference.referred_table.name not in FEW
]


@pytest.mark.parametrize(("table", "reference"), REFERENCES)
def test_reference_is_led_by_an_index(table: Table, reference: ForeignKeyConstraint) -> None:
    wanted = tuple(reference.column_keys)

    assert any(columns[: len(wanted)] == wanted for columns in complete_indexes(table))


def complete_indexes(table: Table) -> list[tuple[str, ...]]:
    """Return the columns of each index of all rows; one of some rows finds those alone."""
    keys = [part for part in table.constraints if isinstance(part, UniqueConstraint)]
    indexes = [part for part in table.indexes if part.dialect_options["sqlite"]["where"] is None]
    parts = (table.primary_key, *keys, *indexes)
    return [tuple(column.name for column in part.columns) for part in parts]
