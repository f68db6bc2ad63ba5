"""Hands a booking over: who is free then, whose turn it is, and what stands against the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from booking import clock
from booking.bookings.authority import ONCE_SETTLED, OVERRULABLE, can_be_overruled
from booking.bookings.hand_over import hand_over
from booking.bookings.placement import reserved_hosts
from booking.bookings.refusals import SlotUnavailableError
from booking.bookings.successors import list_successors
from booking.db import db
from booking.errors import InvalidFieldsError
from booking.web.audience import Audience, is_for
from booking.web.short_ids import read_id
from booking.web.staff.opened_booking import act, explain_changed, open_to_act, render_booking_page
from booking.web.staff.signed_in import get_signed_in

if TYPE_CHECKING:
    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response as AnyResponse

    from booking.bookings.models import Booking
    from booking.errors import BookingError

blueprint = Blueprint("staff_booking_hand_over", __name__)
explain_changed(blueprint)


@blueprint.get("/staff/bookings/<public_id>/hand-over")
@is_for(Audience.HOST)
def show_hand_over(public_id: str) -> Response:
    """Show every colleague, those first who are free."""
    return _show(public_id)


@blueprint.post("/staff/bookings/<public_id>/hand-over")
@is_for(Audience.HOST)
def pass_on(public_id: str) -> AnyResponse:
    """Hand it over; what stands against the colleague is told first, and set aside by saying so."""
    actor = get_signed_in().actor
    to = request.form.get("to", default=0, type=read_id)
    overruled = OVERRULABLE if "anyway" in request.form else ONCE_SETTLED

    def work(booking: Booking, session: Session) -> None:
        hand_over(
            booking,
            leaving=_leaving(booking, session=session),
            to=to,
            overruled=overruled,
            actor=actor,
            now=clock.now(),
            session=session,
        )

    try:
        return act(public_id, work, done="handed-over")
    except (InvalidFieldsError, SlotUnavailableError) as refusal:
        return _show(public_id, to=to, refusal=refusal)


def _leaving(booking: Booking, *, session: Session) -> int:
    """Return who gives it away: the one named, else whoever hands over, else the first host."""
    present = reserved_hosts(booking.meeting, session=session)
    named = request.form.get("leaving", default=get_signed_in().staff_id, type=read_id)
    return named if named in present else present[0]


def _show(
    public_id: str, *, to: int | None = None, refusal: BookingError | None = None
) -> Response:
    db.session.rollback()
    opened, session = open_to_act(public_id), db.session()
    slot_refusal = refusal if isinstance(refusal, SlotUnavailableError) else None
    reasons = [one for one in slot_refusal.reasons if one.host_id == to] if slot_refusal else []
    return render_booking_page(
        "staff/booking_hand_over.html",
        opened,
        refusal=refusal,
        version=request.form.get("version", opened.version),
        successors=list_successors(opened.booking, now=opened.now, session=session),
        leaving=_leaving(opened.booking, session=session),
        to=to,
        slot_refusal=slot_refusal,
        reasons=reasons,
        may_overrule=slot_refusal is not None and can_be_overruled(slot_refusal, needs_all=True),
    )
