"""Calls about what can be booked, and when."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from booking import clock
from booking.bookings.slots import list_slots
from booking.db import db
from booking.errors import FieldError, InvalidFieldsError
from booking.event_types.find import get_event_type, list_event_types, questions_of
from booking.organisation.find import get_organisation
from booking.templating import text_in
from booking.web.api.answers import (
    EventTypeAnswer,
    EventTypesAnswer,
    SlotsAnswer,
    json_response,
    tell_question,
    tell_slots,
)
from booking.web.api.requests import read_query
from booking.web.language import request_locale, request_time_zone, tell_times_in
from booking.web.rate_limits import SLOT_QUERIES, count

if TYPE_CHECKING:
    from datetime import datetime

    from booking.web.api.requests import SlotsQuery

USUAL_RANGE = timedelta(days=31)
LONGEST_RANGE = timedelta(days=92)

blueprint = Blueprint("api_event_types", __name__, url_prefix="/api/v1/event-types")


@blueprint.get("")
def show_event_types() -> Response:
    """Answer with all published event types."""
    session = db.session()
    organisation = get_organisation(session=session)
    locale, fallback = request_locale(), organisation.locale
    found = [
        EventTypeAnswer(
            slug=event_type.slug,
            title=text_in(event_type.title, locale=locale, fallback=fallback),
            description=text_in(event_type.description, locale=locale, fallback=fallback),
            duration_minutes=event_type.duration_minutes,
            segments=event_type.segments,
            questions=[
                tell_question(question, locale=locale, fallback=fallback)
                for question in questions_of(event_type)
            ],
        )
        for event_type in list_event_types(session=session)
    ]
    return json_response(
        EventTypesAnswer(event_types=found, notice_version=organisation.notice_version)
    )


@blueprint.get("/<slug:slug>/slots")
def show_slots(slug: str) -> Response:
    """Answer with the slots that start in [from, to), in the asked zone; cheap when unchanged."""
    count(SLOT_QUERIES)
    query = read_query()
    now = clock.now()
    start, end = _range(query, now=now)
    tell_times_in(query.time_zone)
    session = db.session()
    event_type = get_event_type(slug, session=session)
    slots = list_slots(
        event_type, segment=query.segment, start=start, end=end, now=now, session=session
    )
    zone = request_time_zone()
    response = json_response(SlotsAnswer(time_zone=zone, slots=tell_slots(slots, zone=zone)))
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


def _range(query: SlotsQuery, *, now: datetime) -> tuple[datetime, datetime]:
    start = query.from_ or now
    end = query.to or start + USUAL_RANGE
    if end < start:
        raise InvalidFieldsError([FieldError("to", "before_from")])
    if end - start > LONGEST_RANGE:
        raise InvalidFieldsError([FieldError("to", "range_too_long")])
    return start, end
