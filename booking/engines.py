"""How the two databases are made to behave alike: time limits, transactions, passing troubles.

Knows no table and no session.
"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import contextmanager, nullcontext
from time import sleep
from typing import TYPE_CHECKING, Any

from sqlalchemy import event
from sqlalchemy.exc import IntegrityError

from booking.errors import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection, Engine
    from sqlalchemy.exc import DBAPIError

LOCK_TIMEOUT_SECONDS = 3
STATEMENT_TIMEOUT_SECONDS = 20
CONNECT_TIMEOUT_SECONDS = 5

# SQLite locks the whole database where PostgreSQL locks a row, so its queue may be longer.
SQLITE_TIMEOUT_SECONDS = 10

MOST_WAITING = 5
"""So many threads of a process wait for long until SQLite lets it write: fewer than it has, so that
some are left to read, and to say that it lives."""

# Deadlock, serialisation failure, lock timeout, statement timeout, a transaction that idled too
# long: a second try may succeed. Read-only: a server that has handed over to its standby.
PASSING_SQLSTATES = frozenset({"40P01", "40001", "55P03", "57014", "25P03", "25006"})
# No connection, no resources, the server is being shut down, its files or itself are damaged.
PASSING_CLASSES = ("08", "53", "57P", "58", "XX")
# No such table or column, no right to it: nobody has upgraded the database or granted it to us.
NOT_READY_SQLSTATES = frozenset({"42P01", "42703", "42501"})
# Somebody else writes, there is no room, the file is read-only, out of reach or damaged.
PASSING_SQLITE_NAMES = (
    "SQLITE_BUSY",
    "SQLITE_CANTOPEN",
    "SQLITE_CORRUPT",
    "SQLITE_FULL",
    "SQLITE_IOERR",
    "SQLITE_LOCKED",
    "SQLITE_NOTADB",
    "SQLITE_READONLY",
)

_sqlite_turn = threading.Lock()
_seats = threading.Semaphore(MOST_WAITING)
_is_stuck = threading.Event()


def engine_options(database_url: str) -> dict[str, Any]:
    """Return what the engine needs so that nothing waits for ever and no error quotes a row."""
    if database_url.startswith("sqlite"):
        return {
            "hide_parameters": True,
            "connect_args": {"timeout": SQLITE_TIMEOUT_SECONDS, "isolation_level": None},
        }
    timeouts = (
        f"-c lock_timeout={LOCK_TIMEOUT_SECONDS}s -c statement_timeout={STATEMENT_TIMEOUT_SECONDS}s"
        " -c idle_in_transaction_session_timeout=60s -c timezone=UTC"
    )
    return {
        "hide_parameters": True,
        "pool_pre_ping": True,
        "pool_size": 10,
        "max_overflow": 10,
        "pool_timeout": CONNECT_TIMEOUT_SECONDS,
        "pool_recycle": 300,
        "connect_args": {
            "connect_timeout": CONNECT_TIMEOUT_SECONDS,
            "tcp_user_timeout": CONNECT_TIMEOUT_SECONDS * 1000,
            "options": timeouts,
        },
    }


def prepare_engine(engine: Engine) -> None:
    """Give SQLite a write-ahead log, foreign keys and transactions that we begin ourselves."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: object) -> None:
        _use_write_ahead_log(connection)
        # FULL: what was acknowledged survives a power cut, not only a crash of the process.
        for pragma in ("synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")


def writing_turn(dialect: str) -> AbstractContextManager[None]:
    """Let the writers of this process go one by one where the database takes one at a time.

    SQLite's own waiting is a matter of luck: whoever looks at the right moment is next. Queueing
    up before it keeps the unlucky from waiting for ever. Once nobody's turn has come for a while,
    those who find many waiting are sent away at once.
    """
    return _queue_up() if dialect == "sqlite" else nullcontext()


def snapshot_options(dialect: str) -> dict[str, Any]:
    """Return how a transaction is begun that sees one moment; SQLite's see nothing else."""
    if dialect == "sqlite":
        return {}
    return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def is_passing(error: DBAPIError) -> bool:
    """Tell whether the fault is the database's, so that the same work may succeed later."""
    if isinstance(error, IntegrityError):
        return False
    sqlstate = getattr(error.orig, "sqlstate", None)
    if sqlstate is not None:
        return sqlstate in PASSING_SQLSTATES or sqlstate.startswith(PASSING_CLASSES)
    if name_fault(error).startswith(PASSING_SQLITE_NAMES):
        return True
    return error.connection_invalidated or "connection" in str(error.orig).lower()


def is_unusable(error: DBAPIError) -> bool:
    """Tell whether nobody could work with the database as it is, until an operator mends it."""
    return getattr(error.orig, "sqlstate", None) in NOT_READY_SQLSTATES or is_passing(error)


def name_fault(error: DBAPIError) -> str:
    """Return what the database calls the error: its SQLSTATE, SQLite's name, or its class."""
    names = (getattr(error.orig, name, None) for name in ("sqlstate", "sqlite_errorname"))
    return next((name for name in names if name), type(error.orig).__name__)


def is_worth_another_try(error: DBAPIError) -> bool:
    """Tell whether the same work, done again at once, may well succeed.

    SQLite has waited for its lock already, and whatever else it lacks is not there a moment later.
    """
    return is_passing(error) and not isinstance(error.orig, sqlite3.Error)


@contextmanager
def _queue_up() -> Iterator[None]:
    if not _wait_for_the_turn():
        raise UnavailableError
    _is_stuck.clear()
    try:
        yield
    finally:
        _sqlite_turn.release()


def _wait_for_the_turn() -> bool:
    """Tell whether it has come; False where the wait was too long, or none was worth while."""
    if _seats.acquire(blocking=False):
        try:
            return _sqlite_turn.acquire(timeout=SQLITE_TIMEOUT_SECONDS)
        finally:
            _seats.release()
    if _is_stuck.is_set():
        return False
    has_come = _sqlite_turn.acquire(timeout=LOCK_TIMEOUT_SECONDS)
    if not has_come:
        _is_stuck.set()
    return has_come


def _use_write_ahead_log(connection: Any) -> None:
    """Switch over, once and for all; SQLite itself does not wait where two processes do so."""
    tries = LOCK_TIMEOUT_SECONDS * 20
    for left in reversed(range(tries)):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if not left or "locked" not in str(error):
                raise
            sleep(1 / 20)
        else:
            return
