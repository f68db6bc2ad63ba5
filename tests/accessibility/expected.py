"""Which states' trees are compared, and the files in which the expected ones stand."""

from __future__ import annotations

from pathlib import Path

from tests.accessibility.states import STATES

FOLDER = Path(__file__).parent / "trees"

ELSEWHERE = frozenset({"rate limited", "failure", "unavailable"})
"""They need a server of their own; `make accessibility` goes there."""

EXPECTED = [*((name, "de") for name in STATES if name not in ELSEWHERE), ("field faults", "en")]


def file_of(name: str, *, locale: str) -> Path:
    """Return the file with the tree that is expected of a state in a language."""
    return FOLDER / f"{name.replace(' ', '-')}-{locale}.yaml"
