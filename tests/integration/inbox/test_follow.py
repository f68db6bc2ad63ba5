"""The inbox is in step at the end of every transaction that changes a booking or a wish."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from booking.bookings.cancel import cancel_booking
from booking.bookings.lifecycle import Outcome
from booking.bookings.models import Booking, MeetingHost
from booking.bookings.outcome import mark_outcome
from booking.bookings.readdress import readdress_booking
from booking.bookings.reschedule import reschedule_booking
from booking.event_types.models import EventType
from booking.history import LEAD
from booking.inbox.follow import mend_inbox
from booking.inbox.models import EVERYBODY, InboxEntry
from booking.inbox.standing import LeadState
from booking.leads.models import Lead
from booking.segment import Segment
from booking.staff.models import Staff
from booking.wishes.work import take_wish
from tests.bookings_at_work import INSTALLATION, confirm
from tests.factories import NOW, START, make_event_type, make_organisation, make_staff
from tests.fixtures.application import UnitOfWork
from tests.wishes_at_work import express

AFTERWARDS = START + timedelta(hours=1)


@pytest.fixture
def host(transaction: UnitOfWork) -> Staff:
    with transaction() as session:
        make_organisation(session)
        return make_staff(session, name="Anna Müller")


@pytest.fixture
def event_type(host: Staff, transaction: UnitOfWork) -> EventType:
    with transaction() as session:
        return make_event_type(session, hosts=[host])


def book(event_type: EventType, *, transaction: UnitOfWork, **changes: Any) -> Booking:
    with transaction() as session:
        return confirm(event_type, session=session, **changes).booking


def read_entries(transaction: UnitOfWork) -> dict[int, tuple[LeadState, Segment, str, str]]:
    """Return the entries by reader."""
    with transaction() as session:
        return {
            entry.seen_by: (entry.state, entry.segment, entry.source, entry.words)
            for entry in session.scalars(select(InboxEntry))
        }


def test_booked_lead_is_found_by_its_host_and_by_everybody(
    event_type: EventType, host: Staff, transaction: UnitOfWork
) -> None:
    book(
        event_type,
        transaction=transaction,
        segment="team",
        company="Weiß & Söhne KG",
        source={"utm_source": "newsletter"},
    )

    words = "erika mustermann\nweiss & söhne kg\nerika@kunde.de"
    entry = (LeadState.BOOKED, Segment.TEAM, "newsletter", words)
    assert read_entries(transaction) == {EVERYBODY: entry, host.id: entry}


def test_every_change_of_a_booking_is_followed(
    event_type: EventType, host: Staff, transaction: UnitOfWork
) -> None:
    booking_id = book(event_type, transaction=transaction).id
    states = []

    with transaction() as session:
        booking = session.get_one(Booking, booking_id)
        reschedule_booking(booking, start=START + timedelta(minutes=30), now=NOW, session=session)
    states.append(read_entries(transaction)[host.id][0])
    with transaction() as session:
        mark_outcome(
            session.get_one(Booking, booking_id),
            outcome=Outcome.NO_SHOW,
            actor="staff:1",
            now=AFTERWARDS,
            session=session,
        )
    states.append(read_entries(transaction)[host.id][0])

    assert states == [LeadState.MOVED, LeadState.NO_SHOW]


def test_cancelled_lead_is_still_found_by_its_host(
    event_type: EventType, host: Staff, transaction: UnitOfWork
) -> None:
    booking_id = book(event_type, transaction=transaction).id

    with transaction() as session:
        booking = session.get_one(Booking, booking_id)
        cancel_booking(booking, reason=None, now=NOW, session=session, actor=LEAD)

    assert {by: entry[0] for by, entry in read_entries(transaction).items()} == {
        EVERYBODY: LeadState.CANCELLED,
        host.id: LeadState.CANCELLED,
    }


def test_lead_whose_booking_went_to_another_host_is_found_by_both(
    event_type: EventType, host: Staff, transaction: UnitOfWork
) -> None:
    booking_id = book(event_type, transaction=transaction).id

    with transaction() as session:
        colleague = make_staff(session)
        session.execute(update(MeetingHost).values(host_id=colleague.id))
        booking = session.get_one(Booking, booking_id)
        cancel_booking(booking, reason=None, now=NOW, session=session, actor=LEAD)

    assert set(read_entries(transaction)) == {EVERYBODY, host.id, colleague.id}


def test_open_wish_is_seen_by_everybody_and_by_whoever_has_taken_it(
    event_type: EventType, host: Staff, transaction: UnitOfWork
) -> None:
    book(event_type, transaction=transaction)
    later = NOW + timedelta(hours=1)
    with transaction() as session:
        colleague_id = make_staff(session).id
        wish = express(event_type, session=session, segment="team", now=later, company="Neu KG")
        take_wish(wish, staff_id=colleague_id, actor="staff:2", now=later, session=session)

    words = "erika mustermann\nerika@kunde.de"
    assert read_entries(transaction) == {
        EVERYBODY: (
            LeadState.REQUESTED,
            Segment.TEAM,
            "",
            "erika mustermann\nneu kg\nerika@kunde.de",
        ),
        host.id: (LeadState.BOOKED, Segment.INDIVIDUAL, "", words),
        colleague_id: (
            LeadState.REQUESTED,
            Segment.TEAM,
            "",
            "erika mustermann\nneu kg\nerika@kunde.de",
        ),
    }


def test_address_that_was_mistyped_is_no_lead(
    event_type: EventType, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        token = confirm(event_type, session=session, email="erika@kunde.de").token

    with transaction() as session:
        readdress_booking(
            token,
            email="erika@firma.example",
            now=NOW,
            session=session,
            installation=INSTALLATION,
        )

    with transaction() as session:
        found = session.scalars(
            select(Lead.address).join(InboxEntry, InboxEntry.lead_id == Lead.id).distinct()
        ).all()
    assert found == ["erika@firma.example"]


def test_nothing_is_written_of_what_is_rolled_back(
    event_type: EventType, transaction: UnitOfWork
) -> None:
    def book_and_fail() -> None:
        with transaction() as session:
            confirm(event_type, session=session)
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        book_and_fail()

    assert read_entries(transaction) == {}


def test_what_older_processes_have_left_out_is_mended(
    event_type: EventType, transaction: UnitOfWork
) -> None:
    book(event_type, transaction=transaction)
    as_it_was = read_entries(transaction)
    with transaction() as session:
        session.execute(delete(InboxEntry))

    with transaction() as session:
        mend_inbox(now=NOW + timedelta(hours=1), session=session)

    assert read_entries(transaction) == as_it_was


def test_what_has_long_been_in_step_is_not_looked_at_again(
    event_type: EventType, transaction: UnitOfWork
) -> None:
    book(event_type, transaction=transaction)
    with transaction() as session:
        session.execute(delete(InboxEntry))

    with transaction() as session:
        mend_inbox(now=NOW + timedelta(days=2), session=session)

    assert read_entries(transaction) == {}
