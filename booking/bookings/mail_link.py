"""Mails the links to a booking, to the address that booked it and to no other."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from booking.bookings.mail_kinds import MailKind
from booking.bookings.models import Booking
from booking.outbox.models import Message, Recipient
from booking.outbox.queue import enqueue

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

MOST_COPIES = 3
PAUSE = timedelta(minutes=10)


def mail_link_again(booking_id: int, *, now: datetime, session: Session) -> None:
    """Queue the link; at most three times a booking and once in ten minutes, else nothing."""
    # Locked, so that two who ask at once do not both write the same copy.
    booking = session.get_one(Booking, booking_id, with_for_update={"key_share": True})
    copies, last = session.execute(
        select(func.count(Message.id), func.max(Message.created_at)).where(
            Message.booking_id == booking_id, Message.kind == MailKind.LINK
        )
    ).one()
    if copies >= MOST_COPIES or (last is not None and now < last + PAUSE):
        return
    _enqueue(booking, copy=copies + 1, facts={}, now=now, session=session)


def mail_new_links(booking: Booking, *, now: datetime, session: Session) -> None:
    """Queue the links that have just been made in place of others."""
    copies = session.scalars(
        select(func.count(Message.id)).where(
            Message.booking_id == booking.id, Message.kind == MailKind.LINK
        )
    ).one()
    _enqueue(booking, copy=copies + 1, facts={"are_links_new": True}, now=now, session=session)


def _enqueue(
    booking: Booking, *, copy: int, facts: dict[str, Any], now: datetime, session: Session
) -> None:
    enqueue(
        MailKind.LINK,
        occasion=MailKind.LINK,
        subject=booking,
        sequence=booking.meeting.sequence,
        recipient=Recipient.LEAD,
        facts=facts,
        due_at=now,
        expires_at=booking.meeting.starts_at,
        priority=MailKind.LINK.priority,
        copy=copy,
        mail_domain=booking.meeting.mail_domain,
        now=now,
        session=session,
    )
