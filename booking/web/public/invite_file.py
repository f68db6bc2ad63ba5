"""The invite of a booking as a file, for calendars that read no mail."""

from __future__ import annotations

from flask import Blueprint, Response

from booking.bookings.present_invite import compose_invite
from booking.db import db
from booking.web.current import current_installation, open_booking
from booking.web.public.opened import explain_unknown_link

blueprint = Blueprint("invite_file", __name__)
explain_unknown_link(blueprint)


@blueprint.get("/b/<token>/invite.ics")
def send_invite(token: str) -> Response:
    """Answer with a REQUEST, or with the CANCEL once the booking is cancelled."""
    session = db.session()
    booking = open_booking(token, session=session)
    calendar = compose_invite(booking, session=session, installation=current_installation())
    response = Response(
        calendar.content, content_type=f"text/calendar; method={calendar.method}; charset=UTF-8"
    )
    response.headers["Content-Disposition"] = "attachment; filename=invite.ics"
    return response
