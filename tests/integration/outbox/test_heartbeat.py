from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.outbox.heartbeat import beat, forget_dead_workers, last_tick_at, oldest_overdue_at
from booking.outbox.models import MessageState, Worker
from tests.outbox import NOW, make_message

MINUTE = timedelta(minutes=1)


def test_installation_without_a_worker_has_no_tick(session: Session) -> None:
    assert last_tick_at(session=session) is None


def test_last_tick_is_that_of_the_liveliest_worker(session: Session) -> None:
    beat(worker="one", now=NOW, session=session)
    beat(worker="two", now=NOW + MINUTE, session=session)
    beat(worker="one", now=NOW + 2 * MINUTE, session=session)
    session.flush()

    workers = session.scalars(select(Worker).order_by(Worker.name)).all()
    assert last_tick_at(session=session) == NOW + 2 * MINUTE
    assert [(row.name, row.started_at, row.ticked_at) for row in workers] == [
        ("one", NOW, NOW + 2 * MINUTE),
        ("two", NOW + MINUTE, NOW + MINUTE),
    ]


def test_worker_that_was_silent_for_a_day_is_forgotten(session: Session) -> None:
    beat(worker="dead", now=NOW - timedelta(days=1, seconds=1), session=session)
    beat(worker="silent", now=NOW - timedelta(days=1), session=session)
    session.flush()

    forget_dead_workers(now=NOW, session=session)

    assert session.scalars(select(Worker.name)).all() == ["silent"]


def test_oldest_overdue_mail_is_the_one_that_has_waited_longest(session: Session) -> None:
    make_message(session, due_at=NOW - MINUTE)
    make_message(session, due_at=NOW - 3 * MINUTE, state=MessageState.SENDING)
    make_message(session, due_at=NOW - 5 * MINUTE, next_attempt_at=NOW + MINUTE)
    make_message(session, due_at=NOW - 7 * MINUTE, state=MessageState.SENT)
    make_message(session, due_at=NOW - 9 * MINUTE, state=MessageState.UNKNOWN, unknowns=1)

    assert oldest_overdue_at(now=NOW, session=session) == NOW - 5 * MINUTE


def test_mail_that_is_not_due_yet_is_not_overdue(session: Session) -> None:
    make_message(session, due_at=NOW + MINUTE)

    assert oldest_overdue_at(now=NOW, session=session) is None
