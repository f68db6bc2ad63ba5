"""Finds the organisation and the privacy notice it shows at present."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booking.errors import NotFoundError
from booking.organisation.models import ORGANISATION_ID, Organisation, PrivacyNotice

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def get_organisation(*, session: Session) -> Organisation:
    """Return the organisation.

    Raises:
        NotFoundError: no setup file has been loaded yet.
    """
    organisation = session.get(Organisation, ORGANISATION_ID)
    if organisation is None:
        raise NotFoundError
    return organisation


def find_notice(*, session: Session) -> PrivacyNotice | None:
    """Return the notice that is shown at the button now, if the organisation has one."""
    organisation = get_organisation(session=session)
    if organisation.notice_version is None:
        return None
    return session.get(PrivacyNotice, organisation.notice_version)
