"""Whether the organisation can take another language for its own: every text falls back to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from booking.errors import FieldError, InvalidFieldsError
from booking.event_types.models import EventType
from booking.organisation.find import find_notice
from booking.setup_file.describe_event_type import describe_event_type
from booking.setup_file.load import find_stored
from booking.setup_file.references import find_misfits

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def check_home_language(locale: str, *, session: Session) -> None:
    """Insist that event types and privacy notice have their texts in ``locale``.

    Raises:
        InvalidFieldsError: of the field ``locale``; one of them has not.
    """
    notice = find_notice(session=session)
    event_types = session.scalars(select(EventType).order_by(EventType.slug)).all()
    document = {
        "organisation": {"locale": locale, "notice": notice and notice.texts},
        "event_types": [describe_event_type(one, session=session) for one in event_types],
    }
    misfits = find_misfits(document, stored=find_stored(session))
    if any(fault.path[-1] == locale for fault in misfits):
        raise InvalidFieldsError([FieldError("locale", "texts_missing")])
