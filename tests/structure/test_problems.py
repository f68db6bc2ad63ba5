"""Whatever can be refused has an answer: a status and words, in one table."""

import ast
import importlib

from booking.errors import BookingError
from booking.fields.read import CODES
from booking.setup_file.faults import PROBLEMS as SETUP_FILE_PROBLEMS
from booking.web.field_messages import FIELD_MESSAGES, LIMIT_MESSAGES
from booking.web.problem_table import PROBLEMS
from tests.structure.sources import module_name, nodes, python_files

PYDANTIC = {
    *("string_type", "int_type", "bool_type", "list_type", "dict_type", "model_type"),
    *("date_type", "datetime_type", "too_short", "too_long"),
}
"""Its own words for what it finds in a setup file by itself."""


def test_every_refusal_has_an_answer() -> None:
    for path in python_files():
        importlib.import_module(module_name(path))

    codes = {error.code for error in descendants(BookingError) if hasattr(error, "code")}

    assert codes - set(PROBLEMS) == set()


def test_every_fault_of_a_field_has_words() -> None:
    told_as = {CODES.get(code, code) for code in constants_given_to("fault", place=0)}
    codes = constants_given_to("FieldError", place=1) | told_as

    assert codes != set()
    assert codes - {*FIELD_MESSAGES, *LIMIT_MESSAGES} == set()


def test_every_fault_of_a_field_has_words_in_a_setup_file() -> None:
    codes = constants_given_to("fault", place=0, file="fields/rules.py")

    assert codes != set()
    assert codes - set(SETUP_FILE_PROBLEMS) == {"locale"}
    assert set(SETUP_FILE_PROBLEMS) - codes - set(CODES) - PYDANTIC == set()


def constants_given_to(function: str, *, place: int, file: str = "") -> set[str]:
    """Return every literal text that is handed to ``function`` at ``place``."""
    return {
        str(node.args[place].value)
        for path in python_files()
        if path.as_posix().endswith(file)
        for node in nodes(path)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == function
        and len(node.args) > place
        and isinstance(node.args[place], ast.Constant)
    }


def descendants(error: type[BookingError]) -> set[type[BookingError]]:
    """Return every class that is derived from ``error``, at whatever remove."""
    children = set(error.__subclasses__())
    return children.union(*(descendants(child) for child in children))
