"""Instants are read as they were stored, and sort as they come, whatever year they lie in."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.staff.models import BusyTime
from tests.factories import make_busy_time, make_staff

INSTANTS = [
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(202, 12, 28, 9, 30, 15, 7, tzinfo=UTC),
    datetime(1999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    datetime(2026, 11, 24, 9, tzinfo=UTC),
]


def test_instants_of_every_year_are_read_as_stored(session: Session) -> None:
    anna = make_staff(session)
    for instant in reversed(INSTANTS):
        make_busy_time(session, staff=anna, start=instant, end=instant + timedelta(hours=1))
    session.flush()
    session.expire_all()

    stored = session.scalars(select(BusyTime.starts_at).order_by(BusyTime.starts_at))

    assert list(stored) == INSTANTS
