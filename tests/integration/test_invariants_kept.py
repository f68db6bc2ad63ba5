"""What the actions do breaks no rule, over the whole life of bookings, and of a wish."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from booking.bookings.cancel import cancel_booking
from booking.bookings.disown import disown_address
from booking.bookings.lifecycle import Outcome
from booking.bookings.outcome import mark_outcome
from booking.bookings.reschedule import reschedule_booking
from booking.history import SYSTEM
from booking.invariants.check import find_violations
from booking.outbox.deliver import deliver_due
from tests.bookings_at_work import confirm, hold
from tests.factories import NOW, START, make_event_type, make_organisation, make_staff
from tests.outbox import LEASE, MemoryTransport, make_delivery
from tests.wishes_at_work import express

if TYPE_CHECKING:
    from flask import Flask

    from tests.fixtures.application import UnitOfWork

HALF_AN_HOUR = timedelta(minutes=30)


def test_whole_lives_of_bookings_break_no_rule(app: Flask, transaction: UnitOfWork) -> None:
    with transaction() as session:
        make_organisation(session)
        event_type = make_event_type(session, hosts=[make_staff(session), make_staff(session)])
        bookings = [
            confirm(
                event_type,
                session=session,
                start=START + number * HALF_AN_HOUR,
                email=f"lead-{number}@kunde.example",
            ).booking
            for number in range(5)
        ]
        hold(event_type, session=session, start=START + 6 * HALF_AN_HOUR)
        reschedule_booking(bookings[0], start=START + 7 * HALF_AN_HOUR, now=NOW, session=session)
        reschedule_booking(bookings[0], start=START + 8 * HALF_AN_HOUR, now=NOW, session=session)
        cancel_booking(bookings[1], reason="krank", now=NOW, session=session)
        disown_address(bookings[2].lead_id, now=NOW, session=session)
        express(event_type, session=session)
        mark_outcome(
            bookings[3],
            outcome=Outcome.ATTENDED,
            actor=SYSTEM,
            now=START + 4 * HALF_AN_HOUR,
            session=session,
        )

    with app.app_context():
        deliver_due(make_delivery(MemoryTransport(), composers=app.extensions["composers"]))

    with transaction() as session:
        assert list(find_violations(now=NOW, lease=LEASE, session=session)) == []
