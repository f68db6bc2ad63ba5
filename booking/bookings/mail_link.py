"""Mails the links to a booking, to the address that booked it and to no other.

Such a mail changes nothing of the booking, so there may be several at one sequence: each is a copy.
"""

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
    copies, last = _count_copies(MailKind.LINK, booking_id=booking_id, session=session)
    if copies >= MOST_COPIES or (last is not None and now < last + PAUSE):
        return
    mail_with_links(MailKind.LINK, booking=booking, facts={}, now=now, session=session)


def mail_new_links(booking: Booking, *, now: datetime, session: Session) -> None:
    """Queue the links that have just been made in place of others."""
    facts = {"are_links_new": True}
    mail_with_links(MailKind.LINK, booking=booking, facts=facts, now=now, session=session)


def mail_with_links(
    kind: MailKind, *, booking: Booking, facts: dict[str, Any], now: datetime, session: Session
) -> None:
    """Queue one more mail of ``kind`` to the lead of ``booking``, which is locked."""
    copies, _ = _count_copies(kind, booking_id=booking.id, session=session)
    enqueue(
        kind,
        occasion=kind,
        subject=booking,
        sequence=booking.meeting.sequence,
        recipient=Recipient.LEAD,
        facts=facts,
        due_at=now,
        expires_at=booking.meeting.starts_at,
        priority=kind.priority,
        copy=copies + 1,
        mail_domain=booking.meeting.mail_domain,
        now=now,
        session=session,
    )


def _count_copies(
    kind: MailKind, *, booking_id: int, session: Session
) -> tuple[int, datetime | None]:
    """Return how many mails of ``kind`` there are about a booking, and when the last was made."""
    copies, last = session.execute(
        select(func.count(Message.id), func.max(Message.created_at)).where(
            Message.booking_id == booking_id, Message.kind == kind
        )
    ).one()
    return copies, last
