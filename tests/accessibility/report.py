"""The table of what was measured, and its place in the documentation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.accessibility.states import STATES
from tests.processes import PROJECT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.accessibility.measure import Figures

PAGE = PROJECT / "docs" / "accessibility.md"
BEGIN = "<!-- states: written by make accessibility -->\n"
END = "<!-- end of states -->\n"
HEAD = """\
| state | what there is to see | status | axe violations | cookies | foreign requests | policy violations | kB |
|---|---|---|---|---|---|---|---|
"""  # noqa: E501 - a table's head is one line
ROW = re.compile(r"^\| ([a-z][a-z ]*) \| (.*?) \| \d{3} \|", re.MULTILINE)


def write_table(figures: Mapping[str, Figures], *, tools: Sequence[str]) -> str:
    """Return the table, with the tools that have measured it."""
    rows = (
        f"| {name} | {STATES[name].__doc__} | {of.status} | {of.inaccessible} | {of.cookies}"
        f" | {of.foreign_requests} | {of.policy_violations} | {of.compressed_bytes / 1000:.1f} |\n"
        for name, of in figures.items()
    )
    return "".join([f"Measured with {', '.join(tools)}.\n\n", HEAD, *rows])


def put_into(page: str, *, table: str) -> str:
    """Return ``page`` with this table."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table}\n{END}{after}"


def states_in(page: str) -> list[tuple[str, str]]:
    """Return the name and the description of every state that the page has figures of."""
    table = page.partition(BEGIN)[2].partition(END)[0]
    return ROW.findall(table)
