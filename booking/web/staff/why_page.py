"""Why a time is not offered: every reason, host by host, with the page on which it is mended."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from flask import request
from sqlalchemy import or_, select

from booking import clock
from booking.bookings.why import ask_why
from booking.db import db
from booking.errors import InvalidFieldsError
from booking.event_types.models import EventType, PoolMember
from booking.segment import Segment
from booking.time_zone import time_zone
from booking.web.audience import Audience, is_for
from booking.web.rfc3339 import write_start
from booking.web.staff.availability import blueprint, render_availability_page
from booking.web.staff.booking_words import REASONS
from booking.web.staff.scope import may_see, own_id_of_host
from booking.web.staff.signed_in import get_signed_in
from booking.web.staff.typed_start import read_typed_start, write_typed_start
from booking.web.staff.why_links import address_of_rules, links_for

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from flask import Response
    from sqlalchemy.orm import Session

    from booking.availability.explain import ReasonCode
    from booking.bookings.why import HostAnswer

ASKING = ("start", "time")
"""With one of these an answer is asked for, and not the form alone."""


@blueprint.get("/staff/why")
@is_for(Audience.HOST)
def show_why() -> Response:
    """Answer for the time that the address names, if it names one."""
    signed_in, session, now = get_signed_in(), db.session(), clock.now()
    event_types = _list_visible(session=session)
    asked = request.args.get("event_type")
    named = (one for one in event_types if one.slug == asked)
    event_type = next(named, event_types[0] if event_types else None)
    segment = _read_segment(event_type)
    start, refusal = _read_start(zone_name=signed_in.time_zone)
    answer = (
        ask_why(event_type, segment=segment, start=start, now=now, session=session)
        if event_type and start
        else None
    )
    hosts = answer.hosts if answer else ()
    return render_availability_page(
        "staff/why.html",
        tab="staff_availability.show_why",
        refusal=refusal,
        event_types=event_types,
        event_type=event_type,
        segment=segment,
        typed=dict(request.args) | write_typed_start(start, zone_name=signed_in.time_zone),
        now=now,
        answer=answer,
        # One's own reasons come first, where those of others are not told.
        hosts=sorted(
            ((one, _may_see(one)) for one in hosts if _is_asked_about(one)),
            key=lambda shown: not shown[1],
        ),
        asked_host=request.args.get("host", ""),
        reason_names=REASONS,
        links_for=event_type and partial(_links, event_type=event_type, start=start or now),
        rules_url=event_type and address_of_rules(event_type, signed_in=signed_in),
        write_start=write_start,
    )


def _list_visible(*, session: Session) -> Sequence[EventType]:
    """Return the event types that the reader may know of, by slug.

    For a host these are the published ones, and those behind which they stand themselves.
    """
    query = select(EventType).order_by(EventType.slug)
    own_id = own_id_of_host(get_signed_in())
    if own_id is not None:
        own = select(PoolMember.event_type_id).where(PoolMember.host_id == own_id)
        query = query.where(or_(EventType.published, EventType.id.in_(own)))
    return session.scalars(query).all()


def _read_segment(event_type: EventType | None) -> Segment:
    """Return whom it is for: as asked, else the first that the event type is for."""
    asked = request.args.get("segment", "")
    if asked in set(Segment):
        return Segment(asked)
    return Segment(event_type.segments[0]) if event_type and event_type.segments else Segment.TEAM


def _read_start(*, zone_name: str) -> tuple[datetime | None, InvalidFieldsError | None]:
    if not any(name in request.args for name in ASKING):
        return None, None
    try:
        return read_typed_start(request.args, zone_name=zone_name), None
    except InvalidFieldsError as refusal:
        return None, refusal


def _is_asked_about(answer: HostAnswer) -> bool:
    return request.args.get("host", "") in {"", str(answer.host.id)}


def _may_see(answer: HostAnswer) -> bool:
    """Tell whether the reasons of this host are the reader's to see."""
    return may_see(answer.host.id, signed_in=get_signed_in())


def _links(
    one: HostAnswer, code: ReasonCode, *, event_type: EventType, start: datetime
) -> list[tuple[str, str]]:
    """Return where the reason is mended."""
    on = start.astimezone(time_zone(one.host.time_zone)).date().isoformat()
    return links_for(code, host=one.host, on=on, event_type=event_type, signed_in=get_signed_in())
