"""The agenda by mail: a host's demos of one day, as they stand when the mail leaves."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from booking.bookings.agenda import list_agenda
from booking.bookings.agenda_mails import KIND
from booking.bookings.mail_frame import (
    MailReader,
    house_facts,
    reader_of_staff,
    write_mail,
)
from booking.bookings.summary import join_url_of, location_of
from booking.local_time import format_time
from booking.organisation.find import get_organisation
from booking.outbox.composer import Composer
from booking.segment import SEGMENT_NAMES
from booking.staff.agenda_subscription import wants_agenda
from booking.staff.models import Staff
from booking.templating import text_in, translate
from booking.time_zone import local_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from booking.bookings.agenda import AgendaEntry
    from booking.installation import Installation
    from booking.organisation.models import Organisation
    from booking.outbox.mime import OutgoingMail
    from booking.outbox.models import Message


def composers(installation: Installation) -> dict[str, Composer]:
    """Return how an agenda is composed, by kind."""
    compose = partial(_compose, installation=installation)
    return {KIND: Composer(is_current=_is_wanted, compose=compose)}


def _is_wanted(message: Message, session: Session) -> bool:
    staff = session.get_one(Staff, message.staff_id)
    return (
        staff.active
        and wants_agenda(staff.id, session=session)
        and bool(_entries(message, staff=staff, session=session))
    )


def _compose(message: Message, session: Session, *, installation: Installation) -> OutgoingMail:
    staff = session.get_one(Staff, message.staff_id)
    organisation = get_organisation(session=session)
    reader = reader_of_staff(staff, organisation=organisation)
    entries = _entries(message, staff=staff, session=session)
    on = message.facts["on"]
    facts = house_facts(organisation=organisation, reader=reader) | {
        "on": date.fromisoformat(on),
        "demos": [_demo(entry, organisation=organisation) for entry in entries],
        "starts": ", ".join(_start(entry, reader=reader) for entry in entries),
        "calendar_url": installation.link(f"/staff/calendar?view=day&on={on}"),
        "account_url": installation.link("/staff/account"),
    }
    return write_mail(message, facts=facts, installation=installation)


def _entries(message: Message, *, staff: Staff, session: Session) -> Sequence[AgendaEntry]:
    start, end = local_day(date.fromisoformat(message.facts["on"]), zone=staff.time_zone)
    return list_agenda([staff.id], start=start, end=end, session=session)


def _start(entry: AgendaEntry, *, reader: MailReader) -> str:
    at = format_time(entry.meeting.starts_at, time_zone=reader.time_zone, locale=reader.locale)
    return f"{at} {entry.booking.name}"


def _demo(entry: AgendaEntry, *, organisation: Organisation) -> dict[str, Any]:
    """Return what the mail tells of one demo, in the organisation's language."""
    booking, locale = entry.booking, organisation.locale
    join_url = join_url_of(entry.event_type, hosts=(entry.host,), meeting=entry.meeting)
    return {
        "start": entry.meeting.starts_at,
        "end": entry.meeting.ends_at,
        "segment_tag": translate(SEGMENT_NAMES[booking.segment], locale=locale),
        "who": ", ".join(filter(None, (booking.name, booking.company))),
        "title": text_in(entry.event_type.title, locale=locale, fallback=locale),
        "join_url": join_url,
        "where": location_of(booking, event_type=entry.event_type, join_url=join_url),
    }
