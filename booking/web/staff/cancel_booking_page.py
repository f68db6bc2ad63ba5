"""Cancels a booking, with a reason that the lead is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, request
from pydantic import BaseModel

from booking import clock
from booking.bookings.cancel import cancel_booking
from booking.db import db
from booking.errors import InvalidFieldsError
from booking.fields.read import read
from booking.leads.intake import Reason
from booking.web.audience import Audience, is_for
from booking.web.staff.opened_booking import act, explain_changed, open_to_act, render_booking_page
from booking.web.staff.signed_in import get_signed_in

if TYPE_CHECKING:
    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response as AnyResponse

    from booking.bookings.models import Booking

blueprint = Blueprint("staff_booking_cancel", __name__)
explain_changed(blueprint)


class Cancellation(BaseModel):
    """What the lead is told."""

    reason: Reason | None = None


@blueprint.get("/staff/bookings/<public_id>/cancel")
@is_for(Audience.HOST)
def show_cancel(public_id: str) -> Response:
    """Ask for the reason."""
    return _show(public_id)


@blueprint.post("/staff/bookings/<public_id>/cancel")
@is_for(Audience.HOST)
def cancel(public_id: str) -> AnyResponse:
    """Cancel it."""
    actor = get_signed_in().actor
    try:
        typed = read(Cancellation, {"reason": request.form.get("reason", "")})
    except InvalidFieldsError as refusal:
        return _show(public_id, refusal=refusal)

    def work(booking: Booking, session: Session) -> None:
        cancel_booking(booking, reason=typed.reason, actor=actor, now=clock.now(), session=session)

    return act(public_id, work, done="cancelled")


def _show(public_id: str, refusal: InvalidFieldsError | None = None) -> Response:
    db.session.rollback()
    opened = open_to_act(public_id)
    return render_booking_page(
        "staff/booking_cancel.html",
        opened,
        refusal=refusal,
        version=request.form.get("version", opened.version),
        typed=request.form,
    )
