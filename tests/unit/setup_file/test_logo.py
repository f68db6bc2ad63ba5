"""The logo: a small file beside the setup file that does nothing but be seen."""

from pathlib import Path

import pytest

from booking.setup_file.logo import MOST_BYTES, PNG_SIGNATURE, Logo
from tests.unit.setup_file.documents import ORGANISATION, faults_in, read

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{}</svg>'
SPECIAL = "must be an SVG without document type and style sheet, or a PNG"
ACTIVE = "must be an SVG without script, event handlers and outside references"


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b'<?xml version="1.0" encoding="UTF-8"?>' + SVG.encode(), "image/svg+xml"),
        (SVG.format('<g id="a"/><use href="#a" fill="url(#b)"/>').encode(), "image/svg+xml"),
        (PNG_SIGNATURE + b"rest", "image/png"),
    ],
)
def test_logo_is_read(tmp_path: Path, content: bytes, media_type: str) -> None:
    (tmp_path / "logo").write_bytes(content)

    setup = read(tmp_path, f'{ORGANISATION}logo = "logo"')

    assert setup.organisation is not None
    assert setup.organisation.logo == Logo(content, media_type)


@pytest.mark.parametrize(
    "drawing",
    [
        "<script>alert(1)</script>",
        '<path onload="alert(1)"/>',
        '<path OnClick="alert(1)"/>',
        '<a href="javascript:alert(1)"/>',
        '<image href="https://elsewhere.example/x.png"/>',
        '<image xlink:href="//elsewhere.example/x.png"/>',
        '<path style="fill: url( https://elsewhere.example/x)"/>',
        "<style>@import 'https://elsewhere.example/x.css'</style>",
        "<foreignObject/>",
        '<animate attributeName="href" to="javascript:alert(1)"/>',
        '<set attributeName="xlink:href" to="https://elsewhere.example/x.png"/>',
        "<style><g/>@import 'https://elsewhere.example/x.css'</style>",
    ],
)
def test_svg_that_does_something_is_a_fault(tmp_path: Path, drawing: str) -> None:
    (tmp_path / "logo.svg").write_text(SVG.format(drawing))

    faults = faults_in(tmp_path, f'{ORGANISATION}logo = "logo.svg"')

    assert faults == [f'organisation.logo = "logo.svg": {ACTIVE}']


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"GIF89a", "must be an SVG in UTF-8, or a PNG file"),
        (b"<html/>", "must be an SVG in UTF-8, or a PNG file"),
        (f"<!DOCTYPE svg>{SVG}".encode("utf-16"), "must be an SVG in UTF-8, or a PNG file"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG.encode(), SPECIAL),
        (b'<?xml-stylesheet href="https://elsewhere.example/x.css"?>' + SVG.encode(), SPECIAL),
        (PNG_SIGNATURE + bytes(MOST_BYTES), "must be a file of at most 100 kB"),
    ],
)
def test_file_that_is_no_logo_is_a_fault(tmp_path: Path, content: bytes, problem: str) -> None:
    (tmp_path / "logo.svg").write_bytes(content)

    faults = faults_in(tmp_path, f'{ORGANISATION}logo = "logo.svg"')

    assert faults == [f'organisation.logo = "logo.svg": {problem}']


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ('"../logo.svg"', "must be the name of a file beside the setup file"),
        ('"/etc/passwd"', "must be the name of a file beside the setup file"),
        ('".."', "names a file that cannot be read"),
        ('"nowhere.svg"', "names a file that cannot be read"),
        ("5", "must be a text in quotes"),
    ],
)
def test_logo_that_is_not_beside_the_file_is_a_fault(
    tmp_path: Path, value: str, problem: str
) -> None:
    faults = faults_in(tmp_path, f"{ORGANISATION}logo = {value}")

    assert faults == [f"organisation.logo = {value}: {problem}"]


def test_empty_name_is_no_logo(tmp_path: Path) -> None:
    setup = read(tmp_path, f'{ORGANISATION}logo = ""')

    assert setup.organisation is not None
    assert setup.organisation.logo is None
