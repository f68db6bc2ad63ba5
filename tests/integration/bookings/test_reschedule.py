"""Moving: one uid for life, the old time kept until the new one is taken."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.availability.policy import HostsNeeded
from booking.bookings.cancel import cancel_booking
from booking.bookings.models import MeetingHost
from booking.bookings.refusals import (
    AlreadyCancelledError,
    SlotTakenError,
    TooLateError,
    TooManyChangesError,
)
from booking.bookings.reschedule import reschedule_booking
from booking.event_types.models import EventType
from booking.history import HistoryEntry
from booking.outbox.models import Message, MessageState
from tests.bookings_at_work import confirm, let_mails_leave
from tests.factories import (
    NOW,
    START,
    make_busy_time,
    make_event_type,
    make_organisation,
    make_staff,
)

LATER = START + timedelta(hours=1)


@pytest.fixture
def event_type(session: Session) -> EventType:
    make_organisation(session)
    return make_event_type(session, hosts=[make_staff(session)])


def queued(session: Session) -> list[str]:
    """Return which mails are still to be sent, each as kind and recipient."""
    messages = session.scalars(
        select(Message).where(Message.state == MessageState.QUEUED).order_by(Message.key)
    )
    return sorted(f"{message.kind} {message.recipient}" for message in messages)


def test_reschedule_keeps_uid_and_raises_sequence(event_type: EventType, session: Session) -> None:
    booking = confirm(event_type, session=session).booking
    uid = booking.meeting.uid

    reschedule_booking(booking, start=LATER, now=NOW, session=session)

    meeting = booking.meeting
    assert (meeting.uid, meeting.sequence, meeting.starts_at) == (uid, 1, LATER)
    assert meeting.ends_at == LATER + timedelta(minutes=30)
    assert (booking.first_starts_at, booking.changes) == (START, 1)
    reserved = session.execute(select(MeetingHost.blocked_start, MeetingHost.blocked_end)).one()
    assert tuple(reserved) == (LATER, LATER + timedelta(minutes=30))


def test_reschedule_replaces_the_mails_that_were_open(
    event_type: EventType, session: Session
) -> None:
    booking = confirm(event_type, session=session).booking
    let_mails_leave(session)

    reschedule_booking(booking, start=LATER, now=NOW, session=session)

    # An hour later the reminder of the day before is worth its while as well.
    assert queued(session) == ["moved host", "moved lead", "reminder lead", "reminder lead"]
    moved = session.scalars(select(Message).where(Message.kind == "moved")).first()
    assert moved is not None
    assert moved.facts == {
        "start": LATER.isoformat(),
        "previous_start": START.isoformat(),
        "by": "lead",
    }


def test_reschedule_writes_old_and_new_into_the_history(
    event_type: EventType, session: Session
) -> None:
    booking = confirm(event_type, session=session).booking

    reschedule_booking(booking, start=LATER, now=NOW, session=session)

    host_id = booking.meeting.hosts[0].host_id
    facts = session.scalars(select(HistoryEntry.facts).where(HistoryEntry.action == "moved")).one()
    assert facts == {
        "from": {"start": START.isoformat(), "hosts": [host_id]},
        "to": {"start": LATER.isoformat(), "hosts": [host_id]},
        "sequence": 1,
    }


def test_reschedule_to_the_present_start_changes_nothing(
    event_type: EventType, session: Session
) -> None:
    booking = confirm(event_type, session=session).booking
    before = queued(session)

    reschedule_booking(booking, start=START, now=NOW, session=session)

    assert (booking.meeting.sequence, booking.changes) == (0, 0)
    assert queued(session) == before


def test_reschedule_by_less_than_its_length_does_not_stand_in_its_own_way(
    session: Session,
) -> None:
    make_organisation(session)
    event_type = make_event_type(session, hosts=[make_staff(session)], slot_interval_minutes=15)
    booking = confirm(event_type, session=session).booking

    reschedule_booking(booking, start=START + timedelta(minutes=15), now=NOW, session=session)

    assert booking.meeting.starts_at == START + timedelta(minutes=15)


@pytest.mark.fault("F23")
def test_reschedule_to_a_taken_time_keeps_the_old_one(
    event_type: EventType, session: Session
) -> None:
    booking = confirm(event_type, session=session).booking
    confirm(event_type, session=session, email="max@kunde.de", start=LATER)

    with pytest.raises(SlotTakenError):
        reschedule_booking(booking, start=LATER, now=NOW, session=session)

    assert (booking.meeting.starts_at, booking.meeting.sequence) == (START, 0)
    assert booking.meeting.hosts[0].blocked_start == START


def test_reschedule_asks_the_same_host_first(session: Session) -> None:
    make_organisation(session)
    event_type = make_event_type(session, hosts=[make_staff(session), make_staff(session)])
    booking = confirm(event_type, session=session).booking
    first_host = booking.meeting.hosts[0].host_id

    reschedule_booking(booking, start=LATER, now=NOW, session=session)

    assert [row.host_id for row in booking.meeting.hosts] == [first_host]
    assert booking.assignment["rule"] == "same_host"


def test_reschedule_to_where_only_a_colleague_is_free_hands_the_meeting_over(
    session: Session,
) -> None:
    make_organisation(session)
    hosts = [make_staff(session), make_staff(session)]
    event_type = make_event_type(session, hosts=hosts)
    booking = confirm(event_type, session=session).booking
    let_mails_leave(session)
    first_host = next(host for host in hosts if host.id == booking.meeting.hosts[0].host_id)
    colleague = next(host for host in hosts if host is not first_host)
    make_busy_time(session, staff=first_host, start=LATER, end=LATER + timedelta(hours=1))

    reschedule_booking(booking, start=LATER, now=NOW, session=session)

    assert [row.host_id for row in booking.meeting.hosts] == [colleague.id]
    assert queued(session) == [
        "confirmation host",
        "moved lead",
        "reminder lead",
        "reminder lead",
        "uninvited host",
    ]
    uninvited = session.scalars(select(Message).where(Message.kind == "uninvited")).one()
    assert uninvited.facts == {
        "previous_start": START.isoformat(),
        "host_ids": [colleague.id],
    }


def test_uninvite_is_of_use_until_the_old_time_is_over(session: Session) -> None:
    make_organisation(session)
    hosts = [make_staff(session), make_staff(session)]
    event_type = make_event_type(session, hosts=hosts)
    booking = confirm(event_type, session=session, start=LATER).booking
    let_mails_leave(session)
    first_host = booking.meeting.hosts[0].host_id
    make_busy_time(
        session,
        staff=next(host for host in hosts if host.id == first_host),
        start=START,
        end=START + timedelta(hours=1),
    )

    reschedule_booking(booking, start=START, now=NOW, session=session)

    expiries = {
        message.kind: message.expires_at
        for message in session.scalars(select(Message).where(Message.staff_id == first_host))
    }
    assert expiries["uninvited"] == LATER + timedelta(minutes=30)


def test_reschedule_with_all_hosts_moves_every_reservation(session: Session) -> None:
    make_organisation(session)
    hosts = [make_staff(session), make_staff(session)]
    event_type = make_event_type(session, hosts=hosts, hosts_needed=HostsNeeded.ALL)
    booking = confirm(event_type, session=session).booking

    reschedule_booking(booking, start=LATER, now=NOW, session=session)

    assert [(row.host_id, row.blocked_start) for row in booking.meeting.hosts] == [
        (hosts[0].id, LATER),
        (hosts[1].id, LATER),
    ]


def test_reschedule_is_open_until_the_change_notice(
    event_type: EventType, session: Session
) -> None:
    booking = confirm(event_type, session=session).booking
    last_moment = START - timedelta(minutes=60)

    with pytest.raises(TooLateError):
        reschedule_booking(
            booking,
            start=START + timedelta(days=1),
            now=last_moment + timedelta(seconds=1),
            session=session,
        )
    reschedule_booking(booking, start=START + timedelta(days=1), now=last_moment, session=session)

    assert booking.meeting.sequence == 1


def test_reschedule_a_sixth_time_is_refused(event_type: EventType, session: Session) -> None:
    booking = confirm(event_type, session=session).booking
    for day in range(1, 4):
        reschedule_booking(
            booking, start=LATER + timedelta(minutes=30 * day), now=NOW, session=session
        )
    for day in range(2):
        reschedule_booking(
            booking, start=START + timedelta(minutes=30 * day), now=NOW, session=session
        )

    with pytest.raises(TooManyChangesError):
        reschedule_booking(booking, start=LATER, now=NOW, session=session)


def test_reschedule_a_cancelled_booking_is_refused(event_type: EventType, session: Session) -> None:
    booking = confirm(event_type, session=session).booking
    cancel_booking(booking, reason=None, now=NOW, session=session)

    with pytest.raises(AlreadyCancelledError):
        reschedule_booking(booking, start=LATER, now=NOW, session=session)
