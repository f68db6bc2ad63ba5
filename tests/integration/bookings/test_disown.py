"""The owner of an address, with which a stranger has booked, calls it off and is left in peace."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.bookings.disown import disown_booking
from booking.bookings.lifecycle import BookingState
from booking.bookings.refusals import AddressSuppressedError
from booking.event_types.models import EventType
from booking.history import HistoryEntry
from booking.leads.models import Lead
from booking.outbox.models import Message, MessageState, Recipient
from tests.bookings_at_work import confirm, let_mails_leave
from tests.factories import NOW, START, make_event_type, make_organisation, make_staff

A_MONTH = timedelta(days=30)
NEXT_MONTH = START + timedelta(days=35)


@pytest.fixture
def event_type(session: Session) -> EventType:
    make_organisation(session)
    return make_event_type(session, hosts=[make_staff(session)])


def test_disown_cancels_and_mails_the_host_alone(event_type: EventType, session: Session) -> None:
    booking = confirm(event_type, session=session).booking
    let_mails_leave(session)

    disown_booking(booking, now=NOW, session=session)

    assert (booking.state, booking.cancelled_by) == (BookingState.CANCELLED, "owner")
    rows = session.execute(
        select(Message.kind, Message.recipient).where(Message.state == MessageState.QUEUED)
    )
    assert [tuple(row) for row in rows] == [("cancelled", "host")]


def test_disown_keeps_everybody_from_booking_with_the_address_for_thirty_days(
    event_type: EventType, session: Session
) -> None:
    disown_booking(confirm(event_type, session=session).booking, now=NOW, session=session)

    with pytest.raises(AddressSuppressedError):
        confirm(
            event_type,
            session=session,
            email="ERIKA@kunde.de",
            start=NEXT_MONTH,
            now=NOW + A_MONTH - timedelta(seconds=1),
        )
    again = confirm(event_type, session=session, start=NEXT_MONTH, now=NOW + A_MONTH)

    assert again.booking.state is BookingState.CONFIRMED


def test_disown_keeps_other_spellings_of_the_mailbox_from_being_booked_with(
    event_type: EventType, session: Session
) -> None:
    booking = confirm(event_type, session=session, email="erika+demo@kunde.de").booking
    disown_booking(booking, now=NOW, session=session)

    for email in ("erika@kunde.de", "Erika+x@kunde.de"):
        with pytest.raises(AddressSuppressedError):
            confirm(event_type, session=session, email=email, start=NEXT_MONTH)


def test_disown_cancels_whatever_else_was_booked_with_the_address(
    event_type: EventType, session: Session
) -> None:
    other_type = make_event_type(session, hosts=[make_staff(session)], slug="other")
    first = confirm(event_type, session=session).booking
    other = confirm(other_type, session=session, start=START + timedelta(hours=1)).booking
    strangers = confirm(
        other_type, session=session, start=START + timedelta(hours=2), email="max@kunde.de"
    ).booking

    disown_booking(first, now=NOW, session=session)

    states = [booking.state for booking in (first, other, strangers)]
    assert states == [BookingState.CANCELLED, BookingState.CANCELLED, BookingState.CONFIRMED]
    to_lead = select(Message.id).where(
        Message.booking_id.in_((first.id, other.id)),
        Message.recipient == Recipient.LEAD,
        Message.state == MessageState.QUEUED,
    )
    assert session.scalars(to_lead).all() == []


def test_disown_twice_changes_nothing_more(event_type: EventType, session: Session) -> None:
    booking = confirm(event_type, session=session).booking
    for later in range(2):
        disown_booking(booking, now=NOW + timedelta(minutes=later), session=session)

    assert session.scalars(select(Lead.suppressed_until)).one() == NOW + A_MONTH
    actions = session.execute(
        select(HistoryEntry.subject, HistoryEntry.action, HistoryEntry.actor).order_by(
            HistoryEntry.id
        )
    )
    assert [tuple(row) for row in actions] == [
        ("booking", "confirmed", "lead"),
        ("booking", "cancelled", "owner"),
        ("lead", "suppressed", "owner"),
    ]


def test_disown_after_the_demo_has_begun_leaves_it_as_it_was(
    event_type: EventType, session: Session
) -> None:
    booking = confirm(event_type, session=session).booking

    disown_booking(booking, now=START, session=session)

    assert booking.state is BookingState.CONFIRMED
    assert session.scalars(select(Lead.suppressed_until)).one() == START + A_MONTH
