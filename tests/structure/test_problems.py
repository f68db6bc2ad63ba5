"""Whatever can be refused has an answer: a status and words, in one table."""

import ast
import importlib

from booking.errors import BookingError
from booking.web.problem_table import FIELD_MESSAGES, PROBLEMS
from tests.structure.sources import module_name, nodes, python_files


def test_every_refusal_has_an_answer() -> None:
    for path in python_files():
        importlib.import_module(module_name(path))

    codes = {error.code for error in descendants(BookingError) if hasattr(error, "code")}

    assert codes - set(PROBLEMS) == set()


def test_every_fault_of_a_field_has_words() -> None:
    codes = {
        node.args[1].value
        for path in python_files()
        for node in nodes(path)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "FieldError"
        and len(node.args) > 1
        and isinstance(node.args[1], ast.Constant)
    }

    assert codes != set()
    assert codes - set(FIELD_MESSAGES) == set()


def descendants(error: type[BookingError]) -> set[type[BookingError]]:
    """Return every class that is derived from ``error``, at whatever remove."""
    children = set(error.__subclasses__())
    return children.union(*(descendants(child) for child in children))
