"""Calls that hold a slot for a few minutes, and let it go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response

from booking import clock
from booking.bookings.hold import hold_slot, release_hold
from booking.db import run_in_transaction
from booking.event_types.find import get_event_type
from booking.fields.read import read
from booking.web.api.answers import HoldAnswer, HoldFacts, json_response
from booking.web.api.json_body import read_object
from booking.web.api.requests import HoldRequest
from booking.web.audience import Audience, is_for
from booking.web.current import count_hold, current_installation
from booking.web.rate_limits import UNKNOWN_TOKENS, count

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from booking.bookings.hold import Hold

blueprint = Blueprint("api_holds", __name__, url_prefix="/api/v1/holds")


@blueprint.post("")
def create_hold() -> Response:
    """Hold a slot; nobody's name is asked yet."""
    wanted = read(HoldRequest, read_object())
    count_hold(wanted.event_type)

    def hold(session: Session) -> Hold:
        return hold_slot(
            get_event_type(wanted.event_type, session=session),
            start=wanted.start,
            segment=wanted.segment,
            now=clock.now(),
            session=session,
            installation=current_installation(),
        )

    held = run_in_transaction(hold)
    answer = HoldAnswer(hold=HoldFacts(token=held.token, expires_at=held.expires_at))
    return json_response(answer, status=201)


@blueprint.delete("/<token>")
@is_for(Audience.LINK_HOLDER)
def delete_hold(token: str) -> Response:
    """Let the slot go; also fine when there is nothing to let go."""
    if not run_in_transaction(lambda session: release_hold(token, session=session)):
        count(UNKNOWN_TOKENS)
    return Response(status=204)
