"""A worker that was down for six hours: what is still of use leaves, in order and at its pace."""

from __future__ import annotations

import os
from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from booking.outbox.deliver import deliver_due
from booking.outbox.models import Message, MessageState, Priority
from tests.factories import make_booking, make_event_type, make_meeting, make_staff
from tests.outbox import NOW, MemoryTransport, make_delivery, make_message

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from tests.fixtures.application import UnitOfWork

REMINDERS = int(os.environ.get("REMINDERS", "500"))
PER_MINUTE = 100
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def add_backlog(session: Session) -> None:
    """Add what fell due in six hours: two in five are the nearer of two for one demo.

    One booking stands for all: which demo a reminder belongs to, its ``sequence`` says.
    """
    host = make_staff(session)
    meeting = make_meeting(session, event_type=make_event_type(session, hosts=[host]), hosts=[host])
    booking_id = make_booking(session, meeting=meeting).id
    for number in range(REMINDERS // 5):
        facts: dict[str, Any] = {"booking_id": booking_id, "sequence": number}
        due_at = NOW - 6 * HOUR + number * (6 * HOUR / REMINDERS)
        for kind_of_end, changes in {
            "nearer": {"due_at": due_at + 5 * MINUTE},
            "farther": {"due_at": due_at},
        }.items():
            add_reminder(session, kind_of_end, changes | facts)
            add_reminder(session, kind_of_end, changes | facts | {"sequence": number + REMINDERS})
        end = {"expires_at": NOW} if number % 2 else {"facts": {"overtaken": True}}
        add_reminder(
            session, "over", {"due_at": due_at} | end | facts | {"sequence": number + 2 * REMINDERS}
        )


def add_reminder(session: Session, name: str, changes: dict[str, Any]) -> None:
    make_message(
        session,
        priority=Priority.LATER,
        key=f"{name}/{changes['sequence']}",
        **{"expires_at": NOW + 20 * HOUR} | changes,
    )


@pytest.mark.fault("F25")
def test_backlog_of_six_hours(app: Flask, transaction: UnitOfWork) -> None:
    transport = MemoryTransport()
    clock = [NOW]
    delivery = make_delivery(transport, now=lambda: clock[0], per_minute=PER_MINUTE)
    with transaction() as session:
        add_backlog(session)

    sent_each_minute = []
    fresh = None
    while not sent_each_minute or sent_each_minute[-1]:
        before = len(transport.sent)
        with app.app_context():
            deliver_due(delivery)
        sent_each_minute.append(len(transport.sent) - before)
        clock[0] += MINUTE
        if fresh is None:
            fresh = add_confirmation(transaction, due_at=clock[0])

    assert max(sent_each_minute) == PER_MINUTE
    assert transport.sent[PER_MINUTE].message_id == fresh
    assert len({mail.message_id for mail in transport.sent}) == len(transport.sent)
    assert ends_of(transaction) == {
        ("nearer", MessageState.SENT): 2 * REMINDERS // 5,
        ("farther", MessageState.OBSOLETE): 2 * REMINDERS // 5,
        ("over", MessageState.EXPIRED): REMINDERS // 10,
        ("over", MessageState.OBSOLETE): REMINDERS // 10,
        ("note", MessageState.SENT): 1,
    }


def add_confirmation(transaction: UnitOfWork, *, due_at: datetime) -> str:
    """Book while the backlog is being worked off; return the Message-ID."""
    with transaction() as session:
        return make_message(session, due_at=due_at).message_id


def ends_of(transaction: UnitOfWork) -> Counter[tuple[str, MessageState]]:
    with transaction() as session:
        rows = session.execute(select(Message.key, Message.state))
        return Counter((key.partition("/")[0], state) for key, state in rows)
