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
from booking.setup_file.organisation_entry import MOST_ORIGINS, NoticeEntry, PlainOrganisation
from booking.setup_file.rules import Surroundings
from booking.templating import locales

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session
    from werkzeug.datastructures import FileStorage

    from booking.errors import BookingError
    from booking.organisation.models import Organisation

FIELDS = tuple(PlainOrganisation.model_fields)

ORIGINS = "embed_origins"
"""The field that holds one value a line."""


def read_settings(form: Mapping[str, str]) -> dict[str, object]:
    """Return the columns that the form fills; one from before it had a list of sites leaves them.

    Raises:
        InvalidFieldsError: every field that is at fault; of the sites every line, counted from 1.
    """
    raw: dict[str, object] = {name: form.get(name, "") for name in FIELDS if name != ORIGINS}
    typed = enumerate(form.get(ORIGINS, "").splitlines(), start=1)
    lines = {number: line.strip() for number, line in typed if line.strip()}
    if ORIGINS in form:
        raw[ORIGINS] = list(lines.values())
    try:
        return read(PlainOrganisation, raw).model_dump(exclude_unset=True)
    except InvalidFieldsError as refusal:
        errors = [_of_its_line(error, numbers=list(lines)) for error in refusal.errors]
    raise InvalidFieldsError(errors)


def fill_in_settings(organisation: Organisation) -> dict[str, str]:
    """Return what the fields show of what is stored."""
    stored = {name: getattr(organisation, name) for name in FIELDS}
    return stored | {ORIGINS: "\n".join(organisation.embed_origins)}


def faulty_lines(refusal: BookingError | None) -> dict[str, str]:
    """Return the numbers of the lines that name no site, by the field that is told of each."""
    errors = refusal.errors if isinstance(refusal, InvalidFieldsError) else ()
    fields = (error.field.partition(".") for error in errors)
    return {f"{field}.{line}": line for field, _, line in fields if field == ORIGINS and line}


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


def _of_its_line(error: FieldError, *, numbers: Sequence[int]) -> FieldError:
    """Tell of the line, as it was typed, what is said of one of the sites."""
    if error.field == ORIGINS:
        return FieldError(ORIGINS, "too_many", MOST_ORIGINS)
    field, _, place = error.field.partition(".")
    return replace(error, field=f"{field}.{numbers[int(place)]}") if place else error


def _of_its_field(error: FieldError) -> FieldError:
    """Tell of the version what is said of a notice as a whole: it has another text already."""
    is_of_version = error.field in {"", "version"}
    return replace(error, field="notice_version") if is_of_version else error
