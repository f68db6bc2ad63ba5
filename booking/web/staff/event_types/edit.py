"""The editor of one event type: what all of its sections have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, redirect, request

from booking import clock
from booking.bookings.booked_count import count_booked
from booking.bookings.sold_out import segments_without_times
from booking.bookings.video_rooms import hosts_without_room
from booking.db import db, run_in_transaction, snapshot
from booking.errors import InvalidFieldsError, StaleSettingsError
from booking.event_types.seen import get_any_event_type
from booking.history import version_of
from booking.setup_file.describe_event_type import describe_event_type
from booking.setup_file.edit_event_type import check_event_type, differing_keys, edit_event_type
from booking.setup_file.stored import find_stored
from booking.staff.models import Role
from booking.web.language import request_locale
from booking.web.page import page_url
from booking.web.staff.console_page import render_console_page
from booking.web.staff.event_type_words import KEY_NAMES
from booking.web.staff.event_types.reach import effects_of, reaches
from booking.web.staff.event_types.section import Around, look_around, segments_of
from booking.web.staff.shown_version import shown_version, version_to_send
from booking.web.staff.signed_in import get_signed_in
from booking.web.staff.told_history import tell_meanwhile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response as AnyResponse

    from booking.errors import BookingError
    from booking.setup_file.rules import Stored
    from booking.web.staff.event_types.section import Reading, Section, Table

blueprint = Blueprint("staff_event_types", __name__)


def show_section(section: Section, event_type_id: int) -> Response:
    """Show one section as it is stored."""
    return render_section(section, event_type_id)


def save_section(section: Section, event_type_id: int) -> AnyResponse:
    """Save what was typed; where demos are booked, tell first what it means for them."""
    with snapshot() as session:
        table = _describe(event_type_id, session=session)
        around = _around(event_type_id, session=session)
        booked = count_booked([event_type_id], now=clock.now(), session=session)[event_type_id]
        stored = find_stored(session)
    reading = section.read(table, request.form, around)
    try:
        keys = _keys_changed(table, reading, stored=stored)
        if booked and keys and request.form.get("do") != "save":
            return render_section(section, event_type_id, typed=request.form, keys=keys)
        change(event_type_id, reading.changes)
    except (InvalidFieldsError, StaleSettingsError) as refusal:
        return render_section(section, event_type_id, refusal=refusal, typed=request.form)
    return lead_to(section.name, event_type_id, done="saved")


def _keys_changed(table: Table, reading: Reading, *, stored: Stored) -> list[str]:
    """Return which keys would differ.

    Raises:
        InvalidFieldsError: what was typed breaks a rule.
    """
    wanted = reading.check(table, stored=stored)
    try:
        return differing_keys(check_event_type(table, stored=stored), wanted)
    except InvalidFieldsError:
        # What is stored breaks a rule that is newer: what was typed mends it.
        return list(reading.changes)


def change(event_type_id: int, changes: Mapping[str, Any]) -> None:
    """Give the event type the keys of ``changes``, unless it is not as it was shown.

    Raises:
        NotFoundError, InvalidFieldsError, StaleSettingsError: as ``edit_event_type``.
    """
    actor, seen, now = get_signed_in().actor, shown_version(), clock.now()
    run_in_transaction(
        lambda session: edit_event_type(
            event_type_id, changes=changes, seen=seen, actor=actor, now=now, session=session
        )
    )


def lead_to(section: str, event_type_id: int, *, done: str) -> AnyResponse:
    """Lead to a section, which says that something is ``done``."""
    address = page_url(f"{blueprint.name}.show_{section}", event_type_id=event_type_id, done=done)
    return redirect(address, code=303)


def render_section(
    section: Section,
    event_type_id: int,
    *,
    refusal: BookingError | None = None,
    typed: Mapping[str, str] | None = None,
    keys: list[str] | None = None,
    **context: Any,
) -> Response:
    """Return the page of a section; ``keys`` would change: that is told before it is saved."""
    db.session.rollback()
    session = db.session()
    event_type = get_any_event_type(event_type_id, session=session)
    around = _around(event_type_id, session=session)
    table = describe_event_type(event_type, session=session)
    fields = section.fields_of(table, around)
    if typed is not None:
        fields = dict.fromkeys(fields, "") | dict(typed.items())
    keys, now = keys or [], clock.now()
    return render_console_page(
        section.template,
        refusal=refusal,
        section=section,
        event_type=event_type,
        typed=fields,
        labels=section.labels_of(fields, around),
        around=around,
        segments=segments_of(table),
        version=version_to_send(
            version_of(event_type, session=session), typed=typed, refusal=refusal
        ),
        meanwhile=tell_meanwhile(refusal),
        booked=count_booked([event_type_id], now=now, session=session)[event_type_id],
        sold_out=segments_without_times(event_type, now=now, session=session)
        if event_type.published
        else [],
        roomless=hosts_without_room(event_type, session=session),
        keys=[KEY_NAMES[key] for key in keys],
        reaches=reaches(keys),
        effects=effects_of(keys),
        may_edit=get_signed_in().role is Role.ADMIN,
        done=request.args.get("done"),
        **{**section.words, **context},
    )


def _describe(event_type_id: int, *, session: Session) -> Table:
    return describe_event_type(get_any_event_type(event_type_id, session=session), session=session)


def _around(event_type_id: int, *, session: Session) -> Around:
    event_type = get_any_event_type(event_type_id, session=session)
    return look_around(event_type, locale=request_locale(), session=session)
