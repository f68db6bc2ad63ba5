"""The database: column types and the unit of work.

Answers how rows are stored and when they are committed; knows no table. Nothing else in the
package commits.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import structlog
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
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, mapped_column, registry

from booking.engines import (
    is_passing,
    is_worth_another_try,
    name_fault,
    snapshot_options,
    writing_turn,
)
from booking.errors import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from enum import StrEnum

    from sqlalchemy.orm import Session

T = TypeVar("T")

log = structlog.get_logger(__name__)

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
        # strftime writes the year 202 in three digits where the C library does.
        return f"{instant.replace(tzinfo=None).isoformat(timespec='microseconds')}Z"

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Return aware UTC whatever zone the connection is in."""
        if value is None:
            return None
        if dialect.name == "postgresql":
            return value.astimezone(UTC)  # type: ignore[no-any-return]  # the driver's own datetime
        return datetime.fromisoformat(value)


Key = Annotated[int, mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)]
Reference = BigInteger().with_variant(Integer, "sqlite")
Json = JSON().with_variant(JSONB, "postgresql")
OptionalJson = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


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


@contextmanager
def transaction() -> Iterator[Session]:
    """Open the unit of work of one change; commit at its end, roll back on any error.

    SQLite takes its write lock at once (BEGIN IMMEDIATE), which is ignored silently inside a
    session that has already read; such a session is refused.
    """
    session = db.session()
    if session.in_transaction():
        raise RuntimeError("a change needs a session that has not read yet")
    with writing_turn(session.get_bind().dialect.name):
        try:
            session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise


@contextmanager
def snapshot() -> Iterator[Session]:
    """Open a view of the whole database as it is at one moment, which can change nothing."""
    session = db.session()
    if session.in_transaction():
        raise RuntimeError("a view of one moment needs a session that has not read yet")
    try:
        session.connection(execution_options=snapshot_options(session.get_bind().dialect.name))
        yield session
    finally:
        session.rollback()


def run_in_transaction(work: Callable[[Session], T]) -> T:
    """Run ``work`` in a transaction of its own, once more where that helps.

    Raises:
        UnavailableError: the database is away, or too busy.
    """
    with _passing_faults_told():
        try:
            with transaction() as session:
                return work(session)
        except DBAPIError as error:
            if not is_worth_another_try(error):
                raise
        with transaction() as session:
            return work(session)


@contextmanager
def _passing_faults_told() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        if not is_passing(error):
            raise
        log.warning("database unavailable", fault=name_fault(error))
        raise UnavailableError from error
