"""Tables of the organisation; there is one organisation an installation."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from booking.db import Json, Key, Model

ORGANISATION_ID = 1


class Organisation(Model):
    """The one company whose demos are booked here."""

    __tablename__ = "organisation"
    __table_args__ = (CheckConstraint(f"id = {ORGANISATION_ID}", name="only_one"),)

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(200))
    time_zone: Mapped[str] = mapped_column(String(64))
    locale: Mapped[str] = mapped_column(String(16))
    accent: Mapped[str] = mapped_column(String(7))
    logo: Mapped[bytes | None] = mapped_column(LargeBinary)
    logo_media_type: Mapped[str | None] = mapped_column(String(40))
    contact_email: Mapped[str] = mapped_column(String(254))
    imprint_url: Mapped[str] = mapped_column(String(500))
    privacy_url: Mapped[str] = mapped_column(String(500))
    accessibility_url: Mapped[str] = mapped_column(String(500))
    imprint_text: Mapped[str] = mapped_column(Text)
    notice_version: Mapped[str | None] = mapped_column(String(40))
    """The version of the privacy notice that is shown now."""
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    holiday_region: Mapped[str] = mapped_column(String(6), default="", server_default="")
    """Whose public holidays are kept, such as ``DE-BE``; empty = none."""
    embed_origins: Mapped[list[Any]] = mapped_column(Json, default=list, server_default="[]")
    """Whose pages may show the booking page in a frame."""


class ClosingDay(Model):
    """A date on which the whole company gives no demos."""

    __tablename__ = "closing_day"

    local_date: Mapped[date] = mapped_column(Date, primary_key=True)
    """On the calendar of each host."""
    note: Mapped[str] = mapped_column(String(200))


class PrivacyNotice(Model):
    """One version of the notice at the button (Art. 13 DSGVO); versions are added, not changed."""

    __tablename__ = "privacy_notice"

    version: Mapped[str] = mapped_column(String(40), primary_key=True)
    texts: Mapped[dict[str, Any]] = mapped_column(Json)
    """Text by locale."""
    sha256: Mapped[str] = mapped_column(String(64))
    valid_from: Mapped[datetime]
