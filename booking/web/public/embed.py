"""The booking page in a company's own website: the same pages below ``/embed``, and the script.

Only the origins that the organisation lists may show them in a frame. What is done behind a
booking's link is not among them: it opens in a window of its own. The page of the booking just made
is, since it holds links and no form.
"""

from __future__ import annotations

from functools import cache

from flask import Blueprint, Response, request

from booking.web.assets import EMBED_SCRIPT
from booking.web.page import EMBED, current_masthead
from booking.web.public import booking_page, manage_page, wish_page
from booking.web.security import let_embed

SOON_ASKED_AGAIN = "public, max-age=600"
"""The script must fit the pages, and its address tells nothing of its age."""

blueprint = Blueprint(EMBED, __name__, url_prefix="/embed")
for module in (booking_page, wish_page, manage_page):
    blueprint.register_blueprint(module.blueprint)

script = Blueprint("embed_script", __name__)


@blueprint.after_request
def let_listed_embed(response: Response) -> Response:
    """Let the origins that the organisation lists show the page, and no search engine list it."""
    masthead = current_masthead()
    let_embed(masthead.embed_origins if masthead else ())
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@script.get("/embed.js")
def send_script() -> Response:
    """Answer with the script that puts the booking page into another."""
    response = Response(_script(), mimetype="text/javascript")
    response.headers["Cache-Control"] = SOON_ASKED_AGAIN
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.add_etag()
    response.make_conditional(request)
    return response


@cache
def _script() -> bytes:
    return EMBED_SCRIPT.read_bytes()
