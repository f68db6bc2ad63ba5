"""How a database goes about what it is asked."""

import json
from collections.abc import Callable

from sqlalchemy.orm import Session

from tests.statements import statements_on


def plan_of(find: Callable[[], object], session: Session) -> str:
    """Return how the database carries out the last query of ``find``."""
    connection = session.connection()
    with statements_on(connection) as asked:
        find()
    is_postgresql = connection.dialect.name == "postgresql"
    how = "EXPLAIN (ANALYZE, FORMAT JSON) " if is_postgresql else "EXPLAIN QUERY PLAN "
    rows = connection.exec_driver_sql(how + asked[-1].text, asked[-1].parameters).all()
    return json.dumps(rows[0][0]) if is_postgresql else str(rows)


def rows_read(plan: str) -> int:
    """Return how many rows PostgreSQL has read; SQLite stops at the page's end by its order."""
    if not plan.startswith("[{"):
        return 0
    node = json.loads(plan)[0]["Plan"]
    while "Plans" in node:
        node = node["Plans"][0]
    return int(node["Actual Rows"]) + int(node.get("Rows Removed by Filter", 0))
