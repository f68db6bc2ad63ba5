"""What is asked of the database, and how it goes about it."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session


@contextmanager
def queries() -> Iterator[list[str]]:
    """Collect what is asked of any database meanwhile."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def plan_of(find: Callable[[], object], session: Session) -> str:
    """Return how the database carries out the last query of ``find``."""
    connection = session.connection()
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    find()
    event.remove(connection, "before_cursor_execute", note)
    is_postgresql = connection.dialect.name == "postgresql"
    how = "EXPLAIN (ANALYZE, FORMAT JSON) " if is_postgresql else "EXPLAIN QUERY PLAN "
    rows = connection.exec_driver_sql(how + asked[-1][0], asked[-1][1]).all()
    return json.dumps(rows[0][0]) if is_postgresql else str(rows)


def rows_read(plan: str) -> int:
    """Return how many rows PostgreSQL has read; SQLite stops at the page's end by its order."""
    if not plan.startswith("[{"):
        return 0
    node = json.loads(plan)[0]["Plan"]
    while "Plans" in node:
        node = node["Plans"][0]
    return int(node["Actual Rows"]) + int(node.get("Rows Removed by Filter", 0))
