"""The rules that no tool knows: sizes, names, and what stands where."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.structure.sources import PACKAGE, nodes, place, python_files

MOST_LINES = 300
DRAWERS = {"utils.py", "helpers.py", "common.py", "service.py"}
WORDS_NOT_OURS = {"appointment", "client", "customer", "agent", "event"}


def test_files_are_short() -> None:
    lengths = {path: len(path.read_text().splitlines()) for path in python_files()}

    assert {path: lines for path, lines in lengths.items() if lines > MOST_LINES} == {}


def test_files_are_named_after_what_they_do() -> None:
    assert [path for path in python_files() if path.name in DRAWERS] == []


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("__init__.py")), ids=str)
def test_package_init_is_a_docstring_and_nothing_else(path: Path) -> None:
    body = ast.parse(path.read_text()).body

    assert [type(statement) for statement in body] == [ast.Expr]
    assert ast.get_docstring(ast.Module(body=body, type_ignores=[]))


def test_packages_all_have_an_init() -> None:
    folders = {path.parent for path in python_files()}

    assert [folder for folder in folders if not (folder / "__init__.py").is_file()] == []


def test_identifiers_use_our_words() -> None:
    found = [
        f"{place(path, node)} {name}"
        for path in python_files()
        for node in nodes(path)
        for name in names_defined_by(node)
        if words_of(name) & words_not_ours(path)
    ]

    assert found == []


def words_not_ours(path: Path) -> set[str]:
    """Return the words that are no synonyms here.

    In an invite an event is a VEVENT (RFC 5545), in the log it is what structlog calls an entry.
    """
    if path.parent.name == "invites" or path.name == "logs.py":
        return WORDS_NOT_OURS - {"event"}
    return WORDS_NOT_OURS


def names_defined_by(node: ast.AST) -> Iterator[str]:
    """Yield the names that a statement makes up; names that a library made are not our choice."""
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()):
            yield name
        case ast.Attribute(attr=name, ctx=ast.Store()):
            yield name


def words_of(name: str) -> set[str]:
    """Return the words of an identifier in lower case; an event type is a word of its own."""
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    return set(re.sub(r"event_types?", "", snake).split("_"))
