from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.pulse import (
    Process,
    Role,
    beat,
    forget_dead_processes,
    last_worker_tick_at,
    rules_in_use,
)
from booking.time_zone import RULES
from tests.factories import NOW

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_installation_without_a_worker_has_no_tick(session: Session) -> None:
    beat("web", role=Role.WEB, now=NOW, session=session)

    assert last_worker_tick_at(now=NOW, session=session) is None


def test_last_tick_is_that_of_the_liveliest_worker(session: Session) -> None:
    beat("one", role=Role.WORKER, now=NOW, session=session)
    beat("two", role=Role.WORKER, now=NOW + MINUTE, session=session)
    beat("one", role=Role.WORKER, now=NOW + 2 * MINUTE, session=session)
    beat("web", role=Role.WEB, now=NOW + 3 * MINUTE, session=session)
    session.flush()

    assert last_worker_tick_at(now=NOW + 3 * MINUTE, session=session) == NOW + 2 * MINUTE


def test_pulse_from_before_the_clock_was_set_back_is_none(session: Session) -> None:
    beat("ahead", role=Role.WORKER, now=NOW + 6 * HOUR, session=session)
    beat("right", role=Role.WORKER, now=NOW, session=session)
    session.get_one(Process, "ahead").tzdata = "1999.1"
    session.flush()

    assert last_worker_tick_at(now=NOW, session=session) == NOW
    assert rules_in_use(now=NOW, session=session) == [RULES]


def test_process_that_was_silent_for_a_day_is_forgotten(session: Session) -> None:
    beat("dead", role=Role.WORKER, now=NOW - DAY - SECOND, session=session)
    beat("silent", role=Role.WEB, now=NOW - DAY, session=session)
    beat("ahead", role=Role.WORKER, now=NOW + DAY + SECOND, session=session)
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
