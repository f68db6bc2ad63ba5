"""Whatever is recorded in the history can be told: by one table, in which nothing is left over."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

from booking.db import db
from booking.web.staff.history_labels import ACTIONS, SUBJECT_KINDS, SUBJECTS
from tests.structure.sources import module_name, nodes, python_files


def test_everything_that_is_recorded_has_a_label() -> None:
    recorded = {action for path in python_files() for action in actions_recorded_in(path)}

    assert recorded != set()
    assert recorded == set(ACTIONS)


def test_subjects_are_tables() -> None:
    for path in python_files():
        importlib.import_module(module_name(path))

    assert set(SUBJECTS) == set(SUBJECT_KINDS)
    assert set(SUBJECTS) - set(db.metadata.tables) == set()


def actions_recorded_in(path: Path) -> Iterator[str]:
    """Yield the first argument of every call of a function called so, as text."""
    for node in nodes(path):
        if isinstance(node, ast.Call) and is_record(node.func) and node.args:
            match node.args[0]:
                case ast.Constant(value=str(action)):
                    yield action
                case ast.Name(id=name) if name.isupper():
                    yield getattr(importlib.import_module(module_name(path)), name)


def is_record(function: ast.expr) -> bool:
    match function:
        case ast.Name(id="record" | "_record") | ast.Attribute(attr="record"):
            return True
    return False
