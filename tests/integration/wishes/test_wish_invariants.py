"""What must never be of a wish is found, each by its name."""

from typing import Any

import pytest
from sqlalchemy import delete, insert, text, update
from sqlalchemy.orm import Session

from booking.history import HistoryEntry
from booking.invariants.check import find_violations
from booking.outbox.models import Message
from booking.wishes.models import Wish
from tests.factories import NOW, make_event_type, make_organisation, make_staff
from tests.outbox import LEASE
from tests.unguarded import let_history_be_changed
from tests.wishes_at_work import express


@pytest.fixture
def wish(session: Session) -> Wish:
    make_organisation(session)
    return express(make_event_type(session, hosts=[make_staff(session)]), session=session)


def violations(session: Session) -> list[tuple[str, str]]:
    """Return the rules that are broken, and by which rows."""
    session.flush()
    found = find_violations(now=NOW, lease=LEASE, session=session)
    return [(one.rule, one.subject) for one in found]


@pytest.mark.usefixtures("wish")
def test_wish_as_it_should_be_breaks_no_rule(session: Session) -> None:
    assert violations(session) == []


def test_wish_that_nobody_is_told_of_is_found(session: Session, wish: Wish) -> None:
    session.flush()
    session.execute(delete(Message))

    assert violations(session) == [("wish_untold", f"wish {wish.id}")]


def test_wish_that_is_told_twice_is_found(session: Session, wish: Wish) -> None:
    session.flush()
    row = session.execute(Message.__table__.select()).one()
    copy: dict[str, Any] = {
        column.name: getattr(row, column.name)
        for column in Message.__table__.columns
        if column.name != "id"
    }
    session.execute(insert(Message).values(**copy | {"key": "another", "message_id": "<2@x>"}))

    assert violations(session) == [("wish_untold", f"wish {wish.id}")]


def test_wish_without_history_is_found(session: Session, wish: Wish) -> None:
    session.flush()
    let_history_be_changed(session)
    session.execute(delete(HistoryEntry))

    assert violations(session) == [("history_missing", f"wish {wish.id}")]


@pytest.mark.usefixtures("wish")
def test_zone_that_nobody_knows_is_found(session: Session) -> None:
    session.execute(update(Wish).values(time_zone="Europe/Atlantis"))

    assert violations(session) == [("time_zone", "wish.time_zone")]


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_wish_that_refers_to_nothing_is_found(session: Session, wish: Wish) -> None:
    session.flush()
    session.execute(text("PRAGMA defer_foreign_keys = ON"))
    session.execute(text("UPDATE wish SET lead_id = 4711"))

    assert violations(session) == [("damage", f"wish {wish.id}")]
