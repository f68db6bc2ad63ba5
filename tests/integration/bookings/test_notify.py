"""Everybody is told what differs from what they know, in one mail for several changes in a row."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.bookings.cancel import cancel_booking
from booking.bookings.disown import disown_address
from booking.bookings.emails import composers
from booking.bookings.models import Booking
from booking.bookings.notify import PAUSE
from booking.bookings.reschedule import reschedule_booking
from booking.event_types.models import EventType
from booking.invariants.check import find_violations
from booking.outbox.models import Message, MessageState
from booking.staff.models import Staff
from tests.bookings_at_work import INSTALLATION, confirm, let_mails_leave
from tests.factories import (
    NOW,
    START,
    make_busy_time,
    make_event_type,
    make_organisation,
    make_staff,
)
from tests.outbox import LEASE

LATER, LATEST = START + timedelta(hours=1), START + timedelta(hours=2)
SOME_SECONDS = timedelta(seconds=10)


@pytest.fixture
def hosts(session: Session) -> list[Staff]:
    make_organisation(session)
    return [make_staff(session, name="Anna"), make_staff(session, name="Ben")]


@pytest.fixture
def event_type(session: Session, hosts: list[Staff]) -> EventType:
    """Anna's demo."""
    return make_event_type(session, hosts=hosts[:1])


@pytest.fixture
def booking(event_type: EventType, session: Session) -> Booking:
    """A booking of which everybody knows."""
    booking = confirm(event_type, session=session).booking
    let_mails_leave(session)
    return booking


def move(
    booking: Booking, start: datetime, *, session: Session, after: timedelta = timedelta(0)
) -> None:
    reschedule_booking(booking, start=start, now=NOW + after, session=session)


def news(session: Session, *, whom: str = "lead") -> list[tuple[str, str | None, datetime]]:
    """Return kind, former start and due time of the mails that are still to tell something."""
    session.flush()
    messages = session.scalars(
        select(Message)
        .where(
            Message.state == MessageState.QUEUED,
            Message.kind != "reminder",
            Message.recipient == whom,
        )
        .order_by(Message.id)
    )
    return [(one.kind, one.facts.get("previous_start"), one.due_at) for one in messages]


def broken_rules(session: Session) -> list[str]:
    session.flush()
    return [found.rule for found in find_violations(now=NOW, lease=LEASE, session=session)]


@pytest.mark.parametrize("whom", ["lead", "host"])
def test_two_moves_in_a_row_are_one_mail_that_knows_what_was_told(
    booking: Booking, session: Session, whom: str
) -> None:
    move(booking, LATER, session=session)
    move(booking, LATEST, session=session, after=SOME_SECONDS)

    assert news(session, whom=whom) == [("moved", START.isoformat(), NOW + SOME_SECONDS + PAUSE)]
    assert broken_rules(session) == []


def test_move_after_the_news_has_left_is_news_again(booking: Booking, session: Session) -> None:
    move(booking, LATER, session=session)
    let_mails_leave(session, now=NOW + PAUSE)
    move(booking, LATEST, session=session, after=PAUSE)

    assert news(session) == [("moved", LATER.isoformat(), NOW + 2 * PAUSE)]


@pytest.mark.parametrize("whom", ["lead", "host"])
def test_move_and_back_before_anybody_heard_of_it_is_no_news(
    booking: Booking, session: Session, whom: str
) -> None:
    move(booking, LATER, session=session)
    move(booking, START, session=session, after=SOME_SECONDS)

    assert news(session, whom=whom) == []
    assert broken_rules(session) == []


def test_move_back_to_what_may_not_have_been_told_is_told(
    booking: Booking, session: Session
) -> None:
    for message in session.scalars(select(Message).where(Message.kind == "confirmation")):
        message.state, message.sent_at, message.unknowns = MessageState.UNKNOWN, None, 1
    move(booking, LATER, session=session)
    move(booking, START, session=session)

    assert news(session) == [("confirmation", None, NOW + PAUSE)]


def test_move_before_the_confirmation_has_left_is_confirmed_at_the_new_time(
    event_type: EventType, session: Session
) -> None:
    booking = confirm(event_type, session=session).booking

    move(booking, LATER, session=session)

    assert news(session) == news(session, whom="host") == [("confirmation", None, NOW + PAUSE)]
    assert broken_rules(session) == []


@pytest.mark.parametrize(("ahead", "pause"), [(61, PAUSE), (60, timedelta(0))])
def test_move_to_a_time_that_is_near_is_told_at_once(
    event_type: EventType, session: Session, ahead: int, pause: timedelta
) -> None:
    event_type.minimum_notice_minutes = 0
    booking = confirm(event_type, session=session, start=LATER).booking
    let_mails_leave(session)
    now = START - timedelta(minutes=ahead)

    reschedule_booking(booking, start=START, now=now, session=session)

    assert news(session) == [("moved", LATER.isoformat(), now + pause)]


def test_cancellation_takes_the_news_of_a_move_with_it(booking: Booking, session: Session) -> None:
    move(booking, LATER, session=session)
    cancel_booking(booking, reason=None, now=NOW + SOME_SECONDS, session=session)

    now = NOW + SOME_SECONDS
    told = select(Message.recipient, Message.facts).where(Message.kind == "cancelled")
    starts = {whom.value: facts["start"] for whom, facts in session.execute(told)}
    assert news(session) == news(session, whom="host") == [("cancelled", None, now)]
    # The lead has moved it and knows; the host has not heard of the move and never will.
    assert starts == {"lead": LATER.isoformat(), "host": START.isoformat()}


def test_host_who_was_not_told_who_took_over_is_told_of_the_end_alone(
    session: Session, hosts: list[Staff]
) -> None:
    anna, ben = hosts
    event_type = make_event_type(session, hosts=hosts)
    make_busy_time(session, staff=anna, start=LATER, end=LATEST)
    make_busy_time(session, staff=ben, start=START, end=LATER)
    booking = confirm(event_type, session=session).booking
    let_mails_leave(session)
    move(booking, LATER, session=session)

    cancel_booking(booking, reason=None, now=NOW + SOME_SECONDS, session=session)

    assert news(session, whom="host") == [("cancelled", None, NOW + SOME_SECONDS)]
    message = session.scalars(
        select(Message).where(Message.kind == "cancelled", Message.staff_id == anna.id)
    ).one()
    mail = composers(INSTALLATION)["cancelled"].compose(message, session)
    assert mail.to.email == anna.email
    text = mail.text.replace("\xa0", " ")
    assert "Dienstag, 24. November 2026, 10:00–10:30 Uhr" in text
    assert mail.calendar is not None
    calendar = mail.calendar.content.decode().replace("\r\n ", "")
    assert (anna.email in calendar, ben.email in calendar) == (True, False)
    assert "Ben" not in text + mail.html
    assert broken_rules(session) == []


def test_host_who_never_heard_of_a_booking_does_not_hear_of_its_end(
    event_type: EventType, session: Session
) -> None:
    booking = confirm(event_type, session=session).booking

    cancel_booking(booking, reason=None, now=NOW, session=session)

    assert news(session) == [("cancelled", None, NOW)]
    assert news(session, whom="host") == []
    assert broken_rules(session) == []


def test_owner_of_the_address_is_told_nothing(booking: Booking, session: Session) -> None:
    disown_address(booking.lead_id, now=NOW, session=session)

    assert news(session) == []
    assert broken_rules(session) == []


def test_host_who_has_it_back_at_once_is_told_of_the_time_alone(
    session: Session, hosts: list[Staff]
) -> None:
    """Anna has the demo, cannot have it an hour later, and can two hours later again."""
    anna, ben = hosts
    event_type = make_event_type(session, hosts=hosts)
    make_busy_time(session, staff=anna, start=LATER, end=LATEST)
    make_busy_time(session, staff=ben, start=START, end=LATER)
    make_busy_time(session, staff=ben, start=LATEST, end=LATEST + timedelta(hours=1))
    booking = confirm(event_type, session=session).booking
    let_mails_leave(session)

    move(booking, LATER, session=session)
    in_between = news(session, whom="host")
    move(booking, LATEST, session=session)

    assert in_between == [
        ("confirmation", None, NOW + PAUSE),
        ("uninvited", START.isoformat(), NOW + PAUSE),
    ]
    assert news(session, whom="host") == [("moved", START.isoformat(), NOW + PAUSE)]
    assert broken_rules(session) == []


def test_host_who_may_have_been_uninvited_is_told_for_certain(
    session: Session, hosts: list[Staff]
) -> None:
    anna, ben = hosts
    event_type = make_event_type(session, hosts=hosts)
    make_busy_time(session, staff=anna, start=LATER, end=LATEST + timedelta(hours=1))
    make_busy_time(session, staff=ben, start=START, end=LATER)
    booking = confirm(event_type, session=session).booking
    let_mails_leave(session)
    move(booking, LATER, session=session)
    for message in session.scalars(select(Message).where(Message.kind == "uninvited")):
        message.state, message.unknowns = MessageState.UNKNOWN, 1

    move(booking, LATEST, session=session)

    whom = [("confirmation", ben.id), ("uninvited", anna.id)]
    told = session.execute(
        select(Message.kind, Message.staff_id)
        .where(Message.state == MessageState.QUEUED, Message.staff_id.is_not(None))
        .order_by(Message.id)
    )
    assert [tuple(row) for row in told] == whom
    assert news(session, whom="host")[1] == ("uninvited", START.isoformat(), NOW + PAUSE)


def test_uninvitation_that_is_late_does_not_reach_a_host_who_has_the_demo_back(
    session: Session, hosts: list[Staff]
) -> None:
    """It was in the hands of a worker when the demo came back, and its server said: later."""
    anna, ben = hosts
    event_type = make_event_type(session, hosts=hosts)
    make_busy_time(session, staff=anna, start=LATER, end=LATEST)
    make_busy_time(session, staff=ben, start=START, end=LATER)
    make_busy_time(session, staff=ben, start=LATEST, end=LATEST + timedelta(hours=1))
    booking = confirm(event_type, session=session).booking
    let_mails_leave(session)
    move(booking, LATER, session=session)
    late = session.scalars(select(Message).where(Message.kind == "uninvited")).one()
    late.state, late.data_started_at = MessageState.SENDING, NOW

    move(booking, LATEST, session=session)

    assert not composers(INSTALLATION)["uninvited"].is_current(late, session)
    assert ("confirmation", None, NOW + PAUSE) in news(session, whom="host")


@pytest.mark.parametrize("is_moved", [False, True])
def test_mails_of_the_release_before_have_told_what_was_so_then(
    booking: Booking, session: Session, is_moved: bool
) -> None:
    if is_moved:
        move(booking, LATER, session=session)
    for message in session.scalars(select(Message).where(Message.kind == "confirmation")):
        message.facts = {}

    move(booking, LATEST, session=session)

    assert news(session) == [("moved", START.isoformat(), NOW + PAUSE)]
