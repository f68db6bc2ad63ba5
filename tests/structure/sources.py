"""The product's own source files, as the rules of the house look at them."""

import ast
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PACKAGE = PROJECT / "booking"


def python_files() -> list[Path]:
    """Return every Python file of the package, by path."""
    return sorted(PACKAGE.rglob("*.py"))


def module_name(path: Path) -> str:
    """Return the dotted name of a Python file of the package."""
    parts = path.relative_to(PROJECT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def nodes(path: Path) -> Iterator[ast.AST]:
    """Yield every node of the file's syntax tree."""
    yield from ast.walk(ast.parse(path.read_text()))


def place(path: Path, node: ast.AST) -> str:
    """Return ``file:line`` of a node, as an editor understands it."""
    return f"{path.relative_to(PROJECT)}:{getattr(node, 'lineno', 1)}"
