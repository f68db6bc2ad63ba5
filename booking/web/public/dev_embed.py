"""A page that embeds the booking page in each of the three ways, as a company's own site would.

There only under ``make run``, where the pages may stand in those of their own origin.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from booking.db import db
from booking.event_types.find import list_event_types
from booking.web.page import render_page
from booking.web.public.dev_only import POLICY_WITH_FRAMES, refuse_strangers

if TYPE_CHECKING:
    from flask import Response

blueprint = Blueprint("dev_embed", __name__, url_prefix="/dev/embed")
blueprint.before_request(refuse_strangers)


@blueprint.get("")
def show_embedded() -> Response:
    """Show the three ways, for the first demo there is."""
    event_types = list_event_types(session=db.session())
    response = render_page(
        "pages/dev_embed.html",
        event_type=event_types[0] if event_types else None,
    )
    response.headers["Content-Security-Policy"] = POLICY_WITH_FRAMES
    return response
