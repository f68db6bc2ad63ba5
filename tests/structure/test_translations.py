"""Every text exists in every language, and no language has texts that nobody uses."""

import re
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from tests.structure.sources import PACKAGE, PROJECT

PLACEHOLDER = re.compile(r"%\((\w+)\)s")
SOURCES = sorted((PACKAGE / "translations").glob("*/LC_MESSAGES/messages.po"))

Texts = tuple[str, ...]


def texts(message: Any) -> Texts:
    """Return one text, or the forms of a plural."""
    return (message,) if isinstance(message, str) else tuple(message)


@pytest.fixture(scope="module")
def used() -> set[Texts]:
    """The message ids of code and templates, found as `make messages` finds them."""
    mapping = ConfigParser()
    mapping.read(PROJECT / "babel.cfg")
    methods = [section.split(": ") for section in mapping.sections()]
    found = extract_from_dir(
        PACKAGE,
        method_map=[(pattern, method) for method, pattern in methods],
        options_map={pattern: dict(mapping[f"{method}: {pattern}"]) for method, pattern in methods},
    )
    return {texts(message) for _file, _line, message, _comments, _context in found}


def read(source: Path) -> Catalog:
    with source.open("rb") as file:
        return read_po(file, locale=source.parts[-3], abort_invalid=True)


def messages(source: Path) -> list[Message]:
    return [message for message in read(source) if message.id]


@pytest.mark.parametrize("source", SOURCES, ids=str)
def test_texts_are_all_translated_and_all_used(source: Path, used: set[Texts]) -> None:
    translated = {texts(message.id) for message in messages(source)}

    assert (sorted(used - translated), sorted(translated - used)) == ([], [])


@pytest.mark.parametrize("source", SOURCES, ids=str)
def test_translations_are_whole(source: Path) -> None:
    catalogue = read(source)
    unfinished = [
        message.id
        for message in messages(source)
        if message.fuzzy or not all(texts(message.string))
    ]

    assert unfinished == []
    assert list(catalogue.obsolete) == []


@pytest.mark.parametrize("source", SOURCES, ids=str)
def test_translations_fill_in_the_same_names(source: Path) -> None:
    differing = [
        message.id
        for message in messages(source)
        for translation in texts(message.string)
        if placeholders(translation) != placeholders(texts(message.id)[-1])
    ]

    assert differing == []


def test_texts_have_translations(used: set[Texts]) -> None:
    assert ("Kind regards",) in used
    assert ("%(num)s minute", "%(num)s minutes") in used
    assert SOURCES != []


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))
