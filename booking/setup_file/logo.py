"""The organisation's logo: a small picture that does nothing but be seen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from pydantic_core import PydanticCustomError

from booking.setup_file.faults import refusal
from booking.setup_file.rules import surroundings

if TYPE_CHECKING:
    from pydantic import ValidationInfo

MOST_BYTES = 100 * 1024
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
SVG = "{http://www.w3.org/2000/svg}"
NO_PICTURE = "must be an SVG in UTF-8, or a PNG file"
ACTIVE_ELEMENTS = frozenset({"script", "foreignObject", "iframe", "embed", "object", "handler"})
SPECIAL = re.compile(r"<!DOCTYPE|<!ENTITY|<\?(?!xml\s)", re.IGNORECASE)
"""Entities could blow up while being read; an instruction can call for a style sheet."""
OUTSIDE = re.compile(r"url\(\s*['\"]?(?!#)|@import|javascript:", re.IGNORECASE)
"""What fetches something, or runs it, from within a style or an attribute."""


@dataclass(frozen=True, slots=True)
class Logo:
    """The bytes of the picture and what they are."""

    content: bytes
    media_type: str


def read_logo(name: object, info: ValidationInfo) -> Logo | None:
    """Return the picture called ``name`` beside the setup file; None where there is no name."""
    if name == "":
        return None
    if not isinstance(name, str):
        raise PydanticCustomError("string_type", "no text")
    if not name.isprintable() or PurePath(name).name != name:
        raise refusal("must be the name of a file beside the setup file")
    path = surroundings(info).folder / name
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise refusal("names a file that cannot be read") from error
    return check_picture(content)


def check_picture(content: bytes) -> Logo:
    """Return the picture that ``content`` is; refuse what is too large or might do something."""
    if len(content) > MOST_BYTES:
        raise refusal(f"must be a file of at most {MOST_BYTES // 1024} kB")
    return Logo(content, _media_type(content))


def _media_type(content: bytes) -> str:
    if content.startswith(PNG_SIGNATURE):
        return "image/png"
    try:
        # In another encoding, what is looked for below would not be found.
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refusal(NO_PICTURE) from error
    if SPECIAL.search(text):
        raise refusal("must be an SVG without document type and style sheet, or a PNG")
    try:
        root = ET.fromstring(text)  # noqa: S314 - the operator's own file, without entities
    except (ET.ParseError, LookupError, ValueError) as error:
        raise refusal(NO_PICTURE) from error
    if root.tag != f"{SVG}svg":
        raise refusal(NO_PICTURE)
    if any(_is_active(element) for element in root.iter()):
        raise refusal("must be an SVG without script, event handlers and outside references")
    return "image/svg+xml"


def _is_active(element: ET.Element) -> bool:
    said = f"{element.text or ''} {element.tail or ''}"
    if element.tag.rpartition("}")[2] in ACTIVE_ELEMENTS or OUTSIDE.search(said):
        return True
    if element.get("attributeName", "").strip().lower().endswith("href"):
        return True
    return any(_is_active_attribute(name, value) for name, value in element.items())


def _is_active_attribute(qualified: str, value: str) -> bool:
    name = qualified.rpartition("}")[2].lower()
    if name in {"href", "src"}:
        return not value.strip().startswith(("#", "data:image/png", "data:image/jpeg"))
    return name.startswith("on") or OUTSIDE.search(value) is not None
