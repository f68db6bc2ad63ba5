"""The database: types, engine settings and the unit of work.

Answers how rows are stored and when they are committed; knows no table. Nothing else in the
package commits.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from datetime import UTC, datetime
from time import sleep
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    Enum,
    Integer,
    MetaData,
    String,
    TypeDecorator,
    event,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import DeclarativeBase, mapped_column, registry

from booking.errors import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from enum import StrEnum

    from sqlalchemy import Connection, Engine
    from sqlalchemy.orm import Session

T = TypeVar("T")

LOCK_TIMEOUT_SECONDS = 3
STATEMENT_TIMEOUT_SECONDS = 20
CONNECT_TIMEOUT_SECONDS = 5

# Deadlock, serialisation failure, lock timeout, statement timeout: a second try may succeed.
PASSING_SQLSTATES = frozenset({"40P01", "40001", "55P03", "57014"})

NAMING_CONVENTION = {
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware UTC in Python, ``timestamptz`` on PostgreSQL, fixed-width text on SQLite.

    The text sorts as the instants do, so that triggers may compare it. Naive datetimes are refused.
    """

    impl = String(27)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Choose the column type: PostgreSQL knows instants, SQLite does not."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(String(27))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Convert to UTC; raise ValueError for a naive datetime."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime is no instant")
        instant = value.astimezone(UTC)
        if dialect.name == "postgresql":
            return instant
        return instant.strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Return aware UTC whatever zone the connection is in."""
        if value is None:
            return None
        if dialect.name == "postgresql":
            return value.astimezone(UTC)  # type: ignore[no-any-return]  # the driver's own datetime
        return datetime.strptime(value, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


Key = Annotated[int, mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)]
Reference = BigInteger().with_variant(Integer, "sqlite")
Json = JSON().with_variant(JSONB, "postgresql")


class Base(DeclarativeBase):
    """Names every constraint by one convention and maps ``datetime`` to instants."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMING_CONVENTION),
        type_annotation_map={datetime: UtcDateTime},
    )


db = SQLAlchemy(
    model_class=Base,
    disable_autonaming=True,
    session_options={"expire_on_commit": False},
)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


def text_enum(members: type[StrEnum], *, name: str) -> Enum:
    """Return a text column type that holds the members' values, guarded by a CHECK ``name``."""
    return Enum(
        members,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=20,
        values_callable=lambda enum: [member.value for member in enum],
    )


def engine_options(database_url: str) -> dict[str, Any]:
    """Return what the engine needs so that nothing waits for ever."""
    if database_url.startswith("sqlite"):
        return {"connect_args": {"timeout": LOCK_TIMEOUT_SECONDS, "isolation_level": None}}
    timeouts = (
        f"-c lock_timeout={LOCK_TIMEOUT_SECONDS}s -c statement_timeout={STATEMENT_TIMEOUT_SECONDS}s"
        " -c idle_in_transaction_session_timeout=60s -c timezone=UTC"
    )
    return {
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


def _use_write_ahead_log(connection: Any) -> None:
    """Switch over, once and for all; SQLite itself does not wait where two processes do so."""
    tries = LOCK_TIMEOUT_SECONDS * 20
    for left in reversed(range(tries)):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if not left:
                raise
            sleep(1 / 20)
        else:
            return


@contextmanager
def transaction() -> Iterator[Session]:
    """Open the unit of work of one change; commit at its end, roll back on any error.

    SQLite takes its write lock at once (BEGIN IMMEDIATE), which is ignored silently inside a
    session that has already read; such a session is refused.
    """
    session = db.session()
    if session.in_transaction():
        raise RuntimeError("a change needs a session that has not read yet")
    try:
        session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise


def run_in_transaction(work: Callable[[Session], T]) -> T:
    """Run ``work`` in a transaction of its own, once more if the database asks for that.

    Raises:
        UnavailableError: the database is away, or still too busy at the second try.
    """
    try:
        with transaction() as session:
            return work(session)
    except DBAPIError as error:
        if not is_passing(error):
            raise
    try:
        with transaction() as session:
            return work(session)
    except DBAPIError as error:
        if is_passing(error):
            raise UnavailableError from error
        raise


def is_passing(error: DBAPIError) -> bool:
    """Tell whether the database was only busy or away, so that the same work may succeed later."""
    if isinstance(error, IntegrityError):
        return False
    sqlstate = getattr(error.orig, "sqlstate", None)
    if sqlstate is not None:
        # Classes 08, 53 and 57P: no connection, no resources, being shut down.
        return (
            sqlstate in PASSING_SQLSTATES or sqlstate[:2] in {"08", "53"} or sqlstate[:3] == "57P"
        )
    text = str(error.orig)
    if "database is locked" in text or "disk is full" in text or "readonly database" in text:
        return True
    return error.connection_invalidated or "connection" in text.lower()
