"""Adds a version of the privacy notice; one that is there is never changed."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from booking.organisation.models import PrivacyNotice

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session


def add_notice(version: str, *, texts: Mapping[str, str], now: datetime, session: Session) -> None:
    """Add a version that is new; the reader has refused a known one with another text."""
    if session.get(PrivacyNotice, version) is not None:
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
