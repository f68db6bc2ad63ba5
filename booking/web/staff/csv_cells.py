"""Writes rows as CSV that German spreadsheets open, and in which no cell is a formula.

A semicolon between the cells, since a comma is their decimal point; a byte order mark in front, so
that they read UTF-8.
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

BYTE_ORDER_MARK = "\ufeff"

BEGINS_A_FORMULA = frozenset("=+-@|%\t\r\n\0\uff1d\uff0b\uff0d\uff20\N{MINUS SIGN}")
"""With these a spreadsheet begins to compute, in ASCII and in full width."""

PHONE_NUMBER = re.compile(r"\+[0-9]{5,15}", re.ASCII)
"""Computes nothing, and is of use to other programs as it stands alone."""

IS_SKIPPED = frozenset(" \N{NO-BREAK SPACE}\N{IDEOGRAPHIC SPACE}\ufeff\u200b'\"")
"""What some of them pass over before they look."""


def as_text(cell: object) -> str:
    """Return ``cell`` so that every spreadsheet takes it for a text; a number stays as it is."""
    if cell is None:
        return ""
    if isinstance(cell, int):
        return str(cell)
    text = str(cell)
    seen = text.lstrip("".join(IS_SKIPPED))
    begins = text[:1] in BEGINS_A_FORMULA or seen[:1] in BEGINS_A_FORMULA
    is_dangerous = begins and not PHONE_NUMBER.fullmatch(text)
    # Whoever reads a cell up to NUL must not find something else in it than we did.
    return ("'" if text and is_dangerous else "") + text.replace("\0", "")


def write_csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield the lines of a file with ``head`` as its first row."""
    yield BYTE_ORDER_MARK + _line(head)
    for row in rows:
        yield _line(row)


def _line(row: Sequence[object]) -> str:
    line = io.StringIO()
    csv.writer(line, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(
        [as_text(cell) for cell in row]
    )
    return line.getvalue()
