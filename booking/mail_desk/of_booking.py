"""The mails about one booking, and what can be decided about each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from booking.bookings.mail_kinds import MailKind
from booking.mail_desk.decide import can_be_sent_again
from booking.outbox.models import Message
from booking.outbox.trouble import is_in_trouble

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.bookings.models import Booking


@dataclass(frozen=True, slots=True)
class MailOfBooking:
    """One mail to one recipient."""

    message: Message
    is_resendable: bool
    is_in_trouble: bool


def list_mails_of(booking: Booking, *, now: datetime, session: Session) -> Sequence[MailOfBooking]:
    """Return every mail about ``booking``, the newest first."""
    is_of_now = (Message.sequence == booking.meeting.sequence) & (Message.expires_at > now)
    is_news = Message.kind != MailKind.UNDELIVERABLE
    rows = session.execute(
        select(
            Message,
            (can_be_sent_again(now=now) & is_of_now & is_news).label("is_resendable"),
            is_in_trouble(now=now).label("is_in_trouble"),
        )
        .where(Message.booking_id == booking.id)
        .order_by(Message.due_at.desc(), Message.id.desc())
    )
    return [MailOfBooking(*row) for row in rows]
