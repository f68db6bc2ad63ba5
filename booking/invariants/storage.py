"""What is stored can be read as it was meant: instants in UTC, zones that exist, whole files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, literal_column, select, text

from booking.bookings.models import Booking
from booking.db import Base, UtcDateTime
from booking.invariants.violation import Violation
from booking.time_zone import is_time_zone
from booking.wishes.models import Wish

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

INSTANT = "[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9].??????Z"
"""What `booking.db.UtcDateTime` writes, as a pattern of SQLite's GLOB."""


def find_damage(session: Session) -> Iterator[Violation]:
    """Find what SQLite's own checks find; PostgreSQL checks its pages and keys by itself."""
    if session.get_bind().dialect.name != "sqlite":
        return
    for (report,) in session.execute(text("PRAGMA integrity_check")):
        if report != "ok":
            yield Violation("damage", "database", report)
    for table, row_id, parent, _ in session.execute(text("PRAGMA foreign_key_check")):
        yield Violation("damage", f"{table} {row_id}", f"refers to a missing row of {parent}")


def find_odd_instants(session: Session) -> Iterator[Violation]:
    """Find instants on SQLite that are not UTC text of one width, which sorts as instants do."""
    if session.get_bind().dialect.name != "sqlite":
        return
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if not isinstance(column.type, UtcDateTime):
                continue
            stored: ColumnElement[str] = literal_column(f'"{column.name}"')
            odd = (
                select(func.count())
                .select_from(table)
                .where(stored.is_not(None), ~stored.op("GLOB")(INSTANT))
            )
            count = session.scalar(odd)
            if count:
                told = f"{count} instants are not UTC text of the one form"
                yield Violation("instant", f"{table.name}.{column.name}", told)


def find_unknown_zones(session: Session) -> Iterator[Violation]:
    """Find time zones of leads that the time zone database does not know."""
    for model in (Booking, Wish):
        for name in session.scalars(select(model.time_zone).distinct()):
            if name is not None and not is_time_zone(name):
                yield Violation(
                    "time_zone", f"{model.__tablename__}.time_zone", f"{name!r} is none"
                )
