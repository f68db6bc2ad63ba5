"""The inbox: leads by segment, state and host, the newest first; the filters are the address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, request

from booking import clock
from booking.db import db
from booking.inbox.list_leads import Place, list_leads, list_sources
from booking.staff.names import names_of_staff
from booking.web.audience import Audience, is_for
from booking.web.page import asked_language, page_url
from booking.web.staff.console_page import render_console_page
from booking.web.staff.lead_filter import AskedFor
from booking.web.staff.lead_names import STATE_NAMES
from booking.web.staff.scope import own_id_of_host, sees_everybody
from booking.web.staff.signed_in import get_signed_in

if TYPE_CHECKING:
    from flask import Response
    from sqlalchemy.orm import Session

PAGE_SIZE = 50

blueprint = Blueprint("staff_leads", __name__)


@blueprint.get("/staff/leads")
@is_for(Audience.HOST)
def show_leads() -> Response:
    """List the leads asked for, those that came last first."""
    signed_in, session = get_signed_in(), db.session()
    asked = AskedFor.read(request.args, signed_in=signed_in)
    wanted = asked.filter(signed_in=signed_in)
    after = Place.read(request.args.get("after", ""))
    page = list_leads(wanted, after=after, most=PAGE_SIZE, now=clock.now(), session=session)
    return render_console_page(
        "staff/leads.html",
        rows=page.rows,
        asked=asked.values,
        typed={**asked.values, **asked_language()},
        is_first_page=after is None,
        first_url=page_url("staff_leads.show_leads", **asked.values),
        next_url=page.goes_on_after
        and page_url("staff_leads.show_leads", **asked.values, after=page.goes_on_after.write()),
        sources=_sources(asked, session=session),
        hosts=names_of_staff(session=session) if sees_everybody(signed_in) else {},
        state_names=STATE_NAMES,
    )


def _sources(asked: AskedFor, *, session: Session) -> list[tuple[str, str]]:
    """Return where leads came from, as the filter offers them; what is asked for among them."""
    known = list_sources(own_id_of_host(get_signed_in()), session=session)
    chosen = asked.values.get("source")
    return [(source, source) for source in dict.fromkeys([*([chosen] if chosen else ()), *known])]
