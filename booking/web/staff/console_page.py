"""Renders a page of the console: what every one of them shows of its reader and its neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, request

from booking.db import db
from booking.segment import SEGMENT_NAMES
from booking.staff.models import Role
from booking.templating import N_
from booking.web.language import request_time_zone
from booking.web.page import asked_language, render_page
from booking.web.staff.notices import find_notices
from booking.web.staff.places import MENU, open_to
from booking.web.staff.scope import own_id_of_host
from booking.web.staff.signed_in import known_signed_in
from booking.wishes.list_wishes import count_open_wishes

if TYPE_CHECKING:
    from booking.web.staff.signed_in import SignedIn

ROLE_NAMES = {
    Role.HOST: N_("Host"),
    Role.MANAGER: N_("Team lead"),
    Role.ADMIN: N_("Administrator"),
}

COUNTS = {"staff_wishes.show_wishes": count_open_wishes}
"""How much waits behind a page of the menu: for a host, or for None, who sees everything."""


def render_console_page(template: str, *, status: int = 200, **context: Any) -> Response:
    """Return the page made of ``template`` for whoever is signed in."""
    signed_in = known_signed_in()
    response = render_page(
        template,
        status=status,
        signed_in=signed_in,
        navigation=_navigation(signed_in) if signed_in else (),
        role_names=ROLE_NAMES,
        segment_words=SEGMENT_NAMES,
        notices=find_notices(signed_in),
        language=asked_language(),
        **{"zone_name": _zone_of(signed_in)} | context,
    )
    # Nobody who sits down here after signing out can go back to it.
    response.headers["Cache-Control"] = "no-store"
    return response


def _zone_of(signed_in: SignedIn | None) -> str:
    """Return the zone in which the page tells times: its reader's own."""
    return signed_in.time_zone if signed_in else request_time_zone()


def _navigation(signed_in: SignedIn) -> list[tuple[str, str, str, bool, int]]:
    blueprint = request.blueprint
    return [
        (
            endpoint,
            name,
            icon,
            endpoint.rpartition(".")[0] == blueprint,
            _count(endpoint, signed_in=signed_in),
        )
        for endpoint, name, icon in open_to(signed_in, MENU)
    ]


def _count(endpoint: str, *, signed_in: SignedIn) -> int:
    count = COUNTS.get(endpoint)
    return count(own_id_of_host(signed_in), session=db.session()) if count else 0
