"""What is in the database already that files and forms may refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from booking.organisation.models import ORGANISATION_ID, Organisation, PrivacyNotice
from booking.setup_file.rules import Stored
from booking.staff.models import Staff

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def find_stored(session: Session) -> Stored:
    """Return what files and forms may refer to."""
    organisation = session.get(Organisation, ORGANISATION_ID)
    notices = session.execute(select(PrivacyNotice.version, PrivacyNotice.texts))
    return Stored(
        addresses=frozenset(session.scalars(select(func.lower(Staff.email)))),
        notices=dict(notices.all()),
        locale=None if organisation is None else organisation.locale,
    )
