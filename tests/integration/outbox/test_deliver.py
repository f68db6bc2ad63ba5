from datetime import datetime, timedelta
from typing import NoReturn

import pytest
from flask import Flask
from jinja2 import DictLoader, Environment
from sqlalchemy import select
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from booking.outbox.composer import Composer
from booking.outbox.deliver import deliver_due
from booking.outbox.models import Message, MessageState, Priority
from tests.fixtures.application import UnitOfWork
from tests.outbox import (
    NOTE,
    NOW,
    MemoryTransport,
    compose_note,
    is_wanted,
    make_delivery,
    make_message,
    read_message,
    read_states,
)

MINUTE = timedelta(minutes=1)


def test_mail_that_is_due_is_sent_once(app: Flask, transaction: UnitOfWork) -> None:
    transport = MemoryTransport()
    with transaction() as session:
        message_id = make_message(session).id

    with app.app_context():
        deliver_due(make_delivery(transport))
        deliver_due(make_delivery(transport))

    message = read_message(message_id, transaction=transaction)
    assert [mail.message_id for mail in transport.sent] == [message.message_id]
    assert (message.state, message.attempts, message.sent_at) == (MessageState.SENT, 1, NOW)
    assert (message.lease_until, message.data_started_at) == (None, None)


def test_mail_that_is_not_due_waits(app: Flask, transaction: UnitOfWork) -> None:
    transport = MemoryTransport()
    with transaction() as session:
        make_message(session, due_at=NOW + MINUTE)

    with app.app_context():
        deliver_due(make_delivery(transport))

    assert (transport.sent, transport.connections) == ([], 0)
    assert read_states(transaction=transaction) == [MessageState.QUEUED]


def test_backlog_is_sent_by_priority_over_one_connection_a_batch(
    app: Flask, transaction: UnitOfWork
) -> None:
    transport = MemoryTransport()
    with transaction() as session:
        late = [
            make_message(
                session, priority=Priority.LATER, sequence=minutes, due_at=NOW - minutes * MINUTE
            )
            for minutes in range(30)
        ]
        soon = make_message(session, priority=Priority.SOON)

    with app.app_context():
        deliver_due(make_delivery(transport))

    expected = [soon, *reversed(late)]
    assert [mail.message_id for mail in transport.sent] == [row.message_id for row in expected]
    assert transport.connections == 2


@pytest.mark.parametrize(
    ("changes", "end"),
    [
        ({"due_at": NOW - MINUTE, "expires_at": NOW}, MessageState.EXPIRED),
        ({"facts": {"overtaken": True}}, MessageState.OBSOLETE),
    ],
)
def test_mail_of_no_more_use_is_not_sent(
    app: Flask, transaction: UnitOfWork, changes: dict[str, object], end: MessageState
) -> None:
    transport = MemoryTransport()
    with transaction() as session:
        make_message(session, **changes)

    with app.app_context():
        deliver_due(make_delivery(transport))

    assert (transport.sent, transport.connections) == ([], 0)
    assert read_states(transaction=transaction) == [end]


def test_change_that_is_committed_before_data_is_heeded(
    app: Flask, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        message_id = make_message(session).id
        other = make_message(session, due_at=NOW).message_id

    def overtake() -> None:
        with transaction() as session:
            session.get_one(Message, message_id).facts = {"overtaken": True}

    transport = MemoryTransport(on_connect=overtake)
    with app.app_context():
        deliver_due(make_delivery(transport))

    assert [mail.message_id for mail in transport.sent] == [other]
    assert read_states(transaction=transaction) == [MessageState.OBSOLETE, MessageState.SENT]


def test_mail_that_expires_while_the_server_dawdles_is_not_sent(
    app: Flask, transaction: UnitOfWork
) -> None:
    clock = [NOW]
    with transaction() as session:
        make_message(session, expires_at=NOW + MINUTE)

    transport = MemoryTransport(on_connect=lambda: clock.append(NOW + MINUTE))
    with app.app_context():
        deliver_due(make_delivery(transport, now=lambda: clock[-1]))

    assert transport.sent == []
    assert read_states(transaction=transaction) == [MessageState.EXPIRED]


def test_data_is_noted_before_it_begins(app: Flask, transaction: UnitOfWork) -> None:
    seen: list[tuple[MessageState, datetime | None]] = []
    with transaction() as session:
        message_id = make_message(session).id

    def look() -> None:
        message = read_message(message_id, transaction=transaction)
        seen.append((message.state, message.data_started_at))

    with app.app_context():
        deliver_due(make_delivery(MemoryTransport(on_data=look)))

    assert seen == [(MessageState.SENDING, NOW)]


def test_of_several_reminders_that_are_due_only_the_nearest_is_sent(
    app: Flask, transaction: UnitOfWork
) -> None:
    transport = MemoryTransport()
    with transaction() as session:
        for hours in (24, 2, 1, -1):
            make_message(session, priority=Priority.LATER, due_at=NOW - timedelta(hours=hours))
        nearest = session.scalars(select(Message.message_id).order_by(Message.id)).all()[2]

    with app.app_context():
        deliver_due(make_delivery(transport))

    assert [mail.message_id for mail in transport.sent] == [nearest]
    assert read_states(transaction=transaction) == [
        MessageState.OBSOLETE,
        MessageState.OBSOLETE,
        MessageState.SENT,
        MessageState.QUEUED,
    ]


def raise_surrogate(_message: Message, _session: Session) -> NoReturn:
    "\ud800".encode()
    raise AssertionError


def render_broken_template(_message: Message, _session: Session) -> NoReturn:
    # Its error is an OSError, as if the network were to blame.
    Environment(loader=DictLoader({}), autoescape=True).get_template("missing.txt")
    raise AssertionError


def fail_at_being_asked(_message: Message, _session: Session) -> bool:
    raise LookupError


@pytest.mark.fault("F26")
@pytest.mark.parametrize(
    ("poison", "error"),
    [
        (Composer(is_wanted, raise_surrogate), "ComposingError: UnicodeEncodeError"),
        (Composer(is_wanted, render_broken_template), "ComposingError: TemplateNotFound"),
        (Composer(fail_at_being_asked, compose_note), "ComposingError: LookupError"),
        (None, "ComposingError: KeyError"),
    ],
)
def test_mail_that_cannot_be_composed_fails_after_some_attempts_and_the_others_flow(
    app: Flask, transaction: UnitOfWork, poison: Composer | None, error: str
) -> None:
    transport = MemoryTransport()
    clock = [NOW]
    composers = {"note": NOTE} | ({} if poison is None else {"poison": poison})
    with transaction() as session:
        poisoned_id = make_message(session, kind="poison").id
        make_message(session)

    with app.app_context():
        for hours in range(10):
            clock.append(NOW + timedelta(hours=hours))
            deliver_due(make_delivery(transport, now=lambda: clock[-1], composers=composers))

    poisoned = read_message(poisoned_id, transaction=transaction)
    assert len(transport.sent) == 1
    assert (poisoned.state, poisoned.last_error) == (MessageState.FAILED, error)
    assert poisoned.due_at == NOW


def test_connection_that_fails_costs_one_mail_an_attempt(
    app: Flask, transaction: UnitOfWork
) -> None:
    def refuse() -> None:
        raise ConnectionRefusedError

    transport = MemoryTransport(on_connect=refuse)
    with transaction() as session:
        for _ in range(3):
            make_message(session)

    with app.app_context():
        deliver_due(make_delivery(transport))

    with transaction() as session:
        rows = session.scalars(select(Message).order_by(Message.id)).all()
        assert [(row.state, row.attempts) for row in rows] == [
            (MessageState.QUEUED, 1),
            (MessageState.QUEUED, 0),
            (MessageState.QUEUED, 0),
        ]
        assert [row.next_attempt_at == NOW for row in rows] == [False, True, True]
        assert [row.due_at for row in rows] == [NOW, NOW, NOW]
        assert rows[0].last_error == "UnreachableError: ConnectionRefusedError"
    assert transport.connections == 1


def test_mail_server_with_an_impossible_name_never_makes_mails_fail(
    app: Flask, transaction: UnitOfWork
) -> None:
    def misname() -> None:
        raise UnicodeError("label empty or too long")

    with transaction() as session:
        message_id = make_message(session, attempts=100).id

    with app.app_context():
        deliver_due(make_delivery(MemoryTransport(on_connect=misname)))

    assert read_message(message_id, transaction=transaction).state is MessageState.QUEUED


def test_worker_that_is_stopped_gives_back_what_it_has_not_begun(
    app: Flask, transaction: UnitOfWork
) -> None:
    transport = MemoryTransport()
    with transaction() as session:
        for _ in range(3):
            make_message(session)

    with app.app_context():
        deliver_due(make_delivery(transport, is_stopping=lambda: len(transport.sent) == 1))

    assert read_states(transaction=transaction) == [
        MessageState.SENT,
        MessageState.QUEUED,
        MessageState.QUEUED,
    ]


def test_pace_holds_back_what_is_too_much_for_one_minute(
    app: Flask, transaction: UnitOfWork
) -> None:
    transport = MemoryTransport()
    clock = [NOW]
    delivery = make_delivery(transport, per_minute=2, now=lambda: clock[-1])
    with transaction() as session:
        for _ in range(5):
            make_message(session)

    sent = []
    with app.app_context():
        for seconds in (0, 2, 60, 120):
            clock.append(NOW + timedelta(seconds=seconds))
            deliver_due(delivery)
            sent.append(len(transport.sent))

    assert sent == [2, 2, 4, 5]


@pytest.mark.fault("F15")
@pytest.mark.parametrize("hours", [2, -2])
def test_clock_that_jumps_sends_nothing_twice(
    app: Flask, transaction: UnitOfWork, hours: int
) -> None:
    transport = MemoryTransport()
    clock = [NOW]
    delivery = make_delivery(transport, now=lambda: clock[-1])
    with transaction() as session:
        sent_before = make_message(session).message_id
    with app.app_context():
        deliver_due(delivery)
    with transaction() as session:
        due_after = make_message(session, due_at=NOW + timedelta(hours=1)).message_id

    jumped = []
    with app.app_context():
        for instant in (NOW + timedelta(hours=hours), NOW + timedelta(hours=1)):
            clock.append(instant)
            deliver_due(delivery)
            jumped.append(len(transport.sent))

    assert [mail.message_id for mail in transport.sent] == [sent_before, due_after]
    assert jumped == ([2, 2] if hours > 0 else [1, 2])


def test_log_names_no_people_and_no_mail(app: Flask, transaction: UnitOfWork) -> None:
    with transaction() as session:
        message_id = make_message(session).id

    with capture_logs() as lines, app.app_context():
        deliver_due(make_delivery(MemoryTransport()))

    assert lines == [
        {
            "log_level": "info",
            "event": "message settled",
            "message": message_id,
            "kind": "note",
            "state": "sent",
            "attempts": 1,
            "error": None,
        }
    ]
