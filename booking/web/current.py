"""What a view finds in the application that serves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import current_app

from booking.bookings.tokens import get_booking
from booking.errors import NotFoundError
from booking.web.rate_limits import UNKNOWN_TOKENS, check, count

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from booking.bookings.models import Booking
    from booking.installation import Installation


def current_installation() -> Installation:
    """Return what the operator has fixed."""
    return cast("Installation", current_app.extensions["installation"])


def open_booking(token: str, *, session: Session, for_change: bool = False) -> Booking:
    """Return the booking that a manage token opens; who guesses tokens is soon refused.

    Raises:
        NotFoundError: the token opens nothing, and it is not told why.
        RateLimitedError: too many such tokens came from this client.
    """
    check(UNKNOWN_TOKENS)
    try:
        return get_booking(token, session=session, for_change=for_change)
    except NotFoundError:
        count(UNKNOWN_TOKENS)
        raise
