"""Mails about a booking as they would leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from booking.bookings.emails import composers
from tests.bookings_at_work import INSTALLATION
from tests.mail_scenarios import (
    add_history,
    make_demo,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from booking.outbox.mime import OutgoingMail
    from booking.outbox.models import Message, Recipient


def compose(message: Message, *, session: Session) -> OutgoingMail:
    return composers(INSTALLATION)[message.kind].compose(message, session)


def compose_for(kind: str, *, whom: Recipient, session: Session, **changes: Any) -> OutgoingMail:
    """Return a mail about a booking with ``changes``."""
    booking = make_demo(session, **changes)
    message = add_history(kind, whom=whom, booking=booking, session=session)
    return compose(message, session=session)


def invite_of(mail: OutgoingMail) -> str:
    """Return the invite with its lines unfolded."""
    return mail.calendar.content.decode().replace("\r\n ", "") if mail.calendar else ""
