import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from booking import templating
from booking.templating import (
    CatalogueError,
    language_name,
    load_translations,
    locales,
    negotiate_locale,
    render,
    text_in,
    translate,
)

TEXTS = {"de": "Produktdemo", "en": "Product demo"}


@pytest.fixture
def templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of templates of the test's own."""
    monkeypatch.setattr(templating, "TEMPLATES", tmp_path)
    templating._environment.cache_clear()
    yield tmp_path
    templating._environment.cache_clear()


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The source of a German catalogue that has never been compiled."""
    source = tmp_path / "de" / "LC_MESSAGES" / "messages.po"
    source.parent.mkdir(parents=True)
    source.touch()
    monkeypatch.setattr(templating, "TRANSLATIONS", tmp_path)
    templating._translations.cache_clear()
    yield source
    templating._translations.cache_clear()


def test_locales_are_english_and_the_catalogues() -> None:
    assert locales() == {"de", "en"}


@pytest.mark.parametrize(
    ("asked", "accept_language", "expected"),
    [
        ("en", "de", "en"),
        ("de-AT", "en", "de"),
        ("DE", None, "de"),
        (None, "de-CH, en;q=0.5", "de"),
        (None, "fr;q=0.9, en-US;q=0.8, de;q=0.7", "en"),
        (None, "de;q=0, en;q=0.1", "en"),
        ("fr", "fr, pl", "nothing"),
        (None, None, "nothing"),
        (None, "*", "nothing"),
        ("../de", "de;q=nan, ;;;,=,en;q=x", "nothing"),
    ],
)
def test_locale_is_the_first_wanted_one_that_has_texts(
    asked: str | None, accept_language: str | None, expected: str
) -> None:
    assert negotiate_locale(asked, accept_language, "nothing") == expected


def test_message_is_translated_and_filled_in() -> None:
    assert translate("Hello %(name)s,", locale="de", name="Anna") == "Guten Tag Anna,"
    assert translate("Hello %(name)s,", locale="en", name="Anna") == "Hello Anna,"


@pytest.mark.parametrize(
    ("texts", "locale", "expected"),
    [
        (TEXTS, "en", "Product demo"),
        (TEXTS, "fr", "Produktdemo"),
        ({"en": "Product demo"}, "fr", "Product demo"),
        ({"de": "Produktdemo", "en": ""}, "en", "Produktdemo"),
        ({}, "de", ""),
    ],
)
def test_text_falls_back_to_the_organisations_language(
    texts: dict[str, str], locale: str, expected: str
) -> None:
    assert text_in(texts, locale=locale, fallback="de") == expected


def test_languages_call_themselves_by_their_own_name() -> None:
    assert [language_name(locale) for locale in ("de", "en")] == ["Deutsch", "English"]


def test_html_is_escaped_and_text_is_not(templates: Path) -> None:
    for name in ("page.html", "mail.txt"):
        (templates / name).write_text("{{ _('Hello %(name)s,', name=name) }}")

    rendered = [render(name, locale="de", name="<b>") for name in ("page.html", "mail.txt")]

    assert rendered == ["Guten Tag &lt;b&gt;,", "Guten Tag <b>,"]


def test_plural_follows_the_number(templates: Path) -> None:
    (templates / "a.txt").write_text("{{ ngettext('%(num)s minute', '%(num)s minutes', n) }}")

    assert [render("a.txt", locale="de", n=n) for n in (1, 30)] == ["1 Minute", "30 Minuten"]


def test_name_that_nobody_gave_is_an_error(templates: Path) -> None:
    (templates / "a.txt").write_text("{{ nobody }}")

    with pytest.raises(UndefinedError, match="nobody"):
        render("a.txt", locale="de")


@pytest.mark.usefixtures("catalogue")
def test_translations_that_are_not_compiled_are_refused_by_name() -> None:
    with pytest.raises(CatalogueError, match="'de' are not compiled: run 'make translations'"):
        load_translations()


def test_translations_older_than_their_source_are_refused(catalogue: Path) -> None:
    compiled = catalogue.with_suffix(".mo")
    compiled.touch()
    os.utime(compiled, (1, 1))

    with pytest.raises(CatalogueError, match="run 'make translations'"):
        load_translations()
