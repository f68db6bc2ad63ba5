"""A lead whose mail server refuses for good: the hosts are told, and the page says so."""

from __future__ import annotations

import smtplib
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from booking.bookings.emails import composers
from booking.bookings.models import Booking
from booking.bookings.notify import notify_undeliverable
from booking.bookings.reschedule import reschedule_booking
from booking.bookings.undelivered import has_undelivered_mail
from booking.outbox.deliver import deliver_due
from booking.outbox.models import Message, MessageState
from tests.bookings_at_work import INSTALLATION, confirm
from tests.factories import NOW, START, make_event_type, make_organisation, make_staff
from tests.outbox import MemoryTransport, make_delivery

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from booking.outbox.mime import OutgoingMail
    from tests.fixtures.application import UnitOfWork

LEAD, HOST = "erika@kunde.de", "anna@beispiel.example"
NEWS = "[Einzel] Neue Demo: Di., 24.11.2026, 10:00 Uhr – Erika Mustermann"
NOTICE = "[Einzel] E-Mail unzustellbar: Di., 24.11.2026, 10:00 Uhr – Erika Mustermann"


class RefusingTransport(MemoryTransport):
    """A server that answers ``code`` to one recipient."""

    def __init__(self, address: str, *, code: int) -> None:
        super().__init__()
        self.address, self.code = address, code

    def send(self, mail: OutgoingMail, *, before_data: Callable[[], None]) -> None:
        """Refuse at RCPT, which is before DATA."""
        if mail.to.email == self.address:
            raise smtplib.SMTPRecipientsRefused({self.address: (self.code, b"no such user")})
        super().send(mail, before_data=before_data)


@pytest.fixture
def booking_id(transaction: UnitOfWork) -> int:
    with transaction() as session:
        make_organisation(session)
        event_type = make_event_type(session, hosts=[make_staff(session, email=HOST)])
        return confirm(event_type, session=session, email=LEAD).booking.id


def deliver(transport: RefusingTransport, *, app: Flask) -> list[str]:
    """Deliver what is due, and what follows from it; return the subjects the host has read."""
    delivery = make_delivery(transport, composers=composers(INSTALLATION))
    with app.app_context():
        deliver_due(delivery)
        deliver_due(delivery)
    return [mail.subject for mail in transport.sent if mail.to.email == HOST]


def is_refused(booking_id: int, *, transaction: UnitOfWork) -> bool:
    with transaction() as session:
        return has_undelivered_mail(session.get_one(Booking, booking_id), session=session)


def test_hosts_are_told_once_whatever_else_is_refused(
    app: Flask, transaction: UnitOfWork, booking_id: int
) -> None:
    transport = RefusingTransport(LEAD, code=550)

    deliver(transport, app=app)
    with transaction() as session:
        reminder = session.scalars(select(Message).where(Message.kind == "reminder")).first()
        assert reminder is not None
        reminder.next_attempt_at = reminder.due_at = NOW
    subjects = deliver(transport, app=app)

    assert [subject.replace("\N{NO-BREAK SPACE}", " ") for subject in subjects] == [NEWS, NOTICE]
    assert is_refused(booking_id, transaction=transaction)


@pytest.mark.parametrize(("address", "code"), [(LEAD, 450), (HOST, 550)])
def test_nobody_is_told_of_a_passing_refusal_nor_of_a_hosts(
    app: Flask, transaction: UnitOfWork, booking_id: int, address: str, code: int
) -> None:
    transport = RefusingTransport(address, code=code)

    deliver(transport, app=app)

    with transaction() as session:
        assert "undeliverable" not in set(session.scalars(select(Message.kind)))
    assert not is_refused(booking_id, transaction=transaction)


def test_move_gives_the_address_another_chance(
    app: Flask, transaction: UnitOfWork, booking_id: int
) -> None:
    deliver(RefusingTransport(LEAD, code=550), app=app)

    move(booking_id, transaction=transaction)

    assert not is_refused(booking_id, transaction=transaction)


def test_notice_that_a_move_overtakes_does_not_leave(
    transaction: UnitOfWork, booking_id: int
) -> None:
    with transaction() as session:
        notify_undeliverable(session.get_one(Booking, booking_id), now=NOW, session=session)

    move(booking_id, transaction=transaction)

    with transaction() as session:
        notices = session.scalars(select(Message.state).where(Message.kind == "undeliverable"))
        assert list(notices) == [MessageState.OBSOLETE]


def move(booking_id: int, *, transaction: UnitOfWork) -> None:
    with transaction() as session:
        booking = session.get_one(Booking, booking_id)
        reschedule_booking(booking, start=START + timedelta(hours=1), now=NOW, session=session)
