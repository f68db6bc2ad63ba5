"""Shows texts before they are saved: the head of the booking page, and the mail to the lead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, request
from sqlalchemy import func, select

from booking import clock
from booking.availability.policy import HostsNeeded
from booking.bookings.sample_mail import write_sample
from booking.db import db, snapshot
from booking.errors import InvalidFieldsError
from booking.event_types.models import EventType
from booking.event_types.seen import get_any_event_type
from booking.organisation.find import get_organisation
from booking.setup_file.describe_event_type import describe_event_type
from booking.setup_file.load_event_types import columns_of
from booking.setup_file.stored import find_stored
from booking.staff.models import Staff
from booking.templating import language_name, text_in
from booking.web.current import current_installation
from booking.web.language import request_locale
from booking.web.staff.event_type_words import text_locales
from booking.web.staff.event_types.edit import render_section
from booking.web.staff.event_types.section import look_around

if TYPE_CHECKING:
    from collections.abc import Mapping

    from booking.outbox.mime import OutgoingMail
    from booking.setup_file.event_type_entry import EventTypeEntry
    from booking.web.staff.event_types.section import Section


def preview_texts(section: Section, event_type_id: int) -> Response:
    """Show the form as it was typed, and what visitors and leads would read; nothing is saved."""
    with snapshot() as session:
        event_type = get_any_event_type(event_type_id, session=session)
        table = describe_event_type(event_type, session=session)
        around = look_around(event_type, locale=request_locale(), session=session)
        stored = find_stored(session)
    reading = section.read(table, request.form, around)
    try:
        entry = reading.check(table, stored=stored)
    except InvalidFieldsError as refusal:
        return render_section(section, event_type_id, refusal=refusal, typed=request.form)
    drafted = EventType(slug=entry.slug, **columns_of(entry))
    return render_section(
        section,
        event_type_id,
        typed=request.form,
        preview=drafted,
        samples=_samples(drafted, hosts=_first_hosts(drafted, entry=entry)),
    )


def _first_hosts(drafted: EventType, *, entry: EventTypeEntry) -> tuple[Staff, ...]:
    """Return who could give it to the first segment: one of its pool, or all who are needed."""
    emails = [email for email, segment in entry.pool() if segment == drafted.segments[0]]
    if drafted.hosts_needed is not HostsNeeded.ALL:
        emails = emails[:1]
    query = select(Staff).where(func.lower(Staff.email).in_(emails)).order_by(Staff.id)
    return tuple(db.session.scalars(query))


def _samples(drafted: EventType, *, hosts: tuple[Staff, ...]) -> list[dict[str, Any]]:
    """Return what a lead would read, in each language."""
    session = db.session()
    organisation = get_organisation(session=session)

    def mail(language: str) -> OutgoingMail:
        return write_sample(
            drafted,
            hosts=hosts,
            organisation=organisation,
            locale=language,
            now=clock.now(),
            installation=current_installation(),
        )

    def say(texts: Mapping[str, str], language: str) -> str:
        return text_in(texts, locale=language, fallback=organisation.locale)

    return [
        {
            "locale": language,
            "language": language_name(language, told_in=request_locale()),
            "mail": mail(language),
            "title": say(drafted.title, language),
            "description": say(drafted.description, language),
            "agenda": [say(point, language) for point in drafted.agenda],
        }
        for language in text_locales()
    ]
