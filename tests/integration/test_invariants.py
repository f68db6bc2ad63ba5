"""What must never be is found, each by its name."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete, insert, text, update

from booking.bookings.cancel import cancel_booking
from booking.bookings.lifecycle import BookingState, Outcome
from booking.bookings.models import Booking, Meeting, MeetingHost
from booking.bookings.reschedule import reschedule_booking
from booking.history import HistoryEntry
from booking.invariants.check import find_violations
from booking.outbox.models import Message, MessageState, Recipient
from tests.bookings_at_work import confirm, let_mails_leave
from tests.factories import NOW, START, make_event_type, make_organisation, make_staff
from tests.outbox import LEASE
from tests.unguarded import let_history_be_changed

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session


pytestmark = pytest.mark.usefixtures("booking")

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def booking(session: Session) -> Booking:
    """A booking that was moved once, of which the news is still to be told."""
    make_organisation(session)
    event_type = make_event_type(session, hosts=[make_staff(session)])
    booking = confirm(event_type, session=session).booking
    let_mails_leave(session)
    reschedule_booking(booking, start=START + HOUR, now=NOW, session=session)
    session.flush()
    session.expire_all()
    return booking


def rules(session: Session, *, now: datetime = NOW) -> list[str]:
    """Return the names of the rules that are broken."""
    session.flush()
    return [found.rule for found in find_violations(now=now, lease=LEASE, session=session)]


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"state": MessageState.SENDING, "lease_until": NOW - 6 * MINUTE}, "mail_stuck"),
        ({"state": MessageState.SENDING}, "mail_contradictory"),
        ({"lease_until": NOW}, "mail_contradictory"),
        ({"data_started_at": NOW}, "mail_contradictory"),
        ({"sent_at": NOW}, "mail_contradictory"),
        ({"state": MessageState.SENT}, "mail_contradictory"),
        ({"state": MessageState.UNKNOWN}, "mail_contradictory"),
        ({"unknowns": 3}, "mail_contradictory"),
        (
            {"state": MessageState.SENT, "sent_at": START + 2 * HOUR, "expires_at": START},
            "mail_late",
        ),
    ],
)
def test_mail_that_cannot_be_so_is_found(
    session: Session, booking: Booking, changes: dict[str, Any], rule: str
) -> None:
    change_moved_mail(booking, changes, session=session)

    assert rules(session) == [rule]


@pytest.mark.parametrize(
    "changes",
    [
        {"state": MessageState.SENDING, "lease_until": NOW - 4 * MINUTE},
        {"state": MessageState.SENT, "sent_at": START + MINUTE, "expires_at": START},
    ],
)
def test_mail_that_a_slow_server_explains_is_not(
    session: Session, booking: Booking, changes: dict[str, Any]
) -> None:
    change_moved_mail(booking, changes, session=session)

    assert rules(session) == []


def change_moved_mail(booking: Booking, changes: dict[str, Any], *, session: Session) -> None:
    session.execute(
        update(Message)
        .where(
            Message.booking_id == booking.id,
            Message.kind == "moved",
            Message.recipient == Recipient.LEAD,
        )
        .values(**changes)
    )


def test_overtaken_mail_that_has_left_is_found(session: Session) -> None:
    session.execute(
        update(Message)
        .where(Message.kind == "confirmation")
        .values(state=MessageState.SENT, sent_at=NOW + 2 * MINUTE)
    )

    assert rules(session) == ["mail_late"] * 2


@pytest.mark.parametrize("whom", [Recipient.LEAD, Recipient.HOST])
def test_change_that_nobody_is_told_of_is_found(session: Session, whom: Recipient) -> None:
    session.execute(delete(Message).where(Message.kind == "moved", Message.recipient == whom))

    assert rules(session) == ["mail_missing"]


def test_change_that_is_told_twice_is_found(session: Session) -> None:
    columns = [column for column in Message.__table__.columns if column.name != "id"]
    row = session.execute(
        Message.__table__.select().where(
            Message.kind == "moved", Message.recipient == Recipient.LEAD
        )
    ).one()
    copy = {column.name: getattr(row, column.name) for column in columns}
    again = {"key": "another/1", "message_id": "<2@x>"}
    session.execute(insert(Message).values(**copy | again))

    assert rules(session) == ["mail_missing"]


def test_mail_of_the_future_is_found(session: Session) -> None:
    session.execute(update(Message).where(Message.kind == "reminder").values(sequence=7))

    assert set(rules(session)) == {"sequence"}


def test_change_without_a_sequence_of_its_own_is_found(session: Session) -> None:
    let_history_be_changed(session)
    session.execute(delete(HistoryEntry).where(HistoryEntry.action == "moved"))

    assert rules(session) == ["sequence"]


def test_confirmation_without_history_is_found(session: Session) -> None:
    let_history_be_changed(session)
    session.execute(delete(HistoryEntry).where(HistoryEntry.action == "confirmed"))

    assert rules(session) == ["history_missing"]


def test_outcome_without_history_is_found(session: Session) -> None:
    session.execute(update(Booking).values(outcome=Outcome.NO_SHOW))

    assert rules(session) == ["history_missing"]


def test_cancellation_without_anything_is_found(session: Session) -> None:
    session.execute(update(Booking).values(state=BookingState.CANCELLED))

    assert set(rules(session)) == {"history_missing", "idle_reservation", "mail_missing"}


@pytest.mark.parametrize(
    "change",
    [
        update(MeetingHost).values(active=False),
        update(MeetingHost).values(blocked_start=START + HOUR + MINUTE),
        update(Meeting).values(ends_at=START + 2 * HOUR),
    ],
)
def test_booking_without_its_time_is_found(session: Session, change: Any) -> None:
    session.execute(change)

    assert rules(session) == ["reservation_missing"]


def test_time_that_is_taken_for_nobody_is_found(session: Session, booking: Booking) -> None:
    cancel_booking(booking, reason=None, now=NOW, session=session)
    session.execute(update(MeetingHost).values(active=True))

    assert rules(session) == ["idle_reservation"]


def test_double_booking_is_found(session: Session, booking: Booking) -> None:
    """The guard is gone, as after a restore that left it out."""
    drop_overlap_guard(session)
    [row] = booking.meeting.hosts
    other = make_event_type(session, hosts=[make_staff(session)])
    second = confirm(other, session=session, email="zwei@kunde.example", start=START + HOUR)
    third = confirm(other, session=session, email="drei@kunde.example", start=START + 2 * HOUR)
    session.execute(
        update(MeetingHost)
        .where(MeetingHost.meeting_id == second.booking.meeting_id)
        .values(host_id=row.host_id)
    )

    found = list(find_violations(now=NOW, lease=LEASE, session=session))

    assert third.booking.state is BookingState.CONFIRMED
    assert [one.rule for one in found] == ["overlap", "mail_missing"]
    assert str(found[0]).startswith("overlap: meeting_host ")


def drop_overlap_guard(session: Session) -> None:
    statements = {
        "postgresql": ["ALTER TABLE meeting_host DROP CONSTRAINT ex_meeting_host_no_overlap"],
        "sqlite": [
            "DROP TRIGGER meeting_host_no_overlap_insert",
            "DROP TRIGGER meeting_host_no_overlap_update",
        ],
    }
    for statement in statements[session.get_bind().dialect.name]:
        session.execute(text(statement))


def test_zone_that_nobody_knows_is_found(session: Session) -> None:
    session.execute(update(Booking).values(time_zone="Europe/Atlantis"))

    assert rules(session) == ["time_zone"]


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("instant", ["2026-11-24 09:00:00", "2026-11-24T10:00:00.000000+01:00"])
def test_instant_that_does_not_sort_is_found(session: Session, instant: str) -> None:
    session.execute(text("UPDATE message SET created_at = :instant"), {"instant": instant})

    assert rules(session) == ["instant"]


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_row_that_refers_to_nothing_is_found(session: Session) -> None:
    session.execute(text("PRAGMA defer_foreign_keys = ON"))
    session.execute(text("UPDATE booking SET lead_id = 4711"))

    assert rules(session) == ["damage"]
