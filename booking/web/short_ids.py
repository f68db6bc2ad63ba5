"""Numbers in addresses and forms: only such as a key of the database can be."""

from __future__ import annotations

from werkzeug.routing import IntegerConverter

MOST_DIGITS = 18
"""With more it could exceed what a column of 64 bits holds."""


class ShortIntegerConverter(IntegerConverter):
    """``<int:id>`` in a route; a longer number is simply not there."""

    regex = rf"\d{{1,{MOST_DIGITS}}}"


def find_id(text: str) -> int | None:
    """Return the number that ``text`` is; None where it is none, or longer than any key."""
    try:
        return read_id(text)
    except ValueError:
        return None


def read_id(text: str) -> int:
    """Return the number that ``text`` is.

    Raises:
        ValueError: it is none, or longer than any key.
    """
    if len(text) > MOST_DIGITS or not text.isascii() or not text.isdecimal():
        raise ValueError("no key is written so")
    return int(text)
