"""Calls that make a booking, show it, move it and cancel it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from booking import clock
from booking.bookings.cancel import cancel_booking
from booking.bookings.confirm import confirm_booking
from booking.bookings.idempotency import Answer, claim_key, keep_answer
from booking.bookings.links import links_of
from booking.bookings.refusals import AddressSuppressedError, AlreadyBookedError
from booking.bookings.reschedule import reschedule_booking
from booking.bookings.summary import summarise
from booking.db import db, run_in_transaction
from booking.errors import FieldError, InvalidFieldsError
from booking.event_types.find import get_event_type
from booking.fields.read import read
from booking.web.api.answers import ReceivedAnswer, json_response, tell_booking
from booking.web.api.json_body import read_object
from booking.web.api.requests import (
    KEY_FIELD,
    BookingRequest,
    CancelRequest,
    RescheduleRequest,
    read_booking,
)
from booking.web.audience import Audience, is_for
from booking.web.current import (
    current_installation,
    find_home_time_zone,
    find_questions,
    mail_link_to_owner,
    open_booking,
)
from booking.web.language import asked_locale, tell_times_in
from booking.web.rate_limits import BOOKINGS, CHANGES, count

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from booking.bookings.models import Booking

ROUTE = "bookings"

blueprint = Blueprint("api_bookings", __name__, url_prefix="/api/v1/bookings")


@blueprint.post("")
def create_booking() -> Response:
    """Book; the same request with the same Idempotency-Key gets the same answer."""
    raw = read_object()
    wanted, key = read_booking(
        raw,
        questions=find_questions(raw.get("event_type")),
        home_time_zone=find_home_time_zone(),
    )
    if wanted.locale is None:
        wanted = wanted.model_copy(update={"locale": asked_locale()})
    tell_times_in(wanted.time_zone)
    count(BOOKINGS)
    try:
        answer = run_in_transaction(partial(_book, wanted=wanted, key=key))
    except AlreadyBookedError as refusal:
        mail_link_to_owner(refusal)
        raise
    except AddressSuppressedError:
        return json_response(ReceivedAnswer(), status=202)
    return json_response(answer.body, status=answer.status)


@blueprint.get("/<token>")
@is_for(Audience.LINK_HOLDER)
def show_booking(token: str) -> Response:
    """Answer with the booking as it stands."""
    session = db.session()
    booking = open_booking(token, session=session)
    return json_response(_answer(booking, token=token, session=session))


@blueprint.post("/<token>/reschedule")
@is_for(Audience.LINK_HOLDER)
def move_booking(token: str) -> Response:
    """Move the booking; the old time is given up only for the new one."""
    wanted = read(RescheduleRequest, read_object())
    count(CHANGES)

    def move(session: Session) -> str:
        booking = open_booking(token, session=session, for_change=True)
        tell_times_in(booking.time_zone)
        reschedule_booking(booking, start=wanted.start, now=clock.now(), session=session)
        return _answer(booking, token=token, session=session)

    return json_response(run_in_transaction(move))


@blueprint.post("/<token>/cancel")
@is_for(Audience.LINK_HOLDER)
def call_off_booking(token: str) -> Response:
    """Cancel the booking; the second time changes nothing."""
    wanted = read(CancelRequest, read_object(empty_allowed=True))
    count(CHANGES)

    def cancel(session: Session) -> str:
        booking = open_booking(token, session=session, for_change=True)
        cancel_booking(booking, reason=wanted.reason, now=clock.now(), session=session)
        return _answer(booking, token=token, session=session)

    return json_response(run_in_transaction(cancel))


def _book(session: Session, *, wanted: BookingRequest, key: str | None) -> Answer:
    now, installation = clock.now(), current_installation()
    kept = key and claim_key(
        key,
        route=ROUTE,
        body=request.get_data(),
        now=now,
        session=session,
        installation=installation,
    )
    if kept:
        if not kept.same_request:
            raise InvalidFieldsError([FieldError(KEY_FIELD, "reused")])
        return kept

    confirmation = confirm_booking(
        get_event_type(wanted.event_type, session=session),
        start=wanted.start,
        details=wanted,
        hold_token=wanted.hold,
        now=now,
        session=session,
        installation=installation,
    )
    body = _answer(confirmation.booking, token=confirmation.token, session=session)
    if key:
        keep_answer(
            key,
            route=ROUTE,
            status=201,
            body=body,
            booking=confirmation.booking,
            session=session,
            installation=installation,
        )
    return Answer(status=201, body=body, same_request=True)


def _answer(booking: Booking, *, token: str, session: Session) -> str:
    links = links_of(token, installation=current_installation())
    return tell_booking(summarise(booking, session=session), links=links).model_dump_json()
