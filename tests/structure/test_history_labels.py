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
    """Yield every text that is recorded as an action, or handed on to be."""
    for node in nodes(path):
        if not isinstance(node, ast.Call):
            continue
        for given in (*(node.args[:1] if is_record(node.func) else ()), *named_actions(node)):
            match given:
                case ast.Constant(value=str(action)):
                    yield action
                case ast.Name(id=name) if name.isupper():
                    yield getattr(importlib.import_module(module_name(path)), name)


def named_actions(call: ast.Call) -> list[ast.expr]:
    """Return what is handed on as an ``action`` to be recorded."""
    return [keyword.value for keyword in call.keywords if keyword.arg == "action"]


def is_record(function: ast.expr) -> bool:
    match function:
        case ast.Name(id="record" | "_record") | ast.Attribute(attr="record"):
            return True
    return False
