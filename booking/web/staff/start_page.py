"""The first page after signing in: one's own demos of today and what comes next."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from flask import Blueprint, redirect

from booking import clock
from booking.bookings.agenda import list_agenda
from booking.db import db
from booking.time_zone import time_zone
from booking.web.audience import Audience, is_for
from booking.web.page import page_url
from booking.web.staff.console_page import render_console_page
from booking.web.staff.signed_in import get_signed_in

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as AnyResponse

    from booking.web.staff.signed_in import SignedIn

COMING_DAYS = 7

blueprint = Blueprint("staff_start", __name__)


@blueprint.get("/staff")
@is_for(Audience.HOST)
def lead_to_start() -> AnyResponse:
    """Lead on: the cookie is for what lies below this address."""
    return redirect(page_url("staff_start.show_start"))


@blueprint.get("/staff/")
@is_for(Audience.HOST)
def show_start() -> Response:
    """Show the demos of today and of the days to come."""
    signed_in, now = get_signed_in(), clock.now()
    today, tomorrow = _day_of(now, signed_in=signed_in)
    entries = list_agenda(
        [signed_in.staff_id],
        start=today,
        end=tomorrow + timedelta(days=COMING_DAYS),
        session=db.session(),
    )
    return render_console_page(
        "staff/start.html",
        now=now,
        todays=[entry for entry in entries if entry.meeting.starts_at < tomorrow],
        coming=[entry for entry in entries if entry.meeting.starts_at >= tomorrow],
    )


def _day_of(now: datetime, *, signed_in: SignedIn) -> tuple[datetime, datetime]:
    """Return the beginning and the end of today where the staff member lives."""
    zone = time_zone(signed_in.time_zone)
    today = now.astimezone(zone).date()
    return tuple(  # type: ignore[return-value]  # two days, two instants
        datetime.combine(day, time(), zone) for day in (today, today + timedelta(days=1))
    )
