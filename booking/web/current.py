"""What a view finds in the application that serves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import current_app

from booking import clock
from booking.bookings.mail_link import mail_link_again
from booking.bookings.tokens import Purpose, get_booking
from booking.db import run_in_transaction
from booking.errors import NotFoundError
from booking.web.rate_limits import UNKNOWN_TOKENS, count

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from booking.bookings.models import Booking
    from booking.bookings.refusals import AlreadyBookedError
    from booking.installation import Installation


def current_installation() -> Installation:
    """Return what the operator has fixed."""
    return cast("Installation", current_app.extensions["installation"])


def mail_link_to_owner(refusal: AlreadyBookedError) -> None:
    """Mail the link again to the address itself: whoever asks may be a stranger."""
    run_in_transaction(
        lambda session: mail_link_again(refusal.booking_id, now=clock.now(), session=session)
    )


def open_booking(
    token: str,
    *,
    session: Session,
    purpose: Purpose = Purpose.MANAGE,
    for_change: bool = False,
) -> Booking:
    """Return the booking that ``token`` opens; who guesses tokens is soon refused.

    Raises:
        NotFoundError: the token opens nothing, and it is not told why.
        RateLimitedError: too many such tokens came from this client.
    """
    try:
        return get_booking(token, purpose=purpose, session=session, for_change=for_change)
    except NotFoundError:
        count(UNKNOWN_TOKENS)
        raise
