"""Reads the forms of the settings by the rules of a setup file: what one takes, the other takes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic_core import PydanticCustomError
from sqlalchemy import select

from booking.errors import FieldError, InvalidFieldsError
from booking.fields.read import read
from booking.organisation.models import PrivacyNotice
from booking.setup_file.logo import MOST_BYTES, Logo, check_picture
from booking.setup_file.organisation_entry import NoticeEntry, PlainOrganisation
from booking.setup_file.rules import Surroundings
from booking.templating import locales

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session
    from werkzeug.datastructures import FileStorage

FIELDS = tuple(PlainOrganisation.model_fields)


def read_settings(form: Mapping[str, str]) -> dict[str, object]:
    """Return the columns that the form fills.

    Raises:
        InvalidFieldsError: every field that is at fault.
    """
    raw = {name: form.get(name, "") for name in FIELDS}
    return read(PlainOrganisation, raw).model_dump()


def read_notice(form: Mapping[str, str], *, home_locale: str, session: Session) -> NoticeEntry:
    """Return a new version of the privacy notice.

    Raises:
        InvalidFieldsError: every field that is at fault; the organisation's own language is needed.
    """
    texts = {locale: form[locale] for locale in sorted(locales()) if form.get(locale, "").strip()}
    raw = {"version": form.get("notice_version", "")} | texts
    stored = session.execute(select(PrivacyNotice.version, PrivacyNotice.texts))
    around = Surroundings(folder=Path(), notices=dict(stored.all()))
    missing = [] if home_locale in texts else [FieldError(home_locale, "required")]
    try:
        entry = read(NoticeEntry, raw, context=around)
    except InvalidFieldsError as refusal:
        raise InvalidFieldsError([*map(_of_its_field, refusal.errors), *missing]) from None
    if missing:
        raise InvalidFieldsError(missing)
    return entry


def read_picture(file: FileStorage | None) -> Logo:
    """Return the picture that was sent.

    Raises:
        InvalidFieldsError: it is none that can be shown.
    """
    content = file.stream.read(MOST_BYTES + 1) if file else b""
    if not content:
        raise InvalidFieldsError([FieldError("logo", "required")])
    try:
        return check_picture(content)
    except PydanticCustomError:
        raise InvalidFieldsError([FieldError("logo", "picture")]) from None


def _of_its_field(error: FieldError) -> FieldError:
    """Tell of the version what is said of a notice as a whole: it has another text already."""
    is_of_version = error.field in {"", "version"}
    return replace(error, field="notice_version") if is_of_version else error
