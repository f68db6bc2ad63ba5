"""The numbers: what became of the demos of a period, each figure with its definition beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from booking import clock
from booking.db import db
from booking.numbers.models import Step
from booking.numbers.report import make_report
from booking.numbers.selection import By
from booking.organisation.find import get_organisation
from booking.segment import Segment
from booking.staff.names import names_of_staff
from booking.templating import N_
from booking.time_zone import time_zone
from booking.web.audience import Audience, is_for
from booking.web.staff.console_page import render_console_page
from booking.web.staff.numbers_csv import write_figures
from booking.web.staff.numbers_request import read_request
from booking.web.staff.numbers_words import WORDS, tell_figures
from booking.web.staff.scope import sees_everybody
from booking.web.staff.signed_in import get_signed_in

if TYPE_CHECKING:
    from datetime import datetime

    from booking.numbers.report import Report
    from booking.web.staff.numbers_request import NumbersRequest

BY_NAMES = {
    By.HOST: N_("Host"),
    By.SEGMENT: N_("Segment"),
    By.SOURCE: N_("Source"),
    By.WEEKDAY: N_("Weekday"),
}
STEP_NAMES = {
    Step.OPENED: N_("Page opened"),
    Step.CHOSEN: N_("Time chosen"),
    Step.SENT: N_("Details sent"),
}

FILTERS = ("from", "to", "host", "segment", "source", "weekday", "by")

blueprint = Blueprint("staff_numbers", __name__)


@blueprint.get("/staff/numbers")
@is_for(Audience.HOST)
def show_numbers() -> Response:
    """Show the numbers that the address asks for."""
    asked, report, now = _report()
    return render_console_page(
        "staff/numbers.html",
        asked=asked,
        report=report,
        now=now,
        told=tell_figures(report.figures, before=report.before),
        host_names=names_of_staff(session=db.session()),
        sees_everybody=sees_everybody(get_signed_in()),
        by_names=BY_NAMES,
        step_names=STEP_NAMES,
        segments=tuple(Segment),
        is_language_asked="locale" in request.args,
        query={name: request.args[name] for name in FILTERS if name in request.args},
    )


@blueprint.get("/staff/numbers.csv")
@is_for(Audience.HOST)
def send_numbers() -> Response:
    """Answer with the same figures as a table for other programs."""
    asked, report, _now = _report()
    host_names = names_of_staff(session=db.session()) if asked.by is By.HOST else {}
    return Response(
        write_figures(report, by=asked.by, host_names=host_names, words=WORDS),
        mimetype="text/csv",
        headers={
            "Content-Disposition": f'attachment; filename="numbers-{asked.days.last}.csv"',
            "Cache-Control": "no-store",
        },
    )


def _report() -> tuple[NumbersRequest, Report, datetime]:
    now, session, signed_in = clock.now(), db.session(), get_signed_in()
    zone = time_zone(get_organisation(session=session).time_zone)
    today = now.astimezone(zone).date()
    asked = read_request(request.args, today=today, signed_in=signed_in)
    report = make_report(
        asked.days,
        selection=asked.selection,
        by=asked.by,
        zone=zone,
        now=now,
        session=session,
    )
    return asked, report, now
