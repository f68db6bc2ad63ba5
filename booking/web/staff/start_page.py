"""The first page after signing in: the demos of today, what comes next, and what is left to do."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import Blueprint, redirect, request

from booking import clock
from booking.bookings.agenda import count_unmarked, list_agenda
from booking.db import db
from booking.time_zone import local_day, time_zone
from booking.web.audience import Audience, is_for
from booking.web.page import page_url
from booking.web.staff.calendar_view import EVERYBODY
from booking.web.staff.console_page import render_console_page
from booking.web.staff.one_click import marking
from booking.web.staff.scope import sees_everybody
from booking.web.staff.signed_in import get_signed_in

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as AnyResponse

COMING_DAYS = timedelta(days=7)

blueprint = Blueprint("staff_start", __name__)


@blueprint.get("/staff")
@is_for(Audience.HOST)
def lead_to_start() -> AnyResponse:
    """Lead on: the cookie is for what lies below this address."""
    return redirect(page_url("staff_start.show_start"))


@blueprint.get("/staff/")
@is_for(Audience.HOST)
def show_start() -> Response:
    """Show the demos of today and of the days to come: one's own, or everybody's."""
    signed_in, now, session = get_signed_in(), clock.now(), db.session()
    may_see_all = sees_everybody(signed_in)
    shows_all = may_see_all and request.args.get("host") == EVERYBODY
    whose = None if shows_all else [signed_in.staff_id]
    zone = signed_in.time_zone
    today, tomorrow = local_day(now.astimezone(time_zone(zone)).date(), zone=zone)
    entries = list_agenda(whose, start=today, end=tomorrow + COMING_DAYS, session=session)
    return render_console_page(
        "staff/start.html",
        now=now,
        may_see_all=may_see_all,
        shows_all=shows_all,
        unmarked=count_unmarked(whose, now=now, session=session),
        **marking(entries, now=now, session=session),
        todays=[entry for entry in entries if entry.meeting.starts_at < tomorrow],
        coming=[entry for entry in entries if entry.meeting.starts_at >= tomorrow],
    )
