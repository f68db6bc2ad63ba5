"""„Das war ich nicht“: the owner of an address calls off what somebody else has booked with it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from booking.bookings.cancel import cancel_booking
from booking.history import OWNER, record
from booking.leads.models import Lead

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.bookings.models import Booking

SUPPRESSED_FOR = timedelta(days=30)


def disown_booking(booking: Booking, *, now: datetime, session: Session) -> None:
    """Cancel ``booking``, mail its address nothing more, and let nobody book with it for 30 days.

    Again: nothing happens. A demo that has begun stays as it is. ``booking`` was loaded for a
    change.
    """
    lead = session.get_one(Lead, booking.lead_id)
    if is_disowned(lead, now=now):
        return
    if now < booking.meeting.starts_at:
        cancel_booking(booking, reason=None, now=now, session=session, actor=OWNER)
    lead.suppressed_until = now + SUPPRESSED_FOR
    record(
        "suppressed",
        subject=lead,
        actor=OWNER,
        facts={"until": lead.suppressed_until.isoformat()},
        now=now,
        session=session,
    )


def is_disowned(lead: Lead, *, now: datetime) -> bool:
    """Tell whether the owner of the address has said so within the last 30 days."""
    return lead.suppressed_until is not None and lead.suppressed_until > now
