"""Changing an event type as staff do, on both databases: kept with its author, or not at all."""

import pytest
from sqlalchemy import select

from booking.bookings.booked_count import count_booked
from booking.errors import InvalidFieldsError, NotFoundError, StaleSettingsError
from booking.event_types.models import EventType
from booking.history import HistoryEntry, version_of
from booking.segment import Segment
from booking.setup_file.edit_event_type import create_event_type, edit_event_type
from tests.factories import (
    NOW,
    START,
    make_booking,
    make_event_type,
    make_meeting,
    make_organisation,
    make_staff,
)
from tests.fixtures.application import UnitOfWork

ACTOR = "staff:7"
RULE = {"segment": "team", "hours": [{"days": ["mon"], "from": "09:00", "to": "12:00"}]}


@pytest.fixture
def event_type_id(transaction: UnitOfWork) -> int:
    """A demo that one host gives."""
    with transaction() as session:
        make_organisation(session)
        host = make_staff(session, email="anna@beispiel.example")
        return make_event_type(session, hosts=[host], slug="demo").id


def edit(transaction: UnitOfWork, event_type_id: int, *, seen: int, **changes: object) -> None:
    with transaction() as session:
        edit_event_type(
            event_type_id, changes=changes, seen=seen, actor=ACTOR, now=NOW, session=session
        )


def actions(transaction: UnitOfWork) -> list[tuple[str, object]]:
    with transaction() as session:
        entries = session.scalars(select(HistoryEntry).order_by(HistoryEntry.id))
        return [(entry.action, entry.facts.get("changed")) for entry in entries]


def test_change_raises_the_version_and_an_old_one_is_refused(
    transaction: UnitOfWork, event_type_id: int
) -> None:
    edit(transaction, event_type_id, seen=0, horizon_days=60)
    edit(transaction, event_type_id, seen=0, horizon_days=9, segment_rules=[RULE])
    with transaction() as session:
        event_type = session.get_one(EventType, event_type_id)
        version = version_of(event_type, session=session)
        (rule,) = event_type.segment_rules
        stored = (rule.segment, rule.hours)

    with pytest.raises(StaleSettingsError):
        edit(transaction, event_type_id, seen=0, horizon_days=5)
    edit(transaction, event_type_id, seen=version, segment_rules=[])

    assert stored == (Segment.TEAM, [[0, 540, 720]])
    assert actions(transaction) == [
        ("event_type_changed", ["horizon_days", "segment_rules"]),
        ("event_type_changed", ["segment_rules"]),
    ]


def test_faulty_change_is_none(transaction: UnitOfWork, event_type_id: int) -> None:
    with pytest.raises(InvalidFieldsError, match="horizon_days: out_of_range"):
        edit(transaction, event_type_id, seen=0, horizon_days=-1)
    with pytest.raises(NotFoundError):
        edit(transaction, event_type_id + 1, seen=0, horizon_days=1)

    assert actions(transaction) == []


def test_slug_is_given_once(transaction: UnitOfWork, event_type_id: int) -> None:
    table = {"slug": "demo", "title": {"de": "Kurs"}, "hosts": [{"email": "anna@beispiel.example"}]}

    with transaction() as session, pytest.raises(InvalidFieldsError, match="slug: slug_taken"):
        create_event_type(table, actor=ACTOR, now=NOW, session=session)
    with transaction() as session:
        kurs = create_event_type(table | {"slug": "kurs"}, actor=ACTOR, now=NOW, session=session)
        assert kurs.id != event_type_id

    assert actions(transaction) == [("event_type_added", None)]


def test_booked_demos_are_those_still_to_come(transaction: UnitOfWork, event_type_id: int) -> None:
    with transaction() as session:
        event_type = session.get_one(EventType, event_type_id)
        for start, state in ((START, "confirmed"), (NOW, "confirmed"), (START, "cancelled")):
            meeting = make_meeting(session, event_type=event_type, hosts=[], start=start)
            make_booking(session, meeting=meeting, state=state)

        counts = count_booked([event_type_id, 0], now=NOW, session=session)

    assert counts == {event_type_id: 1, 0: 0}
