"""„Das war ich nicht“: the owner of an address calls off what somebody else has booked with it."""

from __future__ import annotations

from datetime import timedelta
from itertools import chain
from typing import TYPE_CHECKING

from sqlalchemy import select

from booking.bookings.cancel import cancel_booking
from booking.bookings.lifecycle import BookingState
from booking.bookings.models import Booking, Meeting
from booking.bookings.placement import reserved_hosts
from booking.history import OWNER, record
from booking.leads.models import Lead
from booking.staff.calendar_lock import lock_calendars

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

SUPPRESSED_FOR = timedelta(days=30)


def disown_address(lead_id: int, *, now: datetime, session: Session) -> None:
    """Cancel all that was booked with the address, mail it nothing, let nobody book for 30 days.

    Again: nothing happens. A demo that has begun stays as it is. Whoever books locks the lead
    first, and so does this, so that neither waits for the other in a circle and no booking that is
    just being made stays behind.
    """
    lead = session.get_one(
        Lead, lead_id, with_for_update={"key_share": True}, populate_existing=True
    )
    bookings = _bookings_to_come(lead, now=now, session=session)
    hosts = [reserved_hosts(other.meeting, session=session) for other in bookings]
    lock_calendars(chain.from_iterable(hosts), session=session)
    for other in bookings:
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
        .with_for_update(of=Booking, key_share=True)
        .execution_options(populate_existing=True)
    ).all()


def is_disowned(lead: Lead, *, now: datetime) -> bool:
    """Tell whether the owner of the address has said so within the last 30 days."""
    return lead.suppressed_until is not None and lead.suppressed_until > now
