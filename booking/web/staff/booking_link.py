"""Where a booking is shown in the console."""

from __future__ import annotations

from flask import current_app

from booking.web.page import page_url

ENDPOINT = "staff_bookings.show_booking"


def booking_url(public_id: str) -> str | None:
    """Return the address of the booking's page; None where there is no such page."""
    if ENDPOINT not in current_app.view_functions:
        return None
    return page_url(ENDPOINT, public_id=public_id)
