"""No mail is stuck, contradicts itself, or has left when it was of no more use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select

from booking.bookings.mail_kinds import MailKind
from booking.bookings.models import Booking, Meeting
from booking.history import HistoryEntry
from booking.invariants.violation import Violation
from booking.outbox.models import Message, MessageState
from booking.outbox.settle import MOST_UNKNOWNS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, timedelta

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

STILL_VALID_KINDS = [kind for kind in MailKind if kind.takes_back or kind is MailKind.LINK]


def find_stuck_mails(session: Session, *, now: datetime, grace: timedelta) -> Iterator[Violation]:
    """Find mails that are being sent although their lease lapsed more than ``grace`` ago."""
    found = session.scalars(
        select(Message.id).where(
            Message.state == MessageState.SENDING, Message.lease_until < now - grace
        )
    )
    for message_id in found:
        text = "nobody has taken it up again since its lease lapsed; does a worker run?"
        yield Violation("mail_stuck", f"message {message_id}", text)


def find_contradictory_mails(session: Session) -> Iterator[Violation]:
    """Find mails whose columns cannot all be true."""
    is_sending = Message.state == MessageState.SENDING
    is_sent = Message.state == MessageState.SENT
    cannot_be = (
        is_sending != Message.lease_until.is_not(None),
        and_(~is_sending, Message.data_started_at.is_not(None)),
        is_sent != Message.sent_at.is_not(None),
        and_(Message.state == MessageState.UNKNOWN, Message.unknowns < 1),
        Message.unknowns > MOST_UNKNOWNS,
    )
    for message_id in session.scalars(select(Message.id).where(or_(*cannot_be))):
        text = "its columns contradict each other"
        yield Violation("mail_contradictory", f"message {message_id}", text)


def find_late_mails(session: Session, *, lease: timedelta) -> Iterator[Violation]:
    """Find mails that were sent although they were of no more use, or overtaken by a change.

    A mail whose DATA had begun before that may end within ``lease``.
    """
    of_no_use = select(Message.id, Message.sent_at, Message.expires_at).where(
        Message.sent_at > Message.expires_at
    )
    overtaken = (
        select(Message.id, Message.sent_at, HistoryEntry.at)
        .join(HistoryEntry, _overtakes())
        .where(Message.sent_at > HistoryEntry.at)
    )
    late = {
        message_id
        for query in (of_no_use, overtaken)
        for message_id, sent_at, ended_at in session.execute(query)
        if sent_at is not None and sent_at > ended_at + lease
    }
    for message_id in sorted(late):
        text = "was sent when it was of no more use, or when a change had overtaken it"
        yield Violation("mail_late", f"message {message_id}", text)


def find_mails_of_the_future(session: Session) -> Iterator[Violation]:
    """Find mails about a change that their booking has not seen."""
    found = session.scalars(
        select(Message.id)
        .join(Booking, Message.booking_id == Booking.id)
        .join(Meeting, Booking.meeting_id == Meeting.id)
        .where(Message.sequence > Meeting.sequence)
    )
    for message_id in found:
        text = "tells of a change that its booking has not seen"
        yield Violation("sequence", f"message {message_id}", text)


def _overtakes() -> ColumnElement[bool]:
    return and_(
        HistoryEntry.subject == Booking.__tablename__,
        HistoryEntry.subject_id == Message.booking_id,
        HistoryEntry.facts["sequence"].as_integer() > Message.sequence,
        Message.kind.not_in(STILL_VALID_KINDS),
    )
