"""Between what a form sends, one text a field, and the table of a setup file that it describes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from booking.web.staff.event_type_words import text_locales

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST_DIGITS = 9
DIGITS = re.compile(rf"-?[0-9]{{1,{MOST_DIGITS}}}", re.ASCII)


def flatten(value: object, *, field: str) -> dict[str, str]:
    """Return ``value`` by fields: ``{"title.de": …}``, ``{"agenda.0.de": …}``."""
    parts: Iterable[tuple[object, object]]
    match value:
        case dict():
            parts = value.items()
        case list():
            parts = enumerate(value)
        case _:
            return {field: _text(value)}
    return {
        name: text
        for part, inner in parts
        for name, text in flatten(inner, field=f"{field}.{part}").items()
    }


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else ""
    return str(value)


def number(text: str) -> int | str:
    """Return a number, where it is one; what is none is refused by the rules, as it was typed."""
    text = text.strip()
    return int(text) if DIGITS.fullmatch(text) else text


def numbers(text: str) -> list[int | str]:
    """Return the numbers of a list such as "1440, 60"; nothing for an empty one."""
    return [number(part) for part in re.split(r"[,;\s]+", text.strip()) if part]


def texts(form: Mapping[str, str], *, field: str) -> dict[str, str]:
    """Return a text by language, without the languages that were left blank."""
    typed = {language: form.get(f"{field}.{language}", "") for language in text_locales()}
    return {language: text for language, text in typed.items() if text.strip()}


def rows(form: Iterable[str], *, field: str) -> list[int]:
    """Return the numbers of the rows of ``field`` that the form has, ascending."""
    row = re.compile(rf"{re.escape(field)}\.([0-9]{{1,3}})\..+", re.ASCII)
    return sorted({int(found[1]) for name in form if (found := row.fullmatch(name))})
