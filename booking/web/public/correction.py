"""What the form that corrects a mail address does when it is sent: correct it exactly once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booking.bookings.idempotency import claim_key, keep_answer, replace_answers
from booking.bookings.readdress import readdress_booking
from booking.web.public.submission import ROUTE as BOOKING_ROUTE

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.installation import Installation

ROUTE = "address-form"
CORRECTED = 200


def correct_once(
    token: str, *, email: str, key: str, now: datetime, session: Session, installation: Installation
) -> str:
    """Correct the address, unless the form with ``key`` has done just that; return the new token.

    Whoever goes back and sends the booking's own form again is led there as well.

    Raises:
        BookingError, AddressSuppressedError: as ``readdress_booking``.
    """
    kept = claim_key(
        key,
        route=ROUTE,
        body=f"{token} {email}".encode(),
        now=now,
        session=session,
        installation=installation,
    )
    if kept and kept.same_request:
        return kept.body
    # Sent again with another address, the form corrects what it has corrected before.
    corrected = readdress_booking(
        kept.body if kept else token,
        email=email,
        now=now,
        session=session,
        installation=installation,
    )
    for route in (BOOKING_ROUTE, ROUTE):
        replace_answers(
            corrected.booking,
            route=route,
            body=corrected.token,
            session=session,
            installation=installation,
        )
    keep_answer(
        key,
        route=ROUTE,
        status=CORRECTED,
        body=corrected.token,
        booking=corrected.booking,
        session=session,
        installation=installation,
    )
    return corrected.token
