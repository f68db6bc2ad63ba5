"""The invite of a booking as a file: what its newest mail carries, composed from the same row."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import Blueprint, Response, current_app
from sqlalchemy import select

from booking.db import db
from booking.errors import NotFoundError
from booking.outbox.models import Message, Recipient
from booking.web.current import open_booking
from booking.web.public.opened import explain_unknown_link

if TYPE_CHECKING:
    from collections.abc import Mapping

    from booking.outbox.composer import Composer

INVITING = ("confirmation", "moved", "cancelled")
"""The kinds of mail to the lead that carry an invite."""

blueprint = Blueprint("invite_file", __name__)
explain_unknown_link(blueprint)


@blueprint.get("/b/<token>/invite.ics")
def send_invite(token: str) -> Response:
    """Answer with the newest invite: a REQUEST, or the CANCEL once the booking is cancelled."""
    session = db.session()
    booking = open_booking(token, session=session)
    message = session.scalar(
        select(Message)
        .where(
            Message.booking_id == booking.id,
            Message.recipient == Recipient.LEAD,
            Message.kind.in_(INVITING),
        )
        .order_by(Message.sequence.desc(), Message.id.desc())
        .limit(1)
    )
    if message is None:
        raise NotFoundError
    composers = cast("Mapping[str, Composer]", current_app.extensions["composers"])
    calendar = composers[message.kind].compose(message, session).calendar
    assert calendar is not None  # noqa: S101 - every kind in INVITING carries one
    response = Response(
        calendar.content, content_type=f"text/calendar; method={calendar.method}; charset=UTF-8"
    )
    response.headers["Content-Disposition"] = "attachment; filename=invite.ics"
    return response
