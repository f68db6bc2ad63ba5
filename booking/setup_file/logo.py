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
ACTIVE_ELEMENTS = frozenset({"script", "foreignObject", "iframe", "embed", "object", "handler"})
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
    # Entities could blow up while being read, and a picture needs none.
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise refusal("must be an SVG without a document type, or a PNG")
    try:
        root = ET.fromstring(content)  # noqa: S314 - the operator's own file, without entities
    except (ET.ParseError, LookupError, ValueError) as error:
        raise refusal("must be an SVG or a PNG file") from error
    if root.tag != f"{SVG}svg":
        raise refusal("must be an SVG or a PNG file")
    if any(_is_active(element) for element in root.iter()):
        raise refusal("must be an SVG without script, event handlers and outside references")
    return "image/svg+xml"


def _is_active(element: ET.Element) -> bool:
    if element.tag.rpartition("}")[2] in ACTIVE_ELEMENTS or OUTSIDE.search(element.text or ""):
        return True
    return any(_is_active_attribute(name, value) for name, value in element.items())


def _is_active_attribute(qualified: str, value: str) -> bool:
    name = qualified.rpartition("}")[2].lower()
    if name in {"href", "src"}:
        return not value.strip().startswith(("#", "data:image/png", "data:image/jpeg"))
    return name.startswith("on") or OUTSIDE.search(value) is not None
