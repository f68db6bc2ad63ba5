"""The database itself refuses to give a host's time twice, whoever asks and however."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, object_session

from booking.bookings.models import MeetingHost
from booking.event_types.models import EventType
from booking.staff.models import Staff
from tests.factories import START, make_event_type, make_meeting, make_staff

OVERLAPPING = {
    "same": (0, 30),
    "inside": (10, 20),
    "around": (-10, 40),
    "over the start": (-15, 15),
    "over the end": (15, 45),
    "one minute": (29, 59),
}
FREE = {"abutting before": (-30, 0), "abutting after": (30, 60), "later": (300, 330)}

GUARDS = {
    "postgresql": ["ALTER TABLE meeting_host DROP CONSTRAINT ex_meeting_host_no_overlap"],
    "sqlite": [
        "DROP TRIGGER meeting_host_no_overlap_insert",
        "DROP TRIGGER meeting_host_no_overlap_update",
    ],
}

overlapping = pytest.mark.parametrize(
    ("from_minute", "to_minute"), OVERLAPPING.values(), ids=OVERLAPPING
)
free = pytest.mark.parametrize(("from_minute", "to_minute"), FREE.values(), ids=FREE)


@pytest.fixture
def host(session: Session) -> Staff:
    """A host whose time from START to START + 30 minutes is taken."""
    host = make_staff(session)
    make_meeting(session, event_type=make_event_type(session, hosts=[host]), hosts=[host])
    return host


@overlapping
def test_insert_into_taken_time_is_refused(
    session: Session, host: Staff, from_minute: int, to_minute: int
) -> None:
    with pytest.raises(IntegrityError) as refusal, session.begin_nested():
        reserve(session, host=host, from_minute=from_minute, to_minute=to_minute)

    assert was_refused_by_the_guard(refusal.value)
    assert len(reservations(session)) == 1


@overlapping
def test_update_into_taken_time_is_refused(
    session: Session, host: Staff, from_minute: int, to_minute: int
) -> None:
    later = reserve(session, host=host, from_minute=300, to_minute=330)
    before = reservations(session)

    with pytest.raises(IntegrityError) as refusal:
        change(
            later,
            blocked_start=minutes_after_start(from_minute),
            blocked_end=minutes_after_start(to_minute),
        )

    assert was_refused_by_the_guard(refusal.value)
    assert reservations(session) == before


@free
def test_insert_into_free_time_is_stored(
    session: Session, host: Staff, from_minute: int, to_minute: int
) -> None:
    reserve(session, host=host, from_minute=from_minute, to_minute=to_minute)

    assert (minutes_after_start(from_minute), minutes_after_start(to_minute)) in reservations(
        session
    )


@free
def test_update_into_free_time_is_stored(
    session: Session, host: Staff, from_minute: int, to_minute: int
) -> None:
    moved = reserve(session, host=host, from_minute=600, to_minute=630)

    change(
        moved,
        blocked_start=minutes_after_start(from_minute),
        blocked_end=minutes_after_start(to_minute),
    )

    assert (minutes_after_start(from_minute), minutes_after_start(to_minute)) in reservations(
        session
    )


def test_update_that_overlaps_only_itself_is_stored(session: Session) -> None:
    moved = reserve(session, host=make_staff(session), from_minute=0, to_minute=30)

    change(moved, blocked_start=minutes_after_start(15), blocked_end=minutes_after_start(45))

    assert reservations(session) == [(minutes_after_start(15), minutes_after_start(45))]


def test_hosts_do_not_stand_in_each_others_way(session: Session) -> None:
    reserve(session, host=make_staff(session), from_minute=0, to_minute=30)
    reserve(session, host=make_staff(session), from_minute=0, to_minute=30)

    assert reservations(session) == [(START, minutes_after_start(30))] * 2


def test_handing_over_to_a_host_who_is_taken_is_refused(session: Session, host: Staff) -> None:
    of_colleague = reserve(session, host=make_staff(session), from_minute=15, to_minute=45)

    with pytest.raises(IntegrityError) as refusal:
        change(of_colleague, host_id=host.id)

    assert was_refused_by_the_guard(refusal.value)


def test_inactive_reservation_takes_no_time(session: Session, host: Staff) -> None:
    reserve(session, host=host, from_minute=0, to_minute=30, active=False)

    assert reservations(session) == [(START, minutes_after_start(30))] * 2


def test_activating_a_reservation_in_taken_time_is_refused(session: Session, host: Staff) -> None:
    inactive = reserve(session, host=host, from_minute=15, to_minute=45, active=False)

    with pytest.raises(IntegrityError) as refusal:
        change(inactive, active=True)

    assert was_refused_by_the_guard(refusal.value)


def test_buffers_of_two_meetings_add_up(session: Session) -> None:
    host = make_staff(session)
    event_type = make_event_type(
        session, hosts=[host], buffer_before_minutes=5, buffer_after_minutes=10
    )
    make_meeting(session, event_type=event_type, hosts=[host])

    with pytest.raises(IntegrityError) as refusal, session.begin_nested():
        make_meeting(
            session, event_type=event_type, hosts=[host], start=minutes_after_start(30 + 14)
        )
    make_meeting(session, event_type=event_type, hosts=[host], start=minutes_after_start(30 + 15))

    assert was_refused_by_the_guard(refusal.value)
    assert reservations(session) == [
        (minutes_after_start(-5), minutes_after_start(40)),
        (minutes_after_start(40), minutes_after_start(85)),
    ]


@pytest.mark.parametrize("to_minute", [0, -30], ids=["empty", "backwards"])
def test_reservation_that_is_no_interval_is_refused(session: Session, to_minute: int) -> None:
    host = make_staff(session)

    with pytest.raises(IntegrityError, match="ck_meeting_host_forward"), session.begin_nested():
        reserve(session, host=host, from_minute=0, to_minute=to_minute)

    assert reservations(session) == []


@overlapping
def test_overlap_is_stored_once_the_guard_is_dropped(
    session: Session, host: Staff, from_minute: int, to_minute: int
) -> None:
    """The control: it is the guard, and nothing else, that the tests above have seen."""
    for statement in GUARDS[session.get_bind().dialect.name]:
        session.execute(text(statement))

    reserve(session, host=host, from_minute=from_minute, to_minute=to_minute)
    later = reserve(session, host=host, from_minute=300, to_minute=330)
    change(
        later,
        blocked_start=minutes_after_start(from_minute),
        blocked_end=minutes_after_start(to_minute),
    )

    taken_twice = (minutes_after_start(from_minute), minutes_after_start(to_minute))
    expected = [(START, minutes_after_start(30)), taken_twice, taken_twice]
    assert sorted(reservations(session)) == sorted(expected)


def reserve(
    session: Session, *, host: Staff, from_minute: int, to_minute: int, active: bool = True
) -> MeetingHost:
    """Store a reservation of [START + from_minute, START + to_minute) for a meeting of its own."""
    event_type = session.query(EventType).first() or make_event_type(session, hosts=[host])
    reservation = MeetingHost(
        meeting_id=make_meeting(session, event_type=event_type, hosts=[]).id,
        host_id=host.id,
        blocked_start=minutes_after_start(from_minute),
        blocked_end=minutes_after_start(to_minute),
        active=active,
    )
    session.add(reservation)
    session.flush()
    return reservation


def change(reservation: MeetingHost, **values: Any) -> None:
    """Store other values in a reservation, in a savepoint of its own."""
    session = object_session(reservation)
    assert session is not None
    with session.begin_nested():
        for name, value in values.items():
            setattr(reservation, name, value)


def reservations(session: Session) -> list[tuple[datetime, datetime]]:
    """Return the blocked interval of every reservation as the database has it, by start."""
    session.flush()
    rows = session.query(MeetingHost.blocked_start, MeetingHost.blocked_end)
    return [(start, end) for start, end in rows.order_by(MeetingHost.blocked_start)]


def minutes_after_start(minutes: int) -> datetime:
    """Return the instant so many minutes after START."""
    return START + timedelta(minutes=minutes)


def was_refused_by_the_guard(error: IntegrityError) -> bool:
    """Tell the guard's refusal from every other constraint's."""
    sqlstate = getattr(error.orig, "sqlstate", None)
    return sqlstate == "23P01" or str(error.orig) == "slot_taken"
