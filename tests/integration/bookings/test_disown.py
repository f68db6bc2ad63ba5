"""The owner of an address, with which a stranger has booked, calls it off and is left in peace."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.bookings.disown import disown_address
from booking.bookings.lifecycle import BookingState
from booking.bookings.models import Booking, BookingToken
from booking.bookings.readdress import readdress_booking
from booking.bookings.refusals import AddressSuppressedError
from booking.bookings.tokens import Purpose, find_token, get_addressee, revoke_tokens
from booking.errors import NotFoundError
from booking.event_types.models import EventType
from booking.history import HistoryEntry
from booking.leads.models import Lead
from booking.outbox.models import Message, MessageState, Recipient
from tests.bookings_at_work import INSTALLATION, confirm, let_mails_leave
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

    disown_address(booking.lead_id, now=NOW, session=session)

    assert (booking.state, booking.cancelled_by) == (BookingState.CANCELLED, "owner")
    rows = session.execute(
        select(Message.kind, Message.recipient).where(Message.state == MessageState.QUEUED)
    )
    assert [tuple(row) for row in rows] == [("cancelled", "host")]


def test_disown_keeps_everybody_from_booking_with_the_address_for_thirty_days(
    event_type: EventType, session: Session
) -> None:
    disown_address(confirm(event_type, session=session).booking.lead_id, now=NOW, session=session)

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
    disown_address(booking.lead_id, now=NOW, session=session)

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

    disown_address(first.lead_id, now=NOW, session=session)

    states = [booking.state for booking in (first, other, strangers)]
    assert states == [BookingState.CANCELLED, BookingState.CANCELLED, BookingState.CONFIRMED]
    to_lead = select(Message.id).where(
        Message.booking_id.in_((first.id, other.id)),
        Message.recipient == Recipient.LEAD,
        Message.state == MessageState.QUEUED,
    )
    assert session.scalars(to_lead).all() == []


def test_link_in_a_mail_is_about_the_address_it_was_mailed_to(
    event_type: EventType, session: Session
) -> None:
    made = confirm(event_type, session=session)
    first, owner = disown_token(made.booking, session=session), made.booking.lead_id
    readdress_booking(
        made.token, email="max@kunde.de", now=NOW, session=session, installation=INSTALLATION
    )
    second = disown_token(made.booking, session=session)

    addressees = [get_addressee(token, session=session) for token in (first, second)]
    disown_address(owner, now=NOW, session=session)

    assert addressees == [(made.booking, owner), (made.booking, made.booking.lead_id)]
    assert owner != made.booking.lead_id
    assert made.booking.state is BookingState.CONFIRMED
    with pytest.raises(NotFoundError):
        get_addressee(made.token, session=session)


def test_link_of_the_release_before_is_about_the_bookings_address(
    event_type: EventType, session: Session
) -> None:
    booking = confirm(event_type, session=session).booking
    token = disown_token(booking, session=session)
    session.execute(update(BookingToken).values(lead_id=None))

    found = get_addressee(token, session=session)
    revoke_tokens(booking, now=NOW, session=session)

    assert found == (booking, booking.lead_id)
    with pytest.raises(NotFoundError):
        get_addressee(token, session=session)


def disown_token(booking: Booking, *, session: Session) -> str:
    """Return what stands in the mails to the lead."""
    session.flush()
    token = find_token(booking, purpose=Purpose.DISOWN, session=session, installation=INSTALLATION)
    assert token is not None
    return token


def test_disown_twice_changes_nothing_more(event_type: EventType, session: Session) -> None:
    booking = confirm(event_type, session=session).booking
    for later in range(2):
        disown_address(booking.lead_id, now=NOW + timedelta(minutes=later), session=session)

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

    disown_address(booking.lead_id, now=START, session=session)

    assert booking.state is BookingState.CONFIRMED
    assert session.scalars(select(Lead.suppressed_until)).one() == START + A_MONTH
