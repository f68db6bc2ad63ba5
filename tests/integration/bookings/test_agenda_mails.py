"""The agenda by mail: when it is queued, that it is queued once, and what it says."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.bookings.agenda_emails import composers
from booking.bookings.agenda_mails import queue_agendas
from booking.bookings.lifecycle import BookingState
from booking.bookings.models import Booking
from booking.db import run_in_transaction
from booking.outbox.mime import OutgoingMail
from booking.outbox.models import Message, MessageState, Recipient
from booking.staff.agenda_subscription import set_agenda, wants_agenda
from booking.staff.models import Staff
from tests.factories import (
    NOW,
    START,
    make_booking,
    make_event_type,
    make_meeting,
    make_organisation,
    make_staff,
)
from tests.fixtures.application import UnitOfWork
from tests.mail_files import expected_parts, parts_of
from tests.mail_scenarios import INSTALLATION, make_demo

SEVEN = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
"""In Berlin, on the day of START."""
MINUTE = timedelta(minutes=1)
WORKERS = 6


def subscribe(staff: Staff, *, session: Session, is_wanted: bool = True) -> None:
    set_agenda(staff, is_wanted=is_wanted, actor="staff:1", now=NOW, session=session)
    session.flush()


def make_subscriber(session: Session, **changes: Any) -> Staff:
    """Add a host who wants the agenda and has a demo at START."""
    host = make_staff(session, **changes)
    event_type = make_event_type(session, hosts=[host])
    meeting = make_meeting(session, event_type=event_type, hosts=[host])
    make_booking(session, meeting=meeting)
    subscribe(host, session=session)
    return host


def queue(now: datetime, *, session: Session) -> list[Message]:
    queue_agendas(mail_domain="termine.example.com", now=now, session=session)
    session.flush()
    return list(session.scalars(select(Message).order_by(Message.id)))


def test_agenda_is_queued_once_for_whoever_wants_it(session: Session) -> None:
    host = make_subscriber(session)
    make_staff(session)

    for minutes in range(3):
        queued = queue(SEVEN + minutes * MINUTE, session=session)

    assert [
        (mail.key, mail.kind, mail.recipient, mail.staff_id, mail.facts, mail.due_at)
        for mail in queued
    ] == [
        (
            f"staff:{host.id}/0/agenda-2026-11-24/staff/1",
            "agenda",
            Recipient.STAFF,
            host.id,
            {"on": "2026-11-24"},
            SEVEN,
        )
    ]
    assert queued[0].expires_at == SEVEN + timedelta(hours=2)
    assert queued[0].state is MessageState.QUEUED


@pytest.mark.parametrize(
    ("time_zone", "now", "is_queued"),
    [
        ("Europe/Berlin", SEVEN - MINUTE, False),
        ("Europe/Berlin", SEVEN, True),
        ("Europe/Berlin", SEVEN + timedelta(hours=2) - MINUTE, True),
        ("Europe/Berlin", SEVEN + timedelta(hours=2), False),
        ("Europe/Istanbul", SEVEN, False),
        ("Europe/Istanbul", SEVEN - timedelta(hours=2), True),
        ("America/New_York", SEVEN + timedelta(hours=6), True),
    ],
)
def test_morning_is_the_hosts_own(
    session: Session, time_zone: str, now: datetime, is_queued: bool
) -> None:
    make_subscriber(session, time_zone=time_zone)

    assert bool(queue(now, session=session)) is is_queued


def test_workers_that_look_at_one_moment_queue_one(app: Flask, transaction: UnitOfWork) -> None:
    with transaction() as session:
        make_subscriber(session)
    together = Barrier(WORKERS)

    def tick() -> None:
        with app.app_context():
            together.wait()
            run_in_transaction(
                lambda session: queue_agendas(
                    mail_domain="termine.example.com", now=SEVEN, session=session
                )
            )

    with ThreadPoolExecutor(WORKERS) as pool:
        for ticked in [pool.submit(tick) for _ in range(WORKERS)]:
            ticked.result()

    with transaction() as session:
        assert len(session.scalars(select(Message)).all()) == 1


def test_day_without_demos_has_no_agenda(session: Session) -> None:
    host = make_subscriber(session)

    assert queue(SEVEN + timedelta(days=1), session=session) == []
    subscribe(host, is_wanted=False, session=session)
    assert queue(SEVEN, session=session) == []


def test_whoever_has_left_gets_none(session: Session) -> None:
    make_subscriber(session).active = False

    assert queue(SEVEN, session=session) == []


def test_agenda_is_no_more_wanted_once_there_is_nothing_to_tell(session: Session) -> None:
    make_organisation(session)
    host = make_subscriber(session)
    message = queue(SEVEN, session=session)[0]
    is_current = composers(INSTALLATION)["agenda"].is_current
    wanted = [is_current(message, session)]

    subscribe(host, is_wanted=False, session=session)
    wanted.append(is_current(message, session))
    subscribe(host, session=session)
    wanted.append(is_current(message, session))
    session.scalars(select(Booking)).one().state = BookingState.CANCELLED
    session.flush()
    wanted.append(is_current(message, session))

    assert wanted == [True, False, True, False]


@pytest.mark.parametrize("locale", ["de", "en"])
def test_mail_is_as_expected(locale: str, session: Session) -> None:
    message = make_agenda(session, locale=locale)

    mail = compose(message, session=session)

    assert parts_of(mail) == expected_parts(f"agenda-staff-{locale}")


def test_subject_is_short_and_tells_the_first(session: Session) -> None:
    mail = compose(make_agenda(session, locale="de"), session=session)

    assert mail.subject == "2 Demos heute: 10:00 Jörg Weiß, 11:30 Erika Mustermann"


def make_agenda(session: Session, *, locale: str) -> Message:
    """Add Anna's day: a team's demo by video, and one by phone."""
    booking = make_demo(session, locale=locale)
    anna = session.get_one(Staff, booking.meeting.hosts[0].host_id)
    by_phone = make_event_type(
        session,
        hosts=[anna],
        location_kind="phone",
        title={"de": "Beratung", "en": "Consultation"},
    )
    later = make_meeting(
        session, event_type=by_phone, hosts=[anna], start=START + timedelta(minutes=90)
    )
    make_booking(session, meeting=later, phone="+493023125042", locale=locale)
    subscribe(anna, session=session)
    return queue(SEVEN, session=session)[-1]


def compose(message: Message, *, session: Session) -> OutgoingMail:
    return composers(INSTALLATION)["agenda"].compose(message, session)


def test_switch_is_kept(session: Session) -> None:
    host = make_staff(session)
    found = []

    for is_wanted in (True, True, False, False):
        subscribe(host, is_wanted=is_wanted, session=session)
        found.append(wants_agenda(host.id, session=session))

    assert found == [True, True, False, False]
