"""What becomes of a mail whose worker was not heard of again."""

from contextlib import ExitStack
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from booking.db import db
from booking.errors import UnavailableError
from booking.outbox.deliver import deliver_due
from booking.outbox.models import Message, MessageState
from booking.outbox.queue import drop_open_messages
from tests.factories import make_booking, make_event_type, make_meeting, make_staff
from tests.fixtures.application import UnitOfWork
from tests.outbox import (
    LEASE,
    NOW,
    MemoryTransport,
    make_delivery,
    make_message,
    read_message,
    read_states,
)

TEN_MINUTES = timedelta(minutes=10)
SECOND = timedelta(seconds=1)

NO_ROOM_AT_FIRST = """
    CREATE SEQUENCE tries;
    CREATE FUNCTION find_no_room() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.state = 'sent' AND nextval('tries') <= 3 THEN
            RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER find_no_room BEFORE UPDATE ON message
        FOR EACH ROW EXECUTE FUNCTION find_no_room();
"""


class DiedError(BaseException):
    """Stands for the end of a worker: nothing after it is executed."""


def die() -> None:
    raise DiedError


def deliver(app: Flask, transport: MemoryTransport, *, now: datetime, worker: str) -> None:
    with app.app_context():
        deliver_due(make_delivery(transport, now=lambda: now, worker=worker))


def test_lease_protects_until_it_lapses(app: Flask, transaction: UnitOfWork) -> None:
    other = MemoryTransport()
    with transaction() as session:
        make_message(session)
    with pytest.raises(DiedError):
        deliver(app, MemoryTransport(on_connect=die), now=NOW, worker="dead")

    sent = []
    for now in (NOW, NOW + LEASE - SECOND, NOW + LEASE, NOW + 2 * LEASE):
        deliver(app, other, now=now, worker="alive")
        sent.append(len(other.sent))

    assert sent == [0, 0, 1, 1]


def test_worker_that_dies_before_data_costs_no_attempt(app: Flask, transaction: UnitOfWork) -> None:
    with transaction() as session:
        message_id = make_message(session).id
    with pytest.raises(DiedError):
        deliver(app, MemoryTransport(on_connect=die), now=NOW, worker="dead")

    deliver(app, MemoryTransport(), now=NOW + LEASE, worker="alive")

    message = read_message(message_id, transaction=transaction)
    assert (message.state, message.attempts, message.unknowns) == (MessageState.SENT, 1, 0)


def test_worker_that_dies_after_data_began_causes_one_more_attempt_in_ten_minutes(
    app: Flask, transaction: UnitOfWork
) -> None:
    other = MemoryTransport()
    with transaction() as session:
        message_id = make_message(session).id
    with pytest.raises(DiedError):
        deliver(app, MemoryTransport(on_data=die), now=NOW, worker="dead")

    history = []
    retry_at = NOW + LEASE + TEN_MINUTES
    for now in (NOW + LEASE - SECOND, NOW + LEASE, retry_at - SECOND, retry_at):
        deliver(app, other, now=now, worker="alive")
        message = read_message(message_id, transaction=transaction)
        history.append((message.state, message.unknowns, len(other.sent)))

    assert history == [
        (MessageState.SENDING, 0, 0),
        (MessageState.UNKNOWN, 1, 0),
        (MessageState.UNKNOWN, 1, 0),
        (MessageState.SENT, 1, 1),
    ]


def test_mail_is_tried_no_third_time(app: Flask, transaction: UnitOfWork) -> None:
    other = MemoryTransport()
    with transaction() as session:
        message_id = make_message(session).id
    for hours in (0, 1):
        with pytest.raises(DiedError):
            deliver(
                app,
                MemoryTransport(on_data=die),
                now=NOW + timedelta(hours=hours),
                worker=f"dead-{hours}",
            )
        deliver(app, other, now=NOW + timedelta(hours=hours, minutes=30), worker="alive")

    deliver(app, other, now=NOW + timedelta(hours=20), worker="alive")

    message = read_message(message_id, transaction=transaction)
    assert other.sent == []
    assert (message.state, message.unknowns, message.last_error) == (
        MessageState.UNKNOWN,
        2,
        "LeaseLapsedError",
    )


def test_worker_that_lost_its_lease_sends_nothing(app: Flask, transaction: UnitOfWork) -> None:
    other = MemoryTransport()
    with transaction() as session:
        make_message(session)

    slow = MemoryTransport(on_connect=lambda: deliver(app, other, now=NOW + LEASE, worker="other"))
    deliver(app, slow, now=NOW, worker="slow")

    assert (len(slow.sent), len(other.sent)) == (0, 1)
    assert read_states(transaction=transaction) == [MessageState.SENT]


def test_worker_given_up_in_the_midst_of_data_may_still_say_that_it_was_sent(
    app: Flask, transaction: UnitOfWork
) -> None:
    other = MemoryTransport()
    with transaction() as session:
        make_message(session)

    slow = MemoryTransport(on_data=lambda: deliver(app, other, now=NOW + LEASE, worker="other"))
    deliver(app, slow, now=NOW, worker="slow")
    deliver(app, other, now=NOW + LEASE + TEN_MINUTES, worker="other")

    assert (len(slow.sent), len(other.sent)) == (1, 0)
    assert read_states(transaction=transaction) == [MessageState.SENT]


def test_lease_from_before_the_clock_was_set_back_does_not_bind(
    app: Flask, transaction: UnitOfWork
) -> None:
    other = MemoryTransport()
    with transaction() as session:
        make_message(session, due_at=NOW - timedelta(hours=3))
    with pytest.raises(DiedError):
        deliver(app, MemoryTransport(on_connect=die), now=NOW, worker="dead")

    deliver(app, other, now=NOW - timedelta(hours=2), worker="alive")

    assert len(other.sent) == 1


def test_unknown_mail_past_its_use_stays_unknown(app: Flask, transaction: UnitOfWork) -> None:
    transport = MemoryTransport()
    with transaction() as session:
        make_message(
            session, state=MessageState.UNKNOWN, unknowns=1, expires_at=NOW + timedelta(minutes=1)
        )

    deliver(app, transport, now=NOW + timedelta(minutes=1), worker="alive")

    assert transport.sent == []
    assert read_states(transaction=transaction) == [MessageState.UNKNOWN]


def test_unknown_mail_that_expires_at_its_retry_stays_unknown(
    app: Flask, transaction: UnitOfWork
) -> None:
    clock = [NOW]
    transport = MemoryTransport(on_connect=lambda: clock.append(NOW + timedelta(minutes=1)))
    with transaction() as session:
        make_message(
            session, state=MessageState.UNKNOWN, unknowns=1, expires_at=NOW + timedelta(minutes=1)
        )

    with app.app_context():
        deliver_due(make_delivery(transport, now=lambda: clock[-1]))

    assert transport.sent == []
    assert read_states(transaction=transaction) == [MessageState.UNKNOWN]


def test_lease_begins_anew_with_data(app: Flask, transaction: UnitOfWork) -> None:
    clock = [NOW]
    states = []
    with transaction() as session:
        make_message(session)

    def look() -> None:
        deliver(app, MemoryTransport(), now=NOW + LEASE + SECOND, worker="other")
        states.extend(read_states(transaction=transaction))

    transport = MemoryTransport(on_connect=lambda: clock.append(NOW + LEASE - SECOND), on_data=look)
    with app.app_context():
        deliver_due(make_delivery(transport, now=lambda: clock[-1]))

    assert states == [MessageState.SENDING]
    assert len(transport.sent) == 1


def test_nothing_is_sent_when_the_database_is_away_before_data(
    app: Flask, transaction: UnitOfWork
) -> None:
    blocker = ExitStack()

    def block() -> None:
        # Held for longer than anyone waits for a lock.
        connection = blocker.enter_context(db.engine.connect())
        connection = connection.execution_options(sqlite_begin="IMMEDIATE")
        connection.execute(select(Message.id).with_for_update())

    with transaction() as session:
        make_message(session)

    transport = MemoryTransport(on_connect=block)
    with blocker, pytest.raises(UnavailableError):
        deliver(app, transport, now=NOW, worker="alive")
    deliver(app, MemoryTransport(), now=NOW + LEASE, worker="alive")

    assert transport.sent == []
    assert read_states(transaction=transaction) == [MessageState.SENT]


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_mail_that_was_accepted_is_written_down_once_the_database_is_back(
    app: Flask, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        session.execute(text(NO_ROOM_AT_FIRST))
        make_message(session)
    transport = MemoryTransport()

    for now in (NOW, NOW + 2 * LEASE, NOW + 2 * LEASE + TEN_MINUTES):
        deliver(app, transport, now=now, worker="alive")

    assert len(transport.sent) == 1
    assert read_states(transaction=transaction) == [MessageState.SENT]


def test_change_takes_the_mail_out_of_the_hands_of_a_worker(
    app: Flask, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        host = make_staff(session)
        event_type = make_event_type(session, hosts=[host])
        meeting = make_meeting(session, event_type=event_type, hosts=[host])
        booking_id = make_booking(session, meeting=meeting).id
        message_id = make_message(session, booking_id=booking_id).id

    def cancel() -> None:
        with transaction() as session:
            drop_open_messages(booking_id=booking_id, keep=[], session=session)

    transport = MemoryTransport(on_connect=cancel)
    deliver(app, transport, now=NOW, worker="alive")

    message = read_message(message_id, transaction=transaction)
    assert transport.sent == []
    assert (message.state, message.attempts) == (MessageState.OBSOLETE, 0)


def test_rows_of_others_are_not_given_back(app: Flask, transaction: UnitOfWork) -> None:
    def take_over() -> None:
        with transaction() as session:
            session.get_one(Message, message_id).lease_owner = "other"
        raise ConnectionRefusedError

    with transaction() as session:
        message_id = make_message(session).id

    deliver(app, MemoryTransport(on_connect=take_over), now=NOW, worker="alive")

    message = read_message(message_id, transaction=transaction)
    assert (message.state, message.lease_owner) == (MessageState.SENDING, "other")
