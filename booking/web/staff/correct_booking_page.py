"""Mends what was typed wrong: the lead's address, for whom the demo is; or makes new links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, request
from pydantic import BaseModel

from booking import clock
from booking.bookings.correct_address import correct_address
from booking.bookings.correct_segment import correct_segment
from booking.bookings.lifecycle import BookingState
from booking.bookings.refusals import AlreadyBookedError, LeadBookedError
from booking.bookings.renew_links import renew_links
from booking.db import db, run_in_transaction
from booking.errors import InvalidFieldsError
from booking.fields.read import Email, read
from booking.leads.intake import SegmentValue
from booking.web.audience import Audience, is_for
from booking.web.current import current_installation
from booking.web.staff.opened_booking import (
    act,
    explain_changed,
    lead_back,
    open_to_act,
    render_booking_page,
    require_may_act,
)
from booking.web.staff.shown_version import shown_version
from booking.web.staff.signed_in import get_signed_in

if TYPE_CHECKING:
    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response as AnyResponse

    from booking.bookings.models import Booking
    from booking.errors import BookingError

blueprint = Blueprint("staff_booking_correct", __name__)
explain_changed(blueprint)


class Address(BaseModel):
    """Where the lead's mails go from now on."""

    email: Email


class ForWhom(BaseModel):
    """For whom the demo is after all."""

    segment: SegmentValue


@blueprint.get("/staff/bookings/<public_id>/correct")
@is_for(Audience.HOST)
def show_correct(public_id: str) -> Response:
    """Show what can be mended."""
    return _show(public_id)


@blueprint.post("/staff/bookings/<public_id>/address")
@is_for(Audience.HOST)
def change_address(public_id: str) -> AnyResponse:
    """Correct the lead's address; the former one is told that it was none of theirs."""
    open_to_act(public_id, to_come=False)
    db.session.rollback()
    try:
        typed = read(Address, {"email": request.form.get("email", "")})
        run_in_transaction(
            lambda session: correct_address(
                public_id,
                version=shown_version(),
                authorise=require_may_act,
                email=typed.email,
                actor=get_signed_in().actor,
                now=clock.now(),
                session=session,
                installation=current_installation(),
            )
        )
    except AlreadyBookedError:
        return _show(public_id, refusal=LeadBookedError())
    except InvalidFieldsError as refusal:
        return _show(public_id, refusal=refusal)
    return lead_back(public_id, done="address")


@blueprint.post("/staff/bookings/<public_id>/segment")
@is_for(Audience.HOST)
def change_segment(public_id: str) -> AnyResponse:
    """Correct for whom the demo is; what the lead chose is kept."""
    actor = get_signed_in().actor

    def work(booking: Booking, session: Session) -> None:
        correct_segment(
            booking, segment=typed.segment, actor=actor, now=clock.now(), session=session
        )

    try:
        typed = read(ForWhom, {"segment": request.form.get("segment", "")})
        return act(public_id, work, done="segment")
    except InvalidFieldsError as refusal:
        return _show(public_id, refusal=refusal)


@blueprint.post("/staff/bookings/<public_id>/links")
@is_for(Audience.HOST)
def change_links(public_id: str) -> AnyResponse:
    """Take the lead's links back and mail new ones."""
    actor = get_signed_in().actor

    def work(booking: Booking, session: Session) -> None:
        renew_links(
            booking,
            actor=actor,
            now=clock.now(),
            session=session,
            installation=current_installation(),
        )

    return act(public_id, work, done="links")


def _show(public_id: str, refusal: BookingError | None = None) -> Response:
    db.session.rollback()
    opened = open_to_act(public_id, to_come=False)
    booking = opened.booking
    return render_booking_page(
        "staff/booking_correct.html",
        opened,
        refusal=refusal,
        version=request.form.get("version", opened.version),
        typed={"email": booking.email, "segment": booking.segment} | request.form.to_dict(),
        is_cancelled=booking.state is BookingState.CANCELLED,
    )
