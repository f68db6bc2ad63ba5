"""Stores what a setup file says of the organisation and its privacy notice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from booking.organisation.add_notice import add_notice
from booking.organisation.closing_days import list_closing_days
from booking.organisation.models import ORGANISATION_ID, ClosingDay, Organisation
from booking.setup_file.changes import Change, assign, differing, record_change
from booking.staff.calendar_lock import lock_calendars
from booking.staff.models import Staff

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from booking.setup_file.organisation_entry import OrganisationEntry

KEYS = {"logo_media_type": "logo", "notice_version": "notice"}
"""Columns that are called otherwise in the file."""

CLOSING = {"holiday_region", "closing_days"}
"""Keys by which days are taken from everybody, or given back."""


def load_organisation(entry: OrganisationEntry, *, now: datetime, session: Session) -> list[Change]:
    """Make the organisation what ``entry`` says; return the change, if there is one."""
    if entry.notice is not None:
        add_notice(entry.notice.version, texts=entry.notice.texts, now=now, session=session)
    wanted = _columns(entry)
    days = {day.date: day.note for day in entry.closing_days}
    organisation = session.get(Organisation, ORGANISATION_ID)
    if organisation is None:
        organisation = Organisation(id=ORGANISATION_ID, created_at=now, updated_at=now, **wanted)
        session.add(organisation)
        keys = []
        _change_closing_days(days, session=session)
    else:
        keys = [KEYS.get(column, column) for column in differing(organisation, wanted)]
        if _change_closing_days(days, session=session):
            keys.append("closing_days")
        if not keys:
            return []
        assign(organisation, wanted | {"updated_at": now})
        if not CLOSING.isdisjoint(keys):
            lock_calendars(session.scalars(select(Staff.id)), session=session)
    session.flush()
    return [
        record_change(
            organisation,
            subject="organisation",
            keys=list(dict.fromkeys(keys)),
            now=now,
            session=session,
        )
    ]


def _change_closing_days(wanted: dict[date, str], *, session: Session) -> bool:
    """Make the closing days what is wanted, the note by date; tell whether they differed."""
    stored = {day.local_date: day.note for day in list_closing_days(session=session)}
    if stored == wanted:
        return False
    session.execute(delete(ClosingDay))
    session.add_all(ClosingDay(local_date=day, note=note) for day, note in wanted.items())
    return True


def _columns(entry: OrganisationEntry) -> dict[str, object]:
    return {
        "name": entry.name,
        "time_zone": entry.time_zone,
        "locale": entry.locale,
        "accent": entry.accent,
        "logo": entry.logo.content if entry.logo else None,
        "logo_media_type": entry.logo.media_type if entry.logo else None,
        "contact_email": entry.contact_email,
        "imprint_url": entry.imprint_url,
        "privacy_url": entry.privacy_url,
        "accessibility_url": entry.accessibility_url,
        "imprint_text": entry.imprint_text,
        "embed_origins": entry.embed_origins,
        "notice_version": entry.notice.version if entry.notice else None,
        "holiday_region": entry.holiday_region,
    }
