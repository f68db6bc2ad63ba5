"""Cells of a CSV file that a spreadsheet takes for text, whatever was typed into them."""

from __future__ import annotations

# OWASP ASVS 5 §1.2.10, and the full-width signs that some spreadsheets read as the plain ones.
DANGEROUS = tuple("=+-@\t\r\n\0＝＋－＠")  # noqa: RUF001 - full-width on purpose


def safe_cell(text: str) -> str:
    """Return ``text``, marked as text where a spreadsheet would take it for a formula.

    A plain number stays one.
    """
    if text.startswith(DANGEROUS) and not _is_number(text):
        return f"'{text}"
    return text


def _is_number(text: str) -> bool:
    return text[:1] == "-" and text[1:].isdecimal() and text.isascii()
