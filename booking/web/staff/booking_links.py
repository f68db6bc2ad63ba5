"""Where a booking is shown in full: the one place that knows the address of its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app

from booking.web.page import page_url

if TYPE_CHECKING:
    from booking.bookings.models import Booking

PAGE = "staff_bookings.show_booking"


def booking_url(booking: Booking) -> str | None:
    """Return the address of the page of ``booking``; None where there is no such page."""
    if PAGE not in current_app.view_functions:
        return None
    return page_url(PAGE, public_id=booking.public_id)
