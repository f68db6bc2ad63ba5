"""Whether the lead of a booking gets its mails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exists, select

from booking.bookings.mail_kinds import MailKind
from booking.outbox.models import Message, MessageState, Recipient

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from booking.bookings.models import Booking


def has_undelivered_mail(booking: Booking, *, session: Session) -> bool:
    """Tell whether a mail to the lead about ``booking`` as it stands was refused for good."""
    refused = exists().where(
        Message.booking_id == booking.id,
        Message.sequence == booking.meeting.sequence,
        Message.recipient == Recipient.LEAD,
        Message.kind.not_in([kind for kind in MailKind if kind.is_to_stranger]),
        Message.state == MessageState.FAILED,
    )
    return bool(session.scalar(select(refused)))
