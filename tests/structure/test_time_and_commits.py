"""Time is read in one place and changes are committed in one place."""

import ast

import pytest

from tests.structure.sources import nodes, place, python_files

CLOCK = "booking/clock.py"
DATABASE = "booking/db.py"
WALL_TIME = {"time", "time_ns", "localtime", "gmtime"}


def test_time_is_read_in_the_clock_only() -> None:
    found = [
        place(path, node)
        for path in python_files()
        if not path.match(CLOCK)
        for node in nodes(path)
        if reads_time(node)
    ]

    assert found == []


def test_commits_stand_in_the_database_module_only() -> None:
    found = [
        place(path, node)
        for path in python_files()
        if not path.match(DATABASE)
        for node in nodes(path)
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    ]

    assert found == []


@pytest.mark.parametrize(
    "program",
    [
        "datetime.now(UTC)",
        "datetime.datetime.now()",
        "date.today()",
        "datetime.utcnow",
        "func.now()",
        "time.time()",
        "from time import time",
        "text('SELECT CURRENT_TIMESTAMP')",
    ],
)
def test_rule_sees_what_reads_time(program: str) -> None:
    assert any(reads_time(node) for node in ast.walk(ast.parse(program)))


def reads_time(node: ast.AST) -> bool:
    """Tell whether the node asks any clock but ours: Python's, the system's or the database's."""
    match node:
        case ast.Attribute(attr="utcnow" | "today"):
            return True
        case ast.Attribute(
            value=ast.Name(id="datetime" | "func") | ast.Attribute(attr="datetime"), attr="now"
        ):
            return True
        case ast.Attribute(value=ast.Name(id="time"), attr=attr):
            return attr in WALL_TIME
        case ast.ImportFrom(module="time", names=names):
            return any(alias.name in WALL_TIME for alias in names)
        case ast.Constant(value=str(text)):
            return "CURRENT_TIMESTAMP" in text
    return False
