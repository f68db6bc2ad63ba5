"""Cancelling gives the time back, and marking an outcome leaves the state alone."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.bookings.cancel import cancel_booking
from booking.bookings.lifecycle import BookingState, Outcome
from booking.bookings.models import MeetingHost
from booking.bookings.outcome import mark_outcome
from booking.bookings.refusals import (
    AlreadyCancelledError,
    NotStartedError,
    TooLateError,
)
from booking.event_types.models import EventType
from booking.history import HistoryEntry
from booking.outbox.models import Message, MessageState
from tests.bookings_at_work import confirm, let_mails_leave
from tests.factories import NOW, START, make_event_type, make_organisation, make_staff


@pytest.fixture
def event_type(session: Session) -> EventType:
    make_organisation(session)
    return make_event_type(session, hosts=[make_staff(session)])


def test_cancel_frees_the_time_and_raises_the_sequence(
    event_type: EventType, session: Session
) -> None:
    booking = confirm(event_type, session=session).booking

    cancel_booking(booking, reason="krank", now=NOW, session=session)

    assert (booking.state, booking.cancelled_by, booking.cancel_reason, booking.cancelled_at) == (
        BookingState.CANCELLED,
        "lead",
        "krank",
        NOW,
    )
    assert booking.meeting.sequence == 1
    assert session.scalars(select(MeetingHost.active)).all() == [False]


def test_cancel_tells_lead_and_host_and_drops_the_rest(
    event_type: EventType, session: Session
) -> None:
    booking = confirm(event_type, session=session).booking
    let_mails_leave(session)

    cancel_booking(booking, reason=None, now=NOW, session=session)

    rows = session.execute(select(Message.kind, Message.recipient, Message.state))
    assert sorted(tuple(row) for row in rows) == [
        ("cancelled", "host", MessageState.QUEUED),
        ("cancelled", "lead", MessageState.QUEUED),
        ("confirmation", "host", MessageState.SENT),
        ("confirmation", "lead", MessageState.SENT),
        ("reminder", "lead", MessageState.OBSOLETE),
    ]


def test_cancel_again_changes_nothing(event_type: EventType, session: Session) -> None:
    booking = confirm(event_type, session=session).booking
    cancel_booking(booking, reason="krank", now=NOW, session=session)

    cancel_booking(booking, reason="doch nicht", now=START, session=session)

    assert (booking.meeting.sequence, booking.cancel_reason) == (1, "krank")
    actions = session.scalars(select(HistoryEntry.action).order_by(HistoryEntry.id)).all()
    assert actions == ["confirmed", "cancelled"]


@pytest.mark.parametrize("too_late", [timedelta(minutes=59), timedelta(0), -timedelta(days=1)])
def test_cancel_within_the_change_notice_is_too_late(
    event_type: EventType, session: Session, too_late: timedelta
) -> None:
    booking = confirm(event_type, session=session).booking

    with pytest.raises(TooLateError):
        cancel_booking(booking, reason=None, now=START - too_late, session=session)


def test_cancel_by_staff_needs_no_notice_but_comes_before_the_start(
    event_type: EventType, session: Session
) -> None:
    booking = confirm(event_type, session=session).booking

    last_moment = START - timedelta(seconds=1)

    with pytest.raises(TooLateError):
        cancel_booking(booking, reason=None, now=START, session=session, actor="staff:1")
    cancel_booking(booking, reason=None, now=last_moment, session=session, actor="staff:1")

    assert booking.cancelled_by == "staff:1"


def test_outcome_is_marked_and_taken_back_beside_the_state(
    event_type: EventType, session: Session
) -> None:
    booking = confirm(event_type, session=session).booking

    for outcome in (Outcome.NO_SHOW, Outcome.ATTENDED, None):
        mark_outcome(booking, outcome=outcome, actor="staff:1", now=START, session=session)

    assert (booking.state, booking.outcome) == (BookingState.CONFIRMED, None)
    facts = session.scalars(
        select(HistoryEntry.facts).where(HistoryEntry.action == "outcome").order_by(HistoryEntry.id)
    ).all()
    assert facts == [
        {"from": None, "to": "no_show"},
        {"from": "no_show", "to": "attended"},
        {"from": "attended", "to": None},
    ]


def test_outcome_before_the_start_or_after_a_cancellation_is_refused(
    event_type: EventType, session: Session
) -> None:
    booking = confirm(event_type, session=session).booking

    with pytest.raises(NotStartedError):
        mark_outcome(
            booking,
            outcome=Outcome.ATTENDED,
            actor="staff:1",
            now=START - timedelta(seconds=1),
            session=session,
        )
    cancel_booking(booking, reason=None, now=NOW, session=session)
    with pytest.raises(AlreadyCancelledError):
        mark_outcome(booking, outcome=Outcome.ATTENDED, actor="staff:1", now=START, session=session)
