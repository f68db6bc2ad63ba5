"""A host's demos as a calendar that other calendars subscribe to; who has the address may read."""

from __future__ import annotations

from flask import Blueprint, Response, request

from booking import clock
from booking.bookings.feed import compose_feed
from booking.db import db
from booking.errors import NotFoundError
from booking.staff.feed_links import find_feed
from booking.web.rate_limits import UNKNOWN_TOKENS, count

blueprint = Blueprint("feed_file", __name__)


@blueprint.get("/feeds/<token>.ics")
def send_feed(token: str) -> Response:
    """Answer with the calendar, or with nothing new for whoever has it already.

    Raises:
        NotFoundError: the address leads nowhere, or its owner has left.
        RateLimitedError: too many such addresses came from this client.
    """
    session = db.session()
    found = find_feed(token, session=session)
    if found is None:
        count(UNKNOWN_TOKENS)
        raise NotFoundError
    feed, staff = found
    content = compose_feed(staff, detail=feed.detail, now=clock.now(), session=session)
    response = Response(content, content_type="text/calendar; charset=UTF-8")
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    response.add_etag()
    response.make_conditional(request)
    return response
