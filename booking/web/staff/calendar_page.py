"""The calendar: day, week or list, of oneself, of one host, or of everybody side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response

from booking import clock
from booking.bookings.agenda import (
    CONFIRMED,
    CONFIRMED_AND_CANCELLED,
    count_unmarked,
    list_hosts,
    list_unmarked,
)
from booking.bookings.host_calendar import load_calendars
from booking.db import db
from booking.staff.find import get_staff
from booking.time_zone import time_zone
from booking.web.assets import kept, version_of
from booking.web.audience import Audience, is_for
from booking.web.page import page_url
from booking.web.staff.calendar_view import Span, asked_view
from booking.web.staff.console_page import render_console_page
from booking.web.staff.drawn_calendar import draw
from booking.web.staff.history_facts import OUTCOMES
from booking.web.staff.listed_calendar import list_days, list_team
from booking.web.staff.one_click import marking
from booking.web.staff.scope import sees_everybody
from booking.web.staff.signed_in import get_signed_in
from booking.web.staff.time_grid import grid_css

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from booking.bookings.host_calendar import HostCalendar
    from booking.staff.models import Staff
    from booking.web.staff.calendar_view import CalendarView

MOST_UNMARKED = 100

blueprint = Blueprint("staff_calendar", __name__)


@blueprint.get("/staff/calendar")
@is_for(Audience.HOST)
def show_calendar() -> Response:
    """Show what the address asks for."""
    signed_in, now = get_signed_in(), clock.now()
    view = asked_view(signed_in=signed_in, now=now)
    host = _find_host(view)
    zone = host.time_zone if host else signed_in.time_zone
    start, end = view.bounds(zone=zone)
    session = db.session()
    team = list_hosts(start=start, end=end, session=session) if sees_everybody(signed_in) else ()
    calendars = load_calendars(
        [host] if host else team,
        start=start,
        end=end,
        states=CONFIRMED_AND_CANCELLED if view.span is Span.LIST else CONFIRMED,
        now=now,
        session=session,
    )
    return render_console_page(
        "staff/calendar.html",
        view=view,
        host=host,
        team=team,
        today=now.astimezone(time_zone(zone)).date(),
        now=now,
        zone_name=zone,
        outcome_words=OUTCOMES,
        grid_url=page_url("staff_calendar.send_grid", v=version_of(grid_css().encode())),
        **_parts(view, calendars=calendars, zone=zone, now=now),
    )


@blueprint.get("/staff/calendar/unmarked")
@is_for(Audience.HOST)
def show_unmarked() -> Response:
    """List the demos that are over and of which nobody said what became of them."""
    signed_in, now = get_signed_in(), clock.now()
    view = asked_view(signed_in=signed_in, now=now)
    whose = None if view.host_id is None else [view.host_id]
    session = db.session()
    entries = list_unmarked(whose, now=now, most=MOST_UNMARKED, session=session)
    return render_console_page(
        "staff/unmarked.html",
        view=view,
        count=count_unmarked(whose, now=now, session=session),
        entries=entries,
        **marking(entries, now=now, session=session),
    )


@blueprint.get("/staff/calendar-grid.css")
@is_for(Audience.HOST)
def send_grid() -> Response:
    """Answer with the places on a day: our pages carry no styles of their own."""
    return kept(Response(grid_css(), mimetype="text/css"))


def _find_host(view: CalendarView) -> Staff | None:
    """Return whose calendar is looked at; None for everybody's.

    Raises:
        NotFoundError: there is nobody with that id.
    """
    if view.host_id is None:
        return None
    return get_staff(view.host_id, session=db.session())


def _parts(
    view: CalendarView, *, calendars: Sequence[HostCalendar], zone: str, now: datetime
) -> dict[str, Any]:
    """Return what the page shows below its head, and the template that shows it."""
    if view.span is Span.LIST:
        listed = list_days(calendars, view=view, zone=zone)
        return {"part": "staff/_calendar_list.html", "listed": listed}
    if view.span is Span.WEEK and view.host_id is None:
        rows = list_team(calendars, days=view.days, zone=zone)
        return {"part": "staff/_calendar_team.html", "rows": rows}
    drawing = draw(calendars, days=view.days, zone=zone, now=now)
    return {"part": "staff/_calendar_grid.html", "drawing": drawing}
