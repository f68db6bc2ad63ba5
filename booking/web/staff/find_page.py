"""Finds by a word: a page of the console, or a lead; the only one found is opened at once."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from flask import Blueprint, redirect, request

from booking import clock
from booking.db import db
from booking.inbox.list_leads import LeadFilter, list_leads
from booking.inbox.standing import as_searched
from booking.templating import translate
from booking.web.audience import Audience, is_for
from booking.web.language import request_locale
from booking.web.page import page_url
from booking.web.staff.console_page import render_console_page
from booking.web.staff.lead_names import STATE_NAMES
from booking.web.staff.places import BEHIND, MENU, open_to
from booking.web.staff.scope import own_id_of_host
from booking.web.staff.signed_in import get_signed_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug.wrappers import Response as AnyResponse

    from booking.inbox.list_leads import LeadRow
    from booking.web.staff.places import Place

LONGEST = 200
MOST_LEADS = 20

blueprint = Blueprint("staff_find", __name__)


@blueprint.get("/staff/find")
@is_for(Audience.HOST)
def find() -> AnyResponse:
    """Show what has all the words asked for; without a word, every page there is."""
    asked = request.args.get("q", "").strip()[:LONGEST]
    places = _find_places(asked)
    leads = _find_leads(asked) if asked else ()
    addresses = [
        *(page_url(endpoint) for endpoint, _, _ in places),
        *(page_url("staff_leads.show_lead", lead_id=lead.lead_id) for lead in leads),
    ]
    if asked and len(addresses) == 1:
        return redirect(addresses[0], code=303)
    return render_console_page(
        "staff/find.html", asked=asked, places=places, leads=leads, state_names=STATE_NAMES
    )


def _find_places(asked: str) -> list[Place]:
    words = as_searched(asked).split()
    places = open_to(get_signed_in(), chain(MENU, BEHIND))
    return [place for place in places if all(word in _name_of(place) for word in words)]


def _name_of(place: Place) -> str:
    return as_searched(translate(place[1], locale=request_locale()))


def _find_leads(asked: str) -> Sequence[LeadRow]:
    wanted = LeadFilter(seen_by=own_id_of_host(get_signed_in()), text=asked)
    session = db.session()
    return list_leads(wanted, after=None, most=MOST_LEADS, now=clock.now(), session=session).rows
