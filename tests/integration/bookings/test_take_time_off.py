"""Blocking time: the demos in it are told of first, and the calendar is locked."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.availability.interval import Interval
from booking.bookings.lifecycle import BookingState
from booking.bookings.take_time_off import take_time_off
from booking.history import HistoryEntry
from booking.staff.block_time import give_time_back, list_coming_time_off
from booking.staff.models import Staff, TimeOff
from tests.factories import (
    NOW,
    START,
    make_booking,
    make_event_type,
    make_meeting,
    make_staff,
    make_time_off,
)

AFTERNOON = Interval(START, START + timedelta(hours=4))


@pytest.fixture
def host(session: Session) -> Staff:
    """A host with a demo in AFTERNOON, one that has been cancelled, and one after it."""
    host = make_staff(session)
    event_type = make_event_type(session, hosts=[host])
    for hours, changes in (
        (1, {"public_id": "inside"}),
        (2, {"public_id": "cancelled", "state": BookingState.CANCELLED}),
        (4, {"public_id": "after"}),
    ):
        start = START + timedelta(hours=hours)
        meeting = make_meeting(session, event_type=event_type, hosts=[host], start=start)
        meeting.hosts[0].active = changes.get("state") is not BookingState.CANCELLED
        make_booking(session, meeting=meeting, **changes)
    return host


def block(host: Staff, *known: str, session: Session) -> list[str]:
    in_the_way = take_time_off(
        host,
        interval=AFTERNOON,
        note="Zahnarzt",
        known=known,
        actor="staff:7",
        now=NOW,
        session=session,
    )
    return [entry.booking.public_id for entry in in_the_way]


def test_time_with_demos_is_not_blocked_before_they_were_seen(
    host: Staff, session: Session
) -> None:
    in_the_way = block(host, "after", session=session)

    assert in_the_way == ["inside"]
    assert list_coming_time_off(host.id, now=NOW, session=session) == []


def test_time_is_blocked_once_they_were(host: Staff, session: Session) -> None:
    in_the_way = block(host, "inside", session=session)

    time_off = session.scalars(select(TimeOff)).one()
    entry = session.scalars(select(HistoryEntry)).one()
    session.refresh(host)
    assert in_the_way == []
    assert (time_off.staff_id, time_off.starts_at, time_off.ends_at, time_off.note) == (
        host.id,
        AFTERNOON.start,
        AFTERNOON.end,
        "Zahnarzt",
    )
    assert host.calendar_version >= 1
    assert (entry.actor, entry.action, entry.subject, entry.subject_id, entry.facts) == (
        "staff:7",
        "time_blocked",
        "staff",
        host.id,
        {
            "time_off": time_off.id,
            "start": AFTERNOON.start.isoformat(),
            "end": AFTERNOON.end.isoformat(),
        },
    )


def test_demo_that_is_over_is_not_in_the_way(host: Staff, session: Session) -> None:
    interval = Interval(START, START + timedelta(hours=4))

    in_the_way = take_time_off(
        host,
        interval=interval,
        note="",
        known=(),
        actor="staff:7",
        now=START + timedelta(hours=3),
        session=session,
    )

    assert in_the_way == ()


def test_time_is_given_back_once(session: Session) -> None:
    host = make_staff(session)
    time_off = make_time_off(session, staff=host, start=AFTERNOON.start, end=AFTERNOON.end)

    for _ in range(2):
        give_time_back(time_off, actor="staff:7", now=NOW, session=session)

    actions = session.scalars(select(HistoryEntry.action)).all()
    session.refresh(host)
    assert session.scalars(select(TimeOff)).all() == []
    assert (actions, host.calendar_version) == (["time_given_back"], 2)
