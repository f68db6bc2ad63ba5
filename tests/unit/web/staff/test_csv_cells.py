import csv
import io

import pytest

from booking.web.staff.csv_cells import as_text, write_csv

BEGINNINGS = [
    *("=", "+", "-", "@", "\t", "\r", "\n", "\0", "|", "%"),
    *("\uff1d", "\uff0b", "\uff0d", "\uff20", "\N{MINUS SIGN}"),
]
FORMULAS = [
    '=HYPERLINK("http://x","y")',
    "-1+1",
    "@SUM(1)",
    "\t=1",
    "+493023125042+1",
    "+49 30 23125042",
    "=cmd|' /C calc'!A0",
    "  =1+1",
    "\N{NO-BREAK SPACE}=1",
    "\ufeff=1",
    "\u200b@x",
    "'=1",
    '"=1',
    "\r\n=1",
]


@pytest.mark.parametrize("beginning", BEGINNINGS, ids=ascii)
def test_cell_that_would_compute_is_a_text(beginning: str) -> None:
    assert as_text(f"{beginning}1+1") == f"'{beginning}1+1".replace("\0", "")


@pytest.mark.parametrize("formula", FORMULAS, ids=ascii)
def test_formula_is_a_text(formula: str) -> None:
    assert as_text(formula) == f"'{formula}"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("Erika Müller-Lüdenscheidt", "Erika Müller-Lüdenscheidt"),
        ("a=b", "a=b"),
        ("王", "王"),
        ("a\0=1", "a=1"),
        ("", ""),
        (None, ""),
        (25, "25"),
        ("+493023125042", "+493023125042"),
        ("O'Neill", "O'Neill"),
    ],
    ids=ascii,
)
def test_other_cells_stay_as_they_are(cell: object, text: str) -> None:
    assert as_text(cell) == text


def test_file_has_its_mark_and_every_cell_survives() -> None:
    rows = [["Weiß; Söhne", 'mit "Namen"'], ["zwei\nZeilen", 7]]

    written = "".join(write_csv(["Firma", "Größe"], rows))

    assert written.encode().startswith(b'\xef\xbb\xbf"Firma";"Gr\xc3\xb6\xc3\x9fe"\r\n')
    read = list(csv.reader(io.StringIO(written.removeprefix("\ufeff"), newline=""), delimiter=";"))
    assert read == [["Firma", "Größe"], ["Weiß; Söhne", 'mit "Namen"'], ["zwei\nZeilen", "7"]]
