"""An installation whose processes a test runs: filled, looked into, and mailed to its end."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from booking import clock
from booking.app import create_app
from booking.bookings.lifecycle import BookingState
from booking.bookings.models import Booking, Meeting
from booking.db import db, run_in_transaction
from booking.invariants.check import find_violations
from booking.outbox.deliver import deliver_due
from booking.outbox.models import Message
from config import Config
from tests.factories import make_event_type, make_organisation, make_staff
from tests.outbox import LEASE, make_delivery
from tests.torture.history import CANCELLED, Stored
from tests.whole_service import ALL_DAY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flask import Flask
    from sqlalchemy.orm import Session

HOSTS = 3
SLOTS = 24
FIRST_DAY = 3
STEP = timedelta(minutes=30)
DRAIN_HOURS = 14
"""Longer than any mail waits for another try."""


@contextmanager
def installation(environment: dict[str, str]) -> Iterator[Flask]:
    """Open the application on the database that the processes share."""
    app = create_app(Config.from_env(environment))
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def fill(*, slots: int = SLOTS) -> Sequence[str]:
    """Add the hosts; return the starts for which everybody will ask."""

    def work(session: Session) -> None:
        make_organisation(session)
        hosts = [make_staff(session, hours=ALL_DAY) for _ in range(HOSTS)]
        make_event_type(session, hosts=hosts, slug="demo", reminders_minutes_before=[60])

    run_in_transaction(work)
    noon = clock.now().replace(hour=12, minute=0, second=0, microsecond=0)
    first = noon + timedelta(days=FIRST_DAY)
    return [(first + number * STEP).isoformat() for number in range(slots)]


def drain(app: Flask) -> None:
    """Deliver, as a worker would over the next hours, whatever is still to be delivered."""
    for hours in range(DRAIN_HOURS):
        delivery = make_delivery(
            app.extensions["transport"],
            composers=app.extensions["composers"],
            now=lambda hours=hours: clock.now() + timedelta(hours=hours),
        )
        deliver_due(delivery)


def bookings() -> dict[str, Stored]:
    """Return every booking by its public id."""
    rows = db.session.execute(
        select(Booking.public_id, Booking.email, Booking.state, Meeting.starts_at).join(Meeting)
    )
    return {
        public_id: Stored(
            email or "", CANCELLED if state is BookingState.CANCELLED else starts_at.isoformat()
        )
        for public_id, email, state, starts_at in rows
    }


def violations(*, is_drained: bool = False) -> list[str]:
    """Return what must not be in the database now; once drained, when all that is over."""
    now = clock.now() + timedelta(hours=DRAIN_HOURS if is_drained else 0)
    db.session.rollback()
    return [str(one) for one in find_violations(now=now, lease=LEASE, session=db.session())]


def messages() -> Sequence[Message]:
    """Return every mail."""
    return db.session.scalars(select(Message).order_by(Message.id)).all()
