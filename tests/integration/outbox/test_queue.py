from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from booking.bookings.models import Booking
from booking.outbox.models import Message, MessageState, Priority, Recipient
from booking.outbox.queue import drop_open_messages, enqueue
from tests.factories import make_booking, make_event_type, make_meeting, make_staff
from tests.outbox import NOW, make_message


def add_booking(session: Session) -> Booking:
    host = make_staff(session)
    event_type = make_event_type(session, hosts=[host])
    meeting = make_meeting(session, event_type=event_type, hosts=[host])
    return make_booking(session, meeting=meeting)


def add_reminder(session: Session, *, booking: Booking, copy: int = 1) -> Message:
    return enqueue(
        "reminder",
        occasion="reminder-60",
        subject=booking,
        sequence=2,
        recipient=Recipient.LEAD,
        facts={"minutes_before": 60},
        due_at=NOW + timedelta(hours=1),
        expires_at=NOW + timedelta(hours=2),
        priority=Priority.LATER,
        copy=copy,
        mail_domain="example.com",
        now=NOW,
        session=session,
    )


def test_queued_mail_waits_until_it_is_due(session: Session) -> None:
    booking = add_booking(session)

    message = add_reminder(session, booking=booking)
    session.flush()

    assert message.key == f"booking:{booking.id}/2/reminder-60/lead/1"
    assert message.state is MessageState.QUEUED
    assert (message.created_at, message.due_at, message.next_attempt_at) == (
        NOW,
        NOW + timedelta(hours=1),
        NOW + timedelta(hours=1),
    )
    assert (message.attempts, message.unknowns) == (0, 0)


def test_key_names_the_host_by_id(session: Session) -> None:
    booking = add_booking(session)
    host_id = make_staff(session).id

    message = enqueue(
        "confirmation",
        occasion="confirmation",
        subject=booking,
        recipient=Recipient.HOST,
        staff_id=host_id,
        facts={},
        due_at=NOW,
        expires_at=NOW + timedelta(hours=2),
        priority=Priority.SOON,
        mail_domain="example.com",
        now=NOW,
        session=session,
    )

    assert message.key == f"booking:{booking.id}/0/confirmation/host-{host_id}/1"


def test_same_mail_cannot_be_queued_twice(session: Session) -> None:
    booking = add_booking(session)
    add_reminder(session, booking=booking)
    session.flush()

    add_reminder(session, booking=booking)

    with pytest.raises(IntegrityError):
        session.flush()


def test_copy_has_a_message_id_of_its_own(session: Session) -> None:
    booking = add_booking(session)

    first = add_reminder(session, booking=booking)
    second = add_reminder(session, booking=booking, copy=2)
    session.flush()

    assert first.message_id != second.message_id
    assert first.message_id.endswith("@example.com>")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"state": MessageState.QUEUED}, MessageState.OBSOLETE),
        ({"state": MessageState.QUEUED, "kind": "final"}, MessageState.QUEUED),
        ({"state": MessageState.UNKNOWN, "unknowns": 1}, MessageState.OBSOLETE),
        ({"state": MessageState.UNKNOWN, "unknowns": 2}, MessageState.UNKNOWN),
        ({"state": MessageState.SENDING}, MessageState.OBSOLETE),
        ({"state": MessageState.SENDING, "data_started_at": NOW}, MessageState.SENDING),
        ({"state": MessageState.SENT}, MessageState.SENT),
        ({"state": MessageState.FAILED}, MessageState.FAILED),
        ({"state": MessageState.EXPIRED}, MessageState.EXPIRED),
    ],
)
def test_change_drops_what_has_not_left_yet(
    session: Session, before: dict[str, object], after: MessageState
) -> None:
    booking = add_booking(session)
    message = make_message(session, booking_id=booking.id, **before)

    drop_open_messages(booking_id=booking.id, keep=["final"], session=session)

    assert message.state is after


def test_change_leaves_the_mails_of_other_bookings(session: Session) -> None:
    booking, other = add_booking(session), add_booking(session)
    message = make_message(session, booking_id=other.id)

    drop_open_messages(booking_id=booking.id, keep=[], session=session)

    assert message.state is MessageState.QUEUED
