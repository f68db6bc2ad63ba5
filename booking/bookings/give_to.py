"""Gives a booking to another mail address, whoever corrects it.

The new address gets what the old one had got; the old one, perhaps a stranger's, loses its link,
and the demo leaves its calendar.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from booking.bookings.admission import READDRESSED
from booking.bookings.notify import notify_readdressed
from booking.bookings.tokens import renew_tokens
from booking.event_types.models import EventType
from booking.history import record
from booking.leads.models import Lead

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.bookings.models import Booking
    from booking.installation import Installation


def give_to(
    booking: Booking,
    *,
    lead: Lead,
    email: str,
    actor: str,
    now: datetime,
    session: Session,
    installation: Installation,
) -> str:
    """Let ``booking`` belong to ``lead``, whose address is ``email``; return its new manage token.

    Who may ask for it has been asked before.
    """
    event_type = session.get_one(EventType, booking.meeting.event_type_id)
    former, former_email = session.get_one(Lead, booking.lead_id), booking.email or ""
    booking.lead_id, booking.email = lead.id, email
    booking.meeting.sequence += 1
    manage_token = renew_tokens(booking, now=now, session=session, installation=installation)
    session.flush()
    record(
        READDRESSED,
        subject=booking,
        actor=actor,
        facts={"fields": ["email"], "sequence": booking.meeting.sequence},
        now=now,
        session=session,
    )
    record(READDRESSED, subject=former, actor=actor, facts={}, now=now, session=session)
    notify_readdressed(
        booking, event_type=event_type, former_email=former_email, now=now, session=session
    )
    return manage_token
