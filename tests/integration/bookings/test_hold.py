"""Holding: a courtesy of some minutes that carries no person and leaves no trace."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.bookings.hold import release_hold
from booking.bookings.lapsed_holds import sweep_lapsed_holds
from booking.bookings.lifecycle import BookingState
from booking.bookings.models import Booking, BookingToken, Meeting, MeetingHost
from booking.bookings.refusals import SlotTakenError
from booking.bookings.slots import list_slots
from booking.bookings.tokens import Purpose, get_booking
from booking.errors import NotFoundError
from booking.event_types.models import EventType
from booking.segment import Segment
from tests.bookings_at_work import confirm, hold
from tests.factories import NOW, START, make_event_type, make_organisation, make_staff

LAPSED = NOW + timedelta(minutes=5)


@pytest.fixture
def event_type(session: Session) -> EventType:
    make_organisation(session)
    return make_event_type(session, hosts=[make_staff(session)])


def offered(event_type: EventType, *, session: Session, **changes: object) -> list[object]:
    asked = {"segment": Segment.INDIVIDUAL, "now": NOW} | changes
    slots = list_slots(
        event_type, start=START, end=START + timedelta(minutes=1), session=session, **asked
    )
    return [slot.start for slot in slots]


def rows(session: Session) -> tuple[int, ...]:
    tables = (Booking, Meeting, MeetingHost, BookingToken)
    return tuple(session.scalars(select(func.count()).select_from(table)).one() for table in tables)


def test_hold_takes_the_slot_until_it_lapses(event_type: EventType, session: Session) -> None:
    held = hold(event_type, session=session)

    assert held.expires_at == LAPSED
    assert offered(event_type, session=session) == []
    assert offered(event_type, session=session, now=LAPSED) == [START]


def test_hold_of_a_held_slot_is_taken(event_type: EventType, session: Session) -> None:
    hold(event_type, session=session)

    with pytest.raises(SlotTakenError):
        hold(event_type, session=session)


def test_hold_over_a_lapsed_one_deletes_it(event_type: EventType, session: Session) -> None:
    hold(event_type, session=session)

    hold(event_type, session=session, now=LAPSED)

    assert rows(session) == (1, 1, 1, 1)


def test_hold_that_moves_keeps_its_token_and_gives_up_its_time(
    event_type: EventType, session: Session
) -> None:
    held = hold(event_type, session=session)

    moved = hold(
        event_type,
        session=session,
        start=START + timedelta(hours=1),
        instead_of=held.token,
        now=NOW + timedelta(minutes=1),
    )

    assert (moved.token, moved.expires_at) == (held.token, LAPSED + timedelta(minutes=1))
    assert offered(event_type, session=session) == [START]
    assert rows(session) == (1, 1, 1, 1)


@pytest.mark.parametrize("now", [NOW, LAPSED])
def test_hold_may_move_to_a_time_that_overlaps_its_own(session: Session, now: datetime) -> None:
    make_organisation(session)
    event_type = make_event_type(
        session, hosts=[make_staff(session)], slot_interval_minutes=15, max_per_day=1
    )
    held = hold(event_type, session=session)

    hold(
        event_type,
        session=session,
        start=START + timedelta(minutes=15),
        instead_of=held.token,
        now=now,
    )

    assert session.scalars(select(Meeting.starts_at)).all() == [START + timedelta(minutes=15)]
    assert rows(session) == (1, 1, 1, 1)


def test_hold_whose_new_time_is_taken_stays_where_it_was(
    event_type: EventType, session: Session
) -> None:
    confirm(event_type, session=session, start=START + timedelta(hours=1))
    held = hold(event_type, session=session)

    with pytest.raises(SlotTakenError):
        hold(
            event_type,
            session=session,
            start=START + timedelta(hours=1),
            instead_of=held.token,
        )

    assert offered(event_type, session=session) == []


def test_hold_instead_of_one_that_is_gone_is_a_new_one(
    event_type: EventType, session: Session
) -> None:
    held = hold(event_type, session=session, instead_of="gone")

    assert held.token != "gone"
    assert rows(session) == (1, 1, 1, 1)


def test_hold_token_never_manages_a_booking(event_type: EventType, session: Session) -> None:
    held = hold(event_type, session=session)
    confirm(event_type, session=session, hold_token=held.token)

    with pytest.raises(NotFoundError):
        get_booking(held.token, purpose=Purpose.MANAGE, session=session)


def test_release_hold_frees_the_slot_at_once(event_type: EventType, session: Session) -> None:
    held = hold(event_type, session=session)

    released = release_hold(held.token, session=session)

    assert released
    assert offered(event_type, session=session) == [START]
    assert rows(session) == (0, 0, 0, 0)


def test_release_hold_leaves_a_confirmed_booking_alone(
    event_type: EventType, session: Session
) -> None:
    held = hold(event_type, session=session)
    made = confirm(event_type, session=session, hold_token=held.token)

    released = [release_hold(token, session=session) for token in (held.token, "no such token")]

    assert released == [False, False]
    assert made.booking.state is BookingState.CONFIRMED
    assert rows(session)[:3] == (1, 1, 1)


def test_sweep_deletes_only_what_has_lapsed(event_type: EventType, session: Session) -> None:
    hold(event_type, session=session)
    hold(event_type, session=session, start=START + timedelta(hours=1), now=LAPSED)

    swept = sweep_lapsed_holds(now=LAPSED, session=session)

    assert swept == 1
    assert rows(session) == (1, 1, 1, 1)
    assert session.scalars(select(Meeting.starts_at)).one() == START + timedelta(hours=1)
