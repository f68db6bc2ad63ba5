"""Cells that a spreadsheet must not take for formulas."""

import pytest

from booking.web.staff.csv_cells import safe_cell


@pytest.mark.parametrize(
    "text",
    ['=HYPERLINK("http://x","y")', "-1+1", "+1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "\0=1",
     "＝1", "＋1", "－1", "＠SUM(1)"],  # noqa: RUF001 - full-width on purpose
)  # fmt: skip
def test_dangerous_beginning_is_marked_as_text(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Anna", "-12", "12", "a=b", "1-2", "'x"])
def test_other_texts_are_left_alone(text: str) -> None:
    assert safe_cell(text) == text
