"""Adds a version of the privacy notice; one that is there is never changed."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from booking.errors import FieldError, InvalidFieldsError
from booking.organisation.models import ORGANISATION_ID, Organisation, PrivacyNotice

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session


def add_notice(version: str, *, texts: Mapping[str, str], now: datetime, session: Session) -> None:
    """Add a version that is new; nothing happens where it is there with these texts.

    The organisation is locked, so that two who add one version come one after the other.

    Raises:
        InvalidFieldsError: it is there with other texts; readers have refused that, unless
            somebody else was faster.
    """
    session.get(Organisation, ORGANISATION_ID, with_for_update=True)
    known = session.get(PrivacyNotice, version)
    if known is not None:
        if known.texts != dict(texts):
            raise InvalidFieldsError([FieldError("notice_version", "version_used")])
        return
    canonical = json.dumps(dict(texts), sort_keys=True, ensure_ascii=False)
    session.add(
        PrivacyNotice(
            version=version,
            texts=dict(texts),
            sha256=hashlib.sha256(canonical.encode()).hexdigest(),
            valid_from=now,
        )
    )
