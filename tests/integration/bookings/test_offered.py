"""What a host offered on a day is written down while it can still be known."""

from datetime import UTC, datetime, timedelta
from threading import Thread

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.bookings.offered import record_offered_minutes
from booking.staff.models import OfferedMinutes
from tests.factories import NOW, make_busy_time, make_staff, make_time_off
from tests.fixtures.application import UnitOfWork

MOMENT_SECONDS = 0.5


def recorded(session: Session) -> list[tuple[object, ...]]:
    rows = select(OfferedMinutes.staff_id, OfferedMinutes.local_date, OfferedMinutes.minutes)
    return [tuple(row) for row in session.execute(rows.order_by(OfferedMinutes.staff_id))]


def test_offered_minutes_are_hours_less_time_off_and_busy_times(session: Session) -> None:
    host = make_staff(session)
    make_busy_time(session, staff=host, start=NOW, end=NOW + timedelta(minutes=45))
    make_time_off(
        session,
        staff=host,
        start=NOW + timedelta(minutes=30),
        end=NOW + timedelta(minutes=60),
    )

    record_offered_minutes(now=NOW, session=session)

    assert recorded(session) == [(host.id, NOW.date(), 8 * 60 - 60)]


def test_offered_minutes_are_those_of_the_hosts_own_day(session: Session) -> None:
    # In Auckland it is Tuesday already; Monday's window runs into it, Tuesday's ends with it.
    host = make_staff(
        session,
        time_zone="Pacific/Auckland",
        hours=[(0, "22:00", "24:00"), (1, "09:00", "10:00")],
    )
    late = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

    record_offered_minutes(now=late, session=session)

    assert recorded(session) == [(host.id, late.date() + timedelta(days=1), 60)]


def test_offered_minutes_written_again_are_replaced_and_leavers_left_out(
    session: Session,
) -> None:
    host = make_staff(session)
    make_staff(session, active=False)
    record_offered_minutes(now=NOW, session=session)
    make_time_off(session, staff=host, start=NOW, end=NOW + timedelta(days=2))

    record_offered_minutes(now=NOW, session=session)

    assert recorded(session) == [(host.id, NOW.date(), 0)]


def test_offered_minutes_written_by_two_workers_at_once_stand_once(
    transaction: UnitOfWork,
) -> None:
    with transaction() as session:
        host_id = make_staff(session).id

    def record() -> None:
        with transaction() as session:
            record_offered_minutes(now=NOW, session=session)

    other = Thread(target=record)
    with transaction() as session:
        record_offered_minutes(now=NOW, session=session)
        other.start()
        other.join(MOMENT_SECONDS)
        assert other.is_alive()
    other.join()

    with transaction() as session:
        assert recorded(session) == [(host_id, NOW.date(), 8 * 60)]
