"""Whether somebody changes an event type as it is, or as it was when they looked.

Its version is its newest entry in the history: whatever changes it leaves one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from booking.errors import NotFoundError, StaleSettingsError
from booking.event_types.models import EventType
from booking.history import list_newer, version_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def get_any_event_type(event_type_id: int, *, session: Session) -> EventType:
    """Return an event type, published or not.

    Raises:
        NotFoundError: there is none.
    """
    event_type = session.get(EventType, event_type_id)
    if event_type is None:
        raise NotFoundError
    return event_type


def open_seen(event_type_id: int, *, version: int, session: Session) -> EventType:
    """Return the event type, locked until the transaction ends, if it is as it was at ``version``.

    Raises:
        NotFoundError: there is none.
        StaleSettingsError: it has changed since.
    """
    event_type = session.get(
        EventType, event_type_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if event_type is None:
        raise NotFoundError
    if version_of(event_type, session=session) != version:
        raise StaleSettingsError(list_newer(event_type, version=version, session=session))
    return event_type
