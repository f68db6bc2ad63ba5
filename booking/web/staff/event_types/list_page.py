"""All event types, published or not, and a way to add one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, request
from sqlalchemy import select

from booking import clock
from booking.bookings.booked_count import count_booked
from booking.bookings.pool import active_hosts
from booking.db import db, run_in_transaction, snapshot
from booking.errors import InvalidFieldsError, StaleSettingsError
from booking.event_types.models import EventType
from booking.segment import Segment
from booking.setup_file.edit_event_type import create_event_type
from booking.staff.models import Role
from booking.templating import translate
from booking.web.audience import Audience, is_for
from booking.web.language import request_locale
from booking.web.staff.console_page import render_console_page
from booking.web.staff.event_type_words import KEY_NAMES
from booking.web.staff.event_types import hosts, texts
from booking.web.staff.event_types.edit import blueprint, change, lead_to, render_section
from booking.web.staff.event_types.section import Around, look_around
from booking.web.staff.signed_in import get_signed_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response as AnyResponse

    from booking.errors import BookingError

NEW: dict[str, Any] = {
    "slug": "",
    "published": False,
    "title": {},
    "description": {},
    "agenda": [],
    "location": {"kind": "video", "url": ""},
    "segments": [segment.value for segment in Segment],
    "segment_rules": [],
    "questions": [],
    "hosts": [],
}
"""What is shown before anything is said; what is left out is by default as in setup files."""


@blueprint.get("/staff/event-types")
@is_for(Audience.MANAGER)
def show_list() -> Response:
    """List the event types, those that can be booked first."""
    session = db.session()
    event_types = session.scalars(
        select(EventType).order_by(EventType.published.desc(), EventType.slug)
    ).all()
    ids = [event_type.id for event_type in event_types]
    pools = active_hosts(ids, session=session)
    return render_console_page(
        "staff/event_types.html",
        event_types=event_types,
        booked=count_booked(ids, now=clock.now(), session=session),
        numbers_of_hosts={number: len(set().union(*pools[number].values())) for number in ids},
        given_by_nobody={one.id: _segments_without(pools[one.id], of=one) for one in event_types},
        may_edit=get_signed_in().role is Role.ADMIN,
    )


@blueprint.get("/staff/event-types/new")
@is_for(Audience.ADMIN)
def show_new() -> Response:
    """Ask for what an event type cannot be without."""
    return _show_new()


@blueprint.post("/staff/event-types/new")
@is_for(Audience.ADMIN)
def create() -> AnyResponse:
    """Add an event type that cannot be booked yet, and lead to its rules."""
    with snapshot() as session:
        around = _around(session)
    said = texts.SECTION.read(NEW, request.form, around)
    pool = hosts.SECTION.read(NEW, request.form, around)
    table = NEW | said.changes | pool.changes | {"slug": request.form.get("slug", "").strip()}
    actor, now = get_signed_in().actor, clock.now()
    try:
        event_type_id = run_in_transaction(
            lambda session: create_event_type(table, actor=actor, now=now, session=session).id
        )
    except InvalidFieldsError as refusal:
        told = said.of_the_form(pool.of_the_form(refusal))
        return _show_new(told, typed=request.form)
    return lead_to("rules", event_type_id, done="created")


@blueprint.post("/staff/event-types/<int:event_type_id>/published")
@is_for(Audience.ADMIN)
def publish(event_type_id: int) -> AnyResponse:
    """Let it be booked, or no longer."""
    try:
        change(event_type_id, {"published": request.form.get("published") == "on"})
    except (InvalidFieldsError, StaleSettingsError) as refusal:
        return render_section(texts.SECTION, event_type_id, refusal=refusal)
    return lead_to("texts", event_type_id, done="published")


def _segments_without(pool: Mapping[Segment, set[int]], *, of: EventType) -> list[Segment]:
    """Return for whom it is published, though nobody who works here gives it to them."""
    offered = map(Segment, of.segments) if of.published else ()
    return [segment for segment in offered if not pool.get(segment)]


def _show_new(
    refusal: BookingError | None = None, *, typed: Mapping[str, str] | None = None
) -> Response:
    around = _around(db.session())
    fields = {
        "slug": "",
        **texts.SECTION.fields_of(NEW, around),
        **hosts.SECTION.fields_of(NEW, around),
    }
    if typed is not None:
        fields = dict.fromkeys(fields, "") | dict(typed.items())
    labels = texts.SECTION.labels_of(fields, around) | hosts.SECTION.labels_of(fields, around)
    return render_console_page(
        "staff/event_type_new.html",
        refusal=refusal,
        typed=fields,
        labels={"slug": translate(KEY_NAMES["slug"], locale=around.locale), **labels},
        around=around,
        segments=list(Segment),
        may_edit=True,
        **texts.SECTION.words,
    )


def _around(session: Session) -> Around:
    return look_around(None, locale=request_locale(), session=session)
