"""Whether the organisation can take another language for its own: every text falls back to it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from booking.errors import FieldError, InvalidFieldsError
from booking.event_types.models import EventType
from booking.organisation.find import find_notice
from booking.setup_file.describe_event_type import describe_event_type
from booking.setup_file.references import find_misfits
from booking.setup_file.stored import find_stored

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from booking.setup_file.rules import Stored


def check_home_language(locale: str, *, session: Session) -> None:
    """Insist that event types and privacy notice have their texts in ``locale``.

    Raises:
        InvalidFieldsError: of the field ``locale``; one of them has not.
    """
    notice = find_notice(session=session)
    is_lacking = notice is not None and locale not in notice.texts
    if is_lacking or slugs_without_texts(locale, session=session):
        raise InvalidFieldsError([FieldError("locale", "texts_missing")])


def slugs_without_texts(locale: str, *, session: Session) -> list[str]:
    """Return the slugs of the event types that lack a text in ``locale``."""
    stored = replace(find_stored(session), locale=locale)
    event_types = session.scalars(select(EventType).order_by(EventType.slug)).all()
    return [
        event_type.slug
        for event_type in event_types
        if _lacks_texts(event_type, stored=stored, session=session)
    ]


def _lacks_texts(event_type: EventType, *, stored: Stored, session: Session) -> bool:
    document = {"event_types": [describe_event_type(event_type, session=session)]}
    misfits = find_misfits(document, stored=stored)
    return any(fault.path[-1] == stored.locale for fault in misfits)
