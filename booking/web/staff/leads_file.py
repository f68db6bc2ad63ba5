"""The leads asked for as a file for spreadsheets; that somebody took them along is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, current_app, request

from booking import clock
from booking.db import db, run_in_transaction, snapshot
from booking.history import record
from booking.inbox.list_leads import list_leads
from booking.segment import SEGMENT_NAMES
from booking.staff.models import Staff
from booking.templating import N_, translate
from booking.time_zone import time_zone
from booking.web.audience import Audience, is_for
from booking.web.language import request_locale
from booking.web.staff.csv_cells import write_csv
from booking.web.staff.lead_filter import AskedFor
from booking.web.staff.lead_names import STATE_NAMES
from booking.web.staff.leads_page import blueprint
from booking.web.staff.signed_in import get_signed_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from flask import Flask
    from sqlalchemy.orm import Session

    from booking.inbox.list_leads import LeadFilter, LeadRow
    from booking.web.staff.signed_in import SignedIn

AT_ONCE = 200

COLUMNS = (
    N_("Name"),
    N_("Company"),
    N_("Email"),
    N_("Phone"),
    N_("For whom"),
    N_("Team size"),
    N_("State"),
    N_("Host"),
    N_("Next demo"),
    N_("Last demo"),
    N_("Came"),
    N_("Source"),
)


@blueprint.get("/staff/leads.csv")
@is_for(Audience.HOST)
def send_leads() -> Response:
    """Send all leads asked for, however many; a host gets their own."""
    signed_in, locale = get_signed_in(), request_locale()
    # Reading the organisation's language has opened a view; what follows needs its own.
    db.session.rollback()
    asked = AskedFor.read(request.args, signed_in=signed_in)
    run_in_transaction(lambda session: _record(asked, signed_in=signed_in, session=session))
    rows = _each_row(
        asked.filter(signed_in=signed_in),
        zone_name=signed_in.time_zone,
        locale=locale,
        now=clock.now(),
        app=current_app._get_current_object(),  # type: ignore[attr-defined]  # noqa: SLF001 - Flask's own way
    )
    head = [translate(column, locale=locale) for column in COLUMNS]
    return Response(
        write_csv(head, rows),
        mimetype="text/csv",
        headers={
            "Content-Disposition": 'attachment; filename="leads.csv"',
            "Cache-Control": "no-store",
        },
    )


TYPED = {"q", "source"}
"""What may be a name or an address; the history keeps none."""


def _record(asked: AskedFor, *, signed_in: SignedIn, session: Session) -> None:
    """Write who has exported, and by which filters; what was searched for may be a name."""
    record(
        "leads_exported",
        subject=session.get_one(Staff, signed_in.staff_id),
        actor=signed_in.actor,
        facts={name: value for name, value in asked.values.items() if name not in TYPED}
        | {"fields": sorted(asked.values.keys() & TYPED)},
        now=clock.now(),
        session=session,
    )


def _each_row(
    wanted: LeadFilter, *, zone_name: str, locale: str, now: datetime, app: Flask
) -> Iterator[Sequence[object]]:
    """Yield the cells of each lead; a few at a time, so that no view is kept open meanwhile."""
    after = None
    while True:
        with app.app_context(), snapshot() as session:
            page = list_leads(wanted, after=after, most=AT_ONCE, now=now, session=session)
        for row in page.rows:
            yield _cells(row, zone_name=zone_name, locale=locale)
        after = page.goes_on_after
        if after is None:
            return


def _cells(row: LeadRow, *, zone_name: str, locale: str) -> Sequence[object]:
    newest = row.standing.newest

    def told(instant: datetime | None) -> str:
        return f"{instant.astimezone(time_zone(zone_name)):%Y-%m-%d %H:%M}" if instant else ""

    return (
        newest.name,
        newest.company,
        newest.email,
        newest.phone,
        translate(SEGMENT_NAMES[newest.segment], locale=locale),
        newest.team_size,
        translate(STATE_NAMES[row.standing.state], locale=locale),
        ", ".join(row.hosts),
        told(row.next_start),
        told(row.last_start),
        told(newest.came_at),
        row.standing.source,
    )
