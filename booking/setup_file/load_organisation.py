"""Stores what a setup file says of the organisation and its privacy notice."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from booking.organisation.models import ORGANISATION_ID, Organisation, PrivacyNotice
from booking.setup_file.changes import Change, assign, differing, record_change

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.setup_file.organisation_entry import NoticeEntry, OrganisationEntry

KEYS = {"logo_media_type": "logo", "notice_version": "notice"}
"""Columns that are called otherwise in the file."""


def load_organisation(entry: OrganisationEntry, *, now: datetime, session: Session) -> list[Change]:
    """Make the organisation what ``entry`` says; return the change, if there is one."""
    if entry.notice is not None:
        add_notice(entry.notice, now=now, session=session)
    wanted = _columns(entry)
    organisation = session.get(Organisation, ORGANISATION_ID)
    if organisation is None:
        organisation = Organisation(id=ORGANISATION_ID, created_at=now, updated_at=now, **wanted)
        session.add(organisation)
        keys = []
    else:
        columns = differing(organisation, wanted)
        if not columns:
            return []
        assign(organisation, wanted | {"updated_at": now})
        keys = list(dict.fromkeys(KEYS.get(column, column) for column in columns))
    session.flush()
    return [
        record_change(organisation, subject="organisation", keys=keys, now=now, session=session)
    ]


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
        "notice_version": entry.notice.version if entry.notice else None,
    }


def add_notice(notice: NoticeEntry, *, now: datetime, session: Session) -> None:
    """Add a version that is new; the reader has refused a known one with another text."""
    if session.get(PrivacyNotice, notice.version) is not None:
        return
    canonical = json.dumps(notice.texts, sort_keys=True, ensure_ascii=False)
    session.add(
        PrivacyNotice(
            version=notice.version,
            texts=notice.texts,
            sha256=hashlib.sha256(canonical.encode()).hexdigest(),
            valid_from=now,
        )
    )
