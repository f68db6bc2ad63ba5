"""Asks a lead by mail to choose another time; until then the demo stays booked as it is."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from booking.bookings.authority import require_to_come
from booking.bookings.lifecycle import MOST_CHANGES, is_change_open
from booking.bookings.mail_facts import LEAST_TIME_TO_CHANGE
from booking.bookings.mail_kinds import MailKind
from booking.bookings.mail_link import mail_with_links
from booking.bookings.models import Booking, Meeting, MeetingHost
from booking.bookings.refusals import TooLateError
from booking.event_types.models import EventType
from booking.history import record
from booking.outbox.models import Message, MessageState
from booking.staff.models import TimeOff

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session


def can_move(booking: Booking, *, event_type: EventType, now: datetime) -> bool:
    """Tell whether the lead could still move ``booking`` after reading a mail."""
    notice = timedelta(minutes=event_type.minimum_change_notice_minutes)
    is_open = is_change_open(
        start=booking.meeting.starts_at,
        minimum_change_notice=notice,
        now=now + LEAST_TIME_TO_CHANGE,
    )
    return is_open and booking.changes < MOST_CHANGES


def ask_to_move(booking: Booking, *, actor: str, now: datetime, session: Session) -> None:
    """Ask the lead of ``booking``, which was loaded for a change, to choose another time.

    Who has been asked since the demo was last moved or handed over is not asked again.

    Raises:
        AlreadyCancelledError: it was cancelled.
        TooLateError: it has begun, or the lead cannot move it any more.
    """
    require_to_come(booking, now=now)
    event_type = session.get_one(EventType, booking.meeting.event_type_id)
    if not can_move(booking, event_type=event_type, now=now):
        raise TooLateError
    if is_asked(booking, session=session):
        return
    record("move_asked", subject=booking, actor=actor, facts={}, now=now, session=session)
    mail_with_links(MailKind.MOVE_ASKED, booking=booking, facts={}, now=now, session=session)


def is_asked(booking: Booking, *, session: Session) -> bool:
    """Tell whether the lead has been asked to move the meeting as it is now."""
    asked = select(Message.id).where(
        Message.booking_id == booking.id,
        Message.kind == MailKind.MOVE_ASKED,
        Message.sequence == booking.meeting.sequence,
        Message.state != MessageState.OBSOLETE,
    )
    return session.scalars(asked.limit(1)).first() is not None


def list_unanswered(
    booking_ids: Collection[int], *, now: datetime, session: Session
) -> Collection[int]:
    """Return which demos, by id, wait for their lead to choose another time; by one query.

    They are to come at ``now`` (UTC), their lead was asked since they were last moved or handed
    over, and a host is still away then: who has given the time back needs no answer any more.
    """
    query = (
        select(Booking.id)
        .join(Meeting, Booking.meeting_id == Meeting.id)
        .join(MeetingHost, MeetingHost.meeting_id == Meeting.id)
        .join(TimeOff, TimeOff.staff_id == MeetingHost.host_id)
        .join(Message, Message.booking_id == Booking.id)
        .where(
            Booking.id.in_(booking_ids),
            Meeting.starts_at > now,
            MeetingHost.active,
            TimeOff.starts_at < Meeting.ends_at,
            TimeOff.ends_at > Meeting.starts_at,
            Message.kind == MailKind.MOVE_ASKED,
            Message.sequence == Meeting.sequence,
            Message.state != MessageState.OBSOLETE,
        )
    )
    return set(session.scalars(query))
