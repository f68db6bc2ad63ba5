"""Correcting a mistyped address: the new one gets everything, the old one nothing any more."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.bookings.cancel import cancel_booking
from booking.bookings.confirm import Confirmation
from booking.bookings.disown import disown_address
from booking.bookings.emails import composers
from booking.bookings.models import BookingToken
from booking.bookings.readdress import readdress_booking
from booking.bookings.refusals import (
    AddressSettledError,
    AddressSuppressedError,
    AlreadyBookedError,
    AlreadyCancelledError,
    TooManyChangesError,
    TooManyOpenError,
)
from booking.bookings.reschedule import reschedule_booking
from booking.bookings.tokens import Purpose, find_booking
from booking.errors import FieldError, InvalidFieldsError, NotFoundError, RateLimitedError
from booking.event_types.models import EventType
from booking.history import HistoryEntry
from booking.invariants.check import find_violations
from booking.outbox.models import Message, MessageState
from tests.bookings_at_work import INSTALLATION, confirm, let_mails_leave
from tests.factories import NOW, START, make_event_type, make_organisation, make_staff
from tests.outbox import LEASE

MISTYPED, MEANT = "erika@kunde.de", "erika@firma.example"
TEN_MINUTES = timedelta(minutes=10)


@pytest.fixture
def event_type(session: Session) -> EventType:
    make_organisation(session)
    return make_event_type(session, hosts=[make_staff(session, email="anna@beispiel.example")])


@pytest.fixture
def made(event_type: EventType, session: Session) -> Confirmation:
    """A booking whose confirmations have left."""
    made = confirm(event_type, session=session, email=MISTYPED)
    let_mails_leave(session)
    return made


def readdress(
    made: Confirmation, *, session: Session, email: str = MEANT, **changes: Any
) -> Confirmation:
    return readdress_booking(
        made.token,
        email=email,
        session=session,
        installation=INSTALLATION,
        **{"now": NOW} | changes,
    )


def queued(session: Session) -> list[tuple[str, str]]:
    """Return kind and reader of the mails that are still to leave, reminders apart."""
    session.flush()
    messages = session.scalars(
        select(Message)
        .where(Message.state == MessageState.QUEUED, Message.kind != "reminder")
        .order_by(Message.id)
    )
    by_kind = composers(INSTALLATION)
    return [(one.kind, by_kind[one.kind].compose(one, session).to.email) for one in messages]


def broken_rules(session: Session) -> list[str]:
    session.flush()
    return [found.rule for found in find_violations(now=NOW, lease=LEASE, session=session)]


def test_new_address_is_confirmed_and_the_old_one_is_let_go(
    made: Confirmation, session: Session
) -> None:
    readdress(made, session=session)

    assert made.booking.email == MEANT
    assert queued(session) == [
        ("withdrawn", MISTYPED),
        ("confirmation", MEANT),
        ("readdressed", "anna@beispiel.example"),
    ]
    assert broken_rules(session) == []


def test_old_links_open_nothing_and_new_ones_do(made: Confirmation, session: Session) -> None:
    new = readdress(made, session=session)

    def opens(token: str) -> bool:
        return find_booking(token, purpose=Purpose.MANAGE, session=session) is not None

    usable = session.scalars(
        select(BookingToken.purpose)
        .where(BookingToken.revoked_at.is_(None))
        .order_by(BookingToken.purpose)
    ).all()
    assert (opens(made.token), opens(new.token)) == (False, True)
    assert usable == [Purpose.DISOWN, Purpose.MANAGE]
    with pytest.raises(NotFoundError):
        readdress(made, session=session, email="noch@firma.example")


def test_history_names_the_field_and_no_address(made: Confirmation, session: Session) -> None:
    readdress(made, session=session)

    entries = session.execute(
        select(HistoryEntry.subject, HistoryEntry.actor, HistoryEntry.facts)
        .where(HistoryEntry.action == "readdressed")
        .order_by(HistoryEntry.id)
    )
    assert [tuple(entry) for entry in entries] == [
        ("booking", "lead", {"fields": ["email"], "sequence": 1}),
        ("lead", "lead", {}),
    ]


def test_reminders_go_to_the_new_address(made: Confirmation, session: Session) -> None:
    readdress(made, session=session)
    session.flush()

    reminder = session.scalars(
        select(Message).where(Message.kind == "reminder", Message.state == MessageState.QUEUED)
    ).one()
    mail = composers(INSTALLATION)["reminder"].compose(reminder, session)

    confirmation = session.scalars(
        select(Message.message_id).where(Message.kind == "confirmation", Message.sequence == 1)
    ).one()
    assert (mail.to.email, mail.in_reply_to) == (MEANT, confirmation)


def test_mistyped_address_that_got_nothing_is_left_alone(
    event_type: EventType, session: Session
) -> None:
    made = confirm(event_type, session=session, email=MISTYPED)

    readdress(made, session=session)

    assert queued(session) == [("confirmation", MEANT), ("confirmation", "anna@beispiel.example")]
    assert broken_rules(session) == []


def test_withdrawal_that_is_late_does_not_reach_an_address_that_is_right_after_all(
    made: Confirmation, session: Session
) -> None:
    there = readdress(made, session=session)
    session.flush()
    late = session.scalars(select(Message).where(Message.kind == "withdrawn")).one()

    readdress(there, session=session, email=MISTYPED)

    assert not composers(INSTALLATION)["withdrawn"].is_current(late, session)
    assert broken_rules(session) == []


def test_another_name_of_the_same_mailbox_is_not_taken_the_demo_from(
    made: Confirmation, session: Session
) -> None:
    readdress(made, session=session, email="erika+demo@kunde.de")

    assert queued(session) == [
        ("confirmation", "erika+demo@kunde.de"),
        ("readdressed", "anna@beispiel.example"),
    ]
    assert broken_rules(session) == []


def test_correction_away_from_an_address_does_not_make_room_for_another(
    event_type: EventType, session: Session
) -> None:
    """Else anybody could have a stranger mailed as often as they like."""
    for number in range(4):
        start = START + number * timedelta(hours=1)
        own = f"own-{number}@firma.example"
        made = confirm(event_type, session=session, email=own, start=start)
        there = readdress(made, session=session, email=MISTYPED)
        readdress(there, session=session, email=f"away-{number}@firma.example")
        session.flush()
    made = confirm(event_type, session=session, email=MEANT, start=START + timedelta(hours=5))

    with pytest.raises(RateLimitedError):
        readdress(made, session=session, email=MISTYPED)


def test_move_right_after_it_is_confirmed_to_the_new_address(
    made: Confirmation, session: Session
) -> None:
    """The old address's confirmation must not count as the new one's."""
    readdress(made, session=session)

    later = START + timedelta(hours=1)
    reschedule_booking(made.booking, start=later, now=NOW, session=session)

    assert queued(session) == [
        ("withdrawn", MISTYPED),
        ("confirmation", MEANT),
        ("moved", "anna@beispiel.example"),
    ]
    assert broken_rules(session) == []


def test_present_address_changes_nothing(made: Confirmation, session: Session) -> None:
    same = readdress(made, session=session, email="ERIKA@kunde.de")

    assert (same.token, made.booking.meeting.sequence, queued(session)) == (made.token, 0, [])


def test_correction_is_open_for_ten_minutes(made: Confirmation, session: Session) -> None:
    with pytest.raises(AddressSettledError):
        readdress(made, session=session, now=NOW + TEN_MINUTES)

    last_moment = NOW + TEN_MINUTES - timedelta(seconds=1)
    assert readdress(made, session=session, now=last_moment).token != made.token


def test_cancelled_booking_is_not_corrected(made: Confirmation, session: Session) -> None:
    cancel_booking(made.booking, reason=None, now=NOW, session=session)

    with pytest.raises(AlreadyCancelledError):
        readdress(made, session=session)


def test_fourth_correction_is_refused(made: Confirmation, session: Session) -> None:
    for number in range(3):
        made = readdress(made, session=session, email=f"erika-{number}@firma.example")
    session.flush()

    with pytest.raises(TooManyChangesError):
        readdress(made, session=session)


def test_address_that_nobody_may_book_with_is_refused(
    made: Confirmation, event_type: EventType, session: Session
) -> None:
    tomorrow = START + timedelta(days=1)
    other = confirm(event_type, session=session, email=MEANT, start=tomorrow)
    disown_address(other.booking.lead_id, now=NOW, session=session)

    with pytest.raises(AddressSuppressedError):
        readdress(made, session=session)
    assert made.booking.email == MISTYPED


def test_address_of_the_staff_is_refused_by_name(made: Confirmation, session: Session) -> None:
    with pytest.raises(InvalidFieldsError) as refusal:
        readdress(made, session=session, email="anna@beispiel.example")

    assert refusal.value.errors == (FieldError("email", "own_address"),)


def test_address_that_has_booked_this_time_is_refused(session: Session) -> None:
    make_organisation(session)
    event_type = make_event_type(session, hosts=[make_staff(session), make_staff(session)])
    other = confirm(event_type, session=session, email=MEANT)
    made = confirm(event_type, session=session, email=MISTYPED)

    with pytest.raises(AlreadyBookedError) as refusal:
        readdress(made, session=session)

    assert refusal.value.booking_id == other.booking.id


@pytest.mark.parametrize(
    ("others", "refusal"), [([1, 1, 1], TooManyOpenError), ([1, 0, 0, 0], RateLimitedError)]
)
def test_limits_of_an_address_hold(
    event_type: EventType,
    session: Session,
    others: list[int],
    refusal: type[Exception],
) -> None:
    for number, is_kept in enumerate(others, start=1):
        start = START + number * timedelta(hours=1)
        other = confirm(event_type, session=session, email=MEANT, start=start).booking
        if not is_kept:
            cancel_booking(other, reason=None, now=NOW, session=session)
    made = confirm(event_type, session=session, email=MISTYPED)

    with pytest.raises(refusal):
        readdress(made, session=session)
