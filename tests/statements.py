"""Notes what is asked of a database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, event


class Statement(NamedTuple):
    """What was executed, and with which values."""

    text: str
    parameters: Any


@contextmanager
def statements_on(target: Engine | Connection | type[Engine]) -> Iterator[list[Statement]]:
    """Collect the statements that are executed meanwhile; ``Engine`` itself stands for any."""
    statements: list[Statement] = []

    def note(_connection: Any, _cursor: Any, text: str, parameters: Any, *_: Any) -> None:
        statements.append(Statement(text, parameters))

    event.listen(target, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(target, "before_cursor_execute", note)
