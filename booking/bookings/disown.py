"""„Das war ich nicht“: the owner of an address calls off what somebody else has booked with it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from booking.bookings.cancel import cancel_booking
from booking.bookings.lifecycle import BookingState
from booking.bookings.models import Booking, Meeting
from booking.history import OWNER, record
from booking.leads.models import Lead

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

SUPPRESSED_FOR = timedelta(days=30)


def disown_booking(booking: Booking, *, now: datetime, session: Session) -> None:
    """Cancel all that was booked with the address, mail it nothing, let nobody book for 30 days.

    Again: nothing happens. A demo that has begun stays as it is. ``booking`` was loaded for a
    change.
    """
    lead = session.get_one(Lead, booking.lead_id)
    for other in _bookings_to_come(lead, now=now, session=session):
        cancel_booking(other, reason=None, now=now, session=session, actor=OWNER)
    if is_disowned(lead, now=now):
        return
    lead.suppressed_until = now + SUPPRESSED_FOR
    record(
        "suppressed",
        subject=lead,
        actor=OWNER,
        facts={"until": lead.suppressed_until.isoformat()},
        now=now,
        session=session,
    )


def _bookings_to_come(lead: Lead, *, now: datetime, session: Session) -> Sequence[Booking]:
    return session.scalars(
        select(Booking)
        .join(Meeting)
        .where(
            Booking.lead_id == lead.id,
            Booking.state == BookingState.CONFIRMED,
            Meeting.starts_at > now,
        )
        .order_by(Booking.id)
        .with_for_update(of=Booking)
    ).all()


def is_disowned(lead: Lead, *, now: datetime) -> bool:
    """Tell whether the owner of the address has said so within the last 30 days."""
    return lead.suppressed_until is not None and lead.suppressed_until > now
