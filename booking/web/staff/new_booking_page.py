"""Books on behalf of a lead: hosts for themselves, managers for everybody."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from booking import clock
from booking.bookings.authority import BY_DEFAULT, OVERRULABLE, can_be_overruled
from booking.bookings.book_for_lead import book_for_lead
from booking.bookings.models import Booking
from booking.bookings.placement import Search
from booking.bookings.refusals import (
    AlreadyBookedError,
    LeadBookedError,
    SlotUnavailableError,
)
from booking.db import db, run_in_transaction
from booking.errors import FieldError, InvalidFieldsError
from booking.event_types.find import questions_of
from booking.organisation.find import get_organisation
from booking.web.audience import Audience, is_for
from booking.web.current import current_installation
from booking.web.question_words import question_words
from booking.web.rfc3339 import read_start
from booking.web.staff.booking_draft import BookingDraft
from booking.web.staff.booking_words import BOOKING_WORDS
from booking.web.staff.console_page import render_console_page
from booking.web.staff.free_times import FreeTimes
from booking.web.staff.opened_booking import lead_back, may_open
from booking.web.staff.signed_in import get_signed_in
from booking.web.staff.typed_start import read_typed_start, write_typed_start
from booking.web.typed_details import read_details

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response as AnyResponse

    from booking.errors import BookingError
    from booking.leads.intake import LeadDetails

blueprint = Blueprint("staff_booking_new", __name__)


@blueprint.get("/staff/bookings/new")
@is_for(Audience.HOST)
def show_new() -> Response:
    """Show the form, with what the address tells filled in."""
    return _show(request.args)


@blueprint.post("/staff/bookings/new")
@is_for(Audience.HOST)
def book() -> AnyResponse:
    """Book; what stands against the time is told first, and set aside by saying so."""
    draft = _read_draft(request.form, session=db.session())
    try:
        start, details = _read_form(draft)
        db.session.rollback()
        public_id = run_in_transaction(lambda session: _book(start, details, session=session))
    except AlreadyBookedError as known:
        return _lead_to_known(known)
    except (InvalidFieldsError, SlotUnavailableError) as refusal:
        db.session.rollback()
        return _show(request.form, refusal=refusal)
    return lead_back(public_id, done="booked")


def _lead_to_known(refusal: AlreadyBookedError) -> AnyResponse:
    """Lead to the booking that there is already; whose it is not learns only that there is one."""
    session = db.session()
    booking = session.get_one(Booking, refusal.booking_id)
    if may_open(booking, session=session):
        return lead_back(booking.public_id, done="booked")
    return _show(request.form, refusal=LeadBookedError())


def _read_form(draft: BookingDraft) -> tuple[datetime, LeadDetails]:
    """Return when the demo is to be, and for whom.

    Raises:
        InvalidFieldsError: every faulty field.
    """
    form, faults = request.form, list[FieldError]()
    try:
        start = read_typed_start(form, zone_name=get_signed_in().time_zone)
    except InvalidFieldsError as refusal:
        faults += refusal.errors
    try:
        details = read_details(
            form,
            questions=questions_of(draft.event_type),
            segment=draft.segment,
            time_zone=None,
            home_time_zone=get_organisation(session=db.session()).time_zone,
            locale=form.get("lead_locale") or None,
            notice_version=None,
            source={},
        )
    except InvalidFieldsError as refusal:
        faults += refusal.errors
    if "told" not in form:
        faults.append(FieldError("told", "told"))
    if faults:
        raise InvalidFieldsError(faults)
    return start, details


def _book(start: datetime, details: LeadDetails, *, session: Session) -> str:
    draft = _read_draft(request.form, session=session)
    search = Search(
        event_type=draft.event_type,
        segment=details.segment,
        start=start,
        now=clock.now(),
        host_ids=None if draft.host_id is None else (draft.host_id,),
        overruled=OVERRULABLE if "anyway" in request.form else BY_DEFAULT,
    )
    booking = book_for_lead(
        search,
        details=details,
        actor=get_signed_in().actor,
        session=session,
        installation=current_installation(),
    )
    return booking.public_id


def _read_draft(values: Mapping[str, str], *, session: Session) -> BookingDraft:
    return BookingDraft.read(values, signed_in=get_signed_in(), session=session)


def _show(values: Mapping[str, str], *, refusal: BookingError | None = None) -> Response:
    session, now, zone_name = db.session(), clock.now(), get_signed_in().time_zone
    draft = _read_draft(values, session=session)
    start = read_start(values.get("start", ""))
    words = question_words(draft.event_type, fallback=get_organisation(session=session).locale)
    slot_refusal = refusal if isinstance(refusal, SlotUnavailableError) else None
    return render_console_page(
        "staff/booking_new.html",
        refusal=refusal,
        draft=draft,
        event_type=draft.event_type,
        times=FreeTimes.on(
            values.get("day"),
            slots=draft.list_slots(now=now, session=session),
            near=start or now,
            zone_name=zone_name,
        ),
        typed=write_typed_start(start, zone_name=zone_name) | dict(values),
        slot_refusal=slot_refusal,
        may_overrule=slot_refusal is not None
        and can_be_overruled(slot_refusal, needs_all=draft.host_id is not None),
        host_names={host.id: host.name for host in draft.hosts},
        question_labels=words["question_labels"],
        # Who has called may not know everything that the form asks.
        questions=[replace(one, required=False) for one in words["questions"]],
        **BOOKING_WORDS,
    )
