"""Changes the organisation as staff wish it, unless somebody else has changed it meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booking.errors import NotFoundError, StaleSettingsError
from booking.history import list_newer, record, version_of
from booking.organisation.models import ORGANISATION_ID, Organisation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

NAMES_ALONE = frozenset({"logo", "contact_email", "imprint_text"})
"""Kept in the history without their values: they may name a person, or are too much to read."""

CHANGES = ("settings_changed", "setup_loaded")
"""What the history calls that which changes the settings; closing days have forms of their own."""

FIELD_OF = {"logo_media_type": "logo"}
"""Columns that are no field of their own to those who change them."""


def change_organisation(
    wanted: Mapping[str, object], *, seen: int, actor: str, now: datetime, session: Session
) -> None:
    """Make the columns named what is ``wanted``; ``seen`` is the version that its author saw.

    Raises:
        NotFoundError: no organisation has been set up yet.
        StaleSettingsError: it has another version now.
    """
    organisation = session.get(Organisation, ORGANISATION_ID, with_for_update=True)
    if organisation is None:
        raise NotFoundError
    if version_of(organisation, by=CHANGES, session=session) != seen:
        newer = list_newer(organisation, version=seen, by=CHANGES, session=session)
        raise StaleSettingsError(newer)
    differing = [name for name in wanted if getattr(organisation, name) != wanted[name]]
    if not differing:
        return
    fields = list(dict.fromkeys(FIELD_OF.get(name, name) for name in differing))
    told = [name for name in fields if name not in NAMES_ALONE]
    before = {name: getattr(organisation, name) for name in told}
    for name in differing:
        setattr(organisation, name, wanted[name])
    organisation.updated_at = now
    session.flush()
    record(
        "settings_changed",
        subject=organisation,
        actor=actor,
        facts={
            "changed": fields,
            "before": before,
            "after": {name: getattr(organisation, name) for name in told},
        },
        now=now,
        session=session,
    )
