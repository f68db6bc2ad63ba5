from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.pulse import Process, Role, beat, forget_dead_processes, last_tick_at, rules_in_use
from booking.time_zone import RULES
from tests.factories import NOW

MINUTE = timedelta(minutes=1)


def test_installation_without_a_worker_has_no_tick(session: Session) -> None:
    beat("web", role=Role.WEB, now=NOW, session=session)

    assert last_tick_at(role=Role.WORKER, session=session) is None


def test_last_tick_is_that_of_the_liveliest_worker(session: Session) -> None:
    beat("one", role=Role.WORKER, now=NOW, session=session)
    beat("two", role=Role.WORKER, now=NOW + MINUTE, session=session)
    beat("one", role=Role.WORKER, now=NOW + 2 * MINUTE, session=session)
    beat("web", role=Role.WEB, now=NOW + 3 * MINUTE, session=session)
    session.flush()

    workers = session.scalars(
        select(Process).where(Process.role == Role.WORKER).order_by(Process.name)
    ).all()
    assert last_tick_at(role=Role.WORKER, session=session) == NOW + 2 * MINUTE
    assert [(row.name, row.started_at, row.ticked_at) for row in workers] == [
        ("one", NOW, NOW + 2 * MINUTE),
        ("two", NOW + MINUTE, NOW + MINUTE),
    ]


def test_process_that_was_silent_for_a_day_is_forgotten(session: Session) -> None:
    beat("dead", role=Role.WORKER, now=NOW - timedelta(days=1, seconds=1), session=session)
    beat("silent", role=Role.WEB, now=NOW - timedelta(days=1), session=session)
    session.flush()

    forget_dead_processes(now=NOW, session=session)

    assert session.scalars(select(Process.name)).all() == ["silent"]


def test_rules_in_use_are_those_of_the_living(session: Session) -> None:
    beat("new", role=Role.WEB, now=NOW, session=session)
    beat("old", role=Role.WORKER, now=NOW - 2 * MINUTE, session=session)
    beat("dead", role=Role.WORKER, now=NOW - 3 * MINUTE, session=session)
    session.get_one(Process, "old").tzdata = "1999.1"
    session.get_one(Process, "dead").tzdata = "1970.1"
    session.flush()

    assert rules_in_use(now=NOW, session=session) == ["1999.1", RULES]
