"""Finds what came of a wish: the demo that its lead has booked since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from booking.bookings.lifecycle import BookingState
from booking.bookings.models import Booking

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from booking.wishes.models import Wish


def find_booking_since(wish: Wish, *, session: Session) -> Booking | None:
    """Return the newest demo that the lead has booked since the wish and not cancelled."""
    return session.scalars(
        select(Booking)
        .where(
            Booking.lead_id == wish.lead_id,
            Booking.state == BookingState.CONFIRMED,
            Booking.confirmed_at >= wish.created_at,
        )
        .order_by(Booking.confirmed_at.desc(), Booking.id.desc())
        .limit(1)
    ).first()
