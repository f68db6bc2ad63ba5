"""Moves a booking: to a time its hosts offer, or to any other at which they are free."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from booking import clock
from booking.bookings.authority import BY_DEFAULT, OVERRULABLE, can_be_overruled
from booking.bookings.move_by_staff import move_by_staff
from booking.bookings.placement import reserved_hosts
from booking.bookings.refusals import SlotUnavailableError
from booking.bookings.slots import list_slots_of
from booking.db import db
from booking.errors import FieldError, InvalidFieldsError
from booking.time_zone import time_zone
from booking.web.audience import Audience, is_for
from booking.web.staff.free_times import FreeTimes
from booking.web.staff.opened_booking import act, explain_changed, open_to_act, render_booking_page
from booking.web.staff.signed_in import get_signed_in
from booking.web.staff.typed_start import read_typed_start, write_typed_start

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response as AnyResponse

    from booking.bookings.models import Booking
    from booking.errors import BookingError

blueprint = Blueprint("staff_booking_move", __name__)
explain_changed(blueprint)


@blueprint.get("/staff/bookings/<public_id>/move")
@is_for(Audience.HOST)
def show_move(public_id: str) -> Response:
    """Show what the hosts offer, and fields for any other time: the one in the address, if any."""
    return _show(public_id, start=_asked_start())


@blueprint.post("/staff/bookings/<public_id>/move")
@is_for(Audience.HOST)
def move(public_id: str) -> AnyResponse:
    """Move it; what stands against the time is told first, and set aside by saying so."""
    signed_in, start = get_signed_in(), None
    overruled = OVERRULABLE if "anyway" in request.form else BY_DEFAULT
    try:
        start = wanted = read_typed_start(request.form, zone_name=signed_in.time_zone)

        def work(booking: Booking, session: Session) -> None:
            _insist_on_another(booking, start=wanted)
            move_by_staff(
                booking,
                start=wanted,
                overruled=overruled,
                actor=signed_in.actor,
                now=clock.now(),
                session=session,
            )

        return act(public_id, work, done="moved")
    except (InvalidFieldsError, SlotUnavailableError) as refusal:
        return _show(public_id, start=start, refusal=refusal)


def _insist_on_another(booking: Booking, *, start: datetime) -> None:
    if booking.meeting.starts_at == start:
        raise InvalidFieldsError([FieldError("time", "unchanged")])


def _asked_start() -> datetime | None:
    """Return the start to which somebody has dragged the demo; None where none can be read."""
    try:
        zone_name = time_zone(request.args.get("zone", "")).key
        return read_typed_start(request.args, zone_name=zone_name)
    except (ValueError, InvalidFieldsError):
        return None


def _show(
    public_id: str, *, start: datetime | None = None, refusal: BookingError | None = None
) -> Response:
    db.session.rollback()
    opened, session, zone_name = open_to_act(public_id), db.session(), get_signed_in().time_zone
    meeting = opened.summary.meeting
    slots = list_slots_of(
        opened.summary.event_type,
        segment=opened.summary.booking.segment,
        host_ids=reserved_hosts(meeting, session=session),
        now=opened.now,
        session=session,
        moving=meeting,
    )
    others = [slot for slot in slots if slot.start != meeting.starts_at]
    slot_refusal = refusal if isinstance(refusal, SlotUnavailableError) else None
    return render_booking_page(
        "staff/booking_move.html",
        opened,
        refusal=refusal,
        times=FreeTimes.on(
            request.args.get("day"),
            slots=others,
            near=start or meeting.starts_at,
            zone_name=zone_name,
        ),
        version=request.form.get("version", opened.version),
        typed=request.form or write_typed_start(start or meeting.starts_at, zone_name=zone_name),
        start=start,
        slot_refusal=slot_refusal,
        may_overrule=slot_refusal is not None and can_be_overruled(slot_refusal, needs_all=True),
    )
