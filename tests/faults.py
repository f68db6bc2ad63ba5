"""What may go wrong, and the tests that let it: `make faults` writes the list into the docs.

A test says ``@pytest.mark.fault("F6")`` for each fault that it causes.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from typing import TYPE_CHECKING

from tests.processes import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

FAULTS = {
    "F1": "a web process is killed before its commit",
    "F2": "a web process is killed after its commit, before the answer",
    "F3": "a worker is killed after it has claimed a mail",
    "F4": "a worker is killed inside DATA",
    "F5": "a worker is killed after the server's 250, before it notes that",
    "F6": "the mail server closes or falls silent after the final dot",
    "F7": "the mail server closes after 250, or misbehaves at QUIT",
    "F8": "the mail server is away, silent, or refuses for the moment",
    "F9": "the mail server refuses for good, one recipient or all",
    "F10": "the mail server takes connections and never speaks",
    "F11": "PostgreSQL dies under load and comes back, or its standby takes over",
    "F12": "somebody else keeps the database locked",
    "F13": "the disk is full",
    "F14": "the database is read-only",
    "F15": "the clock is set forward and back",
    "F16": "the clocks of a zone are switched",
    "F17": "all processes start at one moment",
    "F18": "one request comes twenty times at one moment",
    "F19": "fifty ask for one slot at one moment",
    "F20": "fifty ask for one time of a pool at one moment",
    "F21": "somebody books from a page that was fetched long ago",
    "F22": "one booking is moved and cancelled at one moment",
    "F23": "a booking is moved to a time that is taken",
    "F24": "clients send the beginning of their requests octet by octet",
    "F25": "no worker has lived for six hours",
    "F26": "a mail cannot be composed",
    "F31": "a process is told to stop while it is at work",
    "F32": "a backup is restored",
    "F34": "processes of this release work on the schema of the next",
    "F35": "processes compute with different time zone rules",
}
"""By the number that the tests name them with; it stays with its fault."""

PAGE = PROJECT / "docs" / "testing.md"
BEGIN = "<!-- faults: written by make faults -->\n"
END = "<!-- end of faults -->\n"


def find_tests() -> Mapping[str, Sequence[str]]:
    """Return the tests that cause each fault, as ``folder/file.py::test``."""
    found = defaultdict(list)
    for file in sorted((PROJECT / "tests").rglob("test_*.py")):
        for fault, test in _marks(file):
            found[fault].append(f"{file.relative_to(PROJECT / 'tests')}::{test}")
    return found


def write_table() -> str:
    """Return the list as a table."""
    tests = find_tests()
    rows = (
        f"| {fault} | {what} | {'<br>'.join(f'`{test}`' for test in tests[fault])} |\n"
        for fault, what in FAULTS.items()
    )
    return "".join(["| | what goes wrong | the tests that let it |\n|---|---|---|\n", *rows])


def put_into(page: str) -> str:
    """Return ``page`` with the list as it is now."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{write_table()}\n{END}{after}"


def _marks(file: Path) -> Iterator[tuple[str, str]]:
    for node in ast.parse(file.read_text()).body:
        for decorator in getattr(node, "decorator_list", []):
            if ast.unparse(decorator).startswith("pytest.mark.fault("):
                yield from ((argument.value, node.name) for argument in decorator.args)


if __name__ == "__main__":
    PAGE.write_text(put_into(PAGE.read_text()))
