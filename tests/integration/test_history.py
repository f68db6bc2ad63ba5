"""The history: nothing in it can be changed, and a page of it is found by an index."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from booking.history import LEAD, SYSTEM, HistoryEntry, HistoryFilter, list_history
from tests.factories import NOW
from tests.query_plans import plan_of, rows_read

MINUTE = timedelta(minutes=1)
MANY = 4000


def add_entries(session: Session, number: int) -> None:
    """Add one entry a minute; each hundredth is about another booking, by the program."""
    rows = [
        {
            "at": NOW + index * MINUTE,
            "actor": LEAD if index % 100 else SYSTEM,
            "action": "moved" if index % 100 else "restored",
            "subject": "booking" if index % 100 else "organisation",
            "subject_id": index % 7 if index % 100 else 1,
            "facts": {},
        }
        for index in range(1, number + 1)
    ]
    session.execute(insert(HistoryEntry), rows)


@pytest.mark.parametrize(
    "change",
    [update(HistoryEntry).values(actor="lead"), delete(HistoryEntry)],
    ids=["update", "delete"],
)
def test_history_cannot_be_changed(session: Session, change: Any) -> None:
    add_entries(session, 1)

    with pytest.raises(DBAPIError, match="history is append-only"), session.begin_nested():
        session.execute(change)

    assert [entry.actor for entry in list_history(HistoryFilter(), limit=9, session=session)] == [
        LEAD
    ]


def test_pages_follow_on_one_another(session: Session) -> None:
    add_entries(session, 5)

    first = list_history(HistoryFilter(), limit=3, session=session)
    second = list_history(HistoryFilter(), before=first[-1].id, limit=3, session=session)
    nothing = list_history(HistoryFilter(), before=4711, limit=3, session=session)

    assert [entry.at for entry in (*first, *second)] == [
        NOW + index * MINUTE for index in (5, 4, 3, 2, 1)
    ]
    assert nothing == []


def test_entries_of_one_moment_are_all_told(session: Session) -> None:
    row = {"at": NOW, "actor": LEAD, "action": "moved", "subject": "booking", "facts": {}}
    session.execute(insert(HistoryEntry), [row | {"subject_id": number} for number in (1, 2, 3)])

    first = list_history(HistoryFilter(), limit=2, session=session)
    second = list_history(HistoryFilter(), before=first[-1].id, limit=2, session=session)

    assert [entry.subject_id for entry in (*first, *second)] == [3, 2, 1]


def test_filters_narrow_what_is_found(session: Session) -> None:
    add_entries(session, 200)
    narrowed = {
        "actor": HistoryFilter(actor=SYSTEM),
        "action": HistoryFilter(action="restored"),
        "subject": HistoryFilter(subject="organisation", subject_id=1),
        "time": HistoryFilter(start=NOW + 100 * MINUTE, end=NOW + 102 * MINUTE),
    }

    found = {
        name: [
            int((entry.at - NOW) / MINUTE)
            for entry in list_history(wanted, limit=9, session=session)
        ]
        for name, wanted in narrowed.items()
    }

    assert found == {
        "actor": [200, 100],
        "action": [200, 100],
        "subject": [200, 100],
        "time": [101, 100],
    }


@pytest.mark.parametrize(
    "wanted",
    [
        HistoryFilter(),
        HistoryFilter(actor=SYSTEM),
        HistoryFilter(actor=LEAD),
        HistoryFilter(action="restored"),
        HistoryFilter(start=NOW + 100 * MINUTE, end=NOW + 3000 * MINUTE),
    ],
    ids=["all", "rare actor", "frequent actor", "action", "time"],
)
def test_page_is_read_by_an_index_and_no_further(session: Session, wanted: HistoryFilter) -> None:
    add_entries(session, MANY)
    session.execute(text("ANALYZE history"))
    page = list_history(wanted, limit=1, session=session)

    plan = plan_of(
        lambda: list_history(wanted, before=page[0].id, limit=21, session=session), session
    )

    assert "ix_history_" in plan
    assert rows_read(plan) <= 21
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan
