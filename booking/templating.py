"""Texts in the reader's language, and the one environment that pages and mails are rendered in.

Message ids are English sentences, so English needs no catalogue; every other language is a folder
in ``translations``, compiled by ``make translations``. Jinja and Babel are used directly: a mail is
composed without any request.
"""

from __future__ import annotations

from functools import cache, partial
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from babel import Locale
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from booking import local_numbers, local_time

if TYPE_CHECKING:
    from collections.abc import Mapping

TEMPLATES = Path(__file__).with_name("templates")
TRANSLATIONS = Path(__file__).with_name("translations")
SOURCE_LOCALE = "en"

FORMATTERS = (
    local_time.format_date_long,
    local_time.format_date_short,
    local_time.format_date_brief,
    local_time.format_month,
    local_time.format_day,
    local_time.format_short_day,
    local_time.format_time,
    local_time.format_times,
    local_time.format_period,
    local_time.format_slot,
    local_time.format_slot_short,
    local_time.format_zone,
    local_time.zone_abbreviation,
    local_numbers.format_number,
    local_numbers.format_points,
    local_numbers.format_share,
    local_numbers.format_span,
)


class CatalogueError(Exception):
    """A catalogue was not compiled since it was last written."""


def N_(message: str) -> str:  # noqa: N802 - the mark that extraction looks for
    """Return ``message``; marks a message id that is translated later."""
    return message


@cache
def locales() -> frozenset[str]:
    """Return the languages that texts exist in."""
    catalogues = TRANSLATIONS.glob("*/LC_MESSAGES/messages.po")
    return frozenset({SOURCE_LOCALE, *(path.parts[-3] for path in catalogues)})


def load_translations() -> None:
    """Read every catalogue, so that a missing one is noticed at the start and not in a mail.

    Raises:
        CatalogueError: a catalogue is not compiled, or not since it was changed.
    """
    for locale in locales():
        _translations(locale)


def negotiate_locale(asked: str | None, accept_language: str | None, default: str) -> str:
    """Return the language to answer in: the one asked for, else one accepted, else ``default``.

    ``asked`` may name a country ("de-AT"); ``accept_language`` is the header as it came. What is
    unknown or malformed is passed over.
    """
    for language in (asked or "", *_accepted(accept_language or "")):
        for wanted in (language, language.partition("-")[0]):
            if wanted.lower() in locales():
                return wanted.lower()
    return default


def translate(message: str, *, locale: str, **values: object) -> str:
    """Return ``message`` in the language ``locale``, its ``%(name)s`` filled in."""
    text = _translations(locale).gettext(message)
    return text % values if values else text


def text_in(texts: Mapping[str, str], *, locale: str, fallback: str) -> str:
    """Return a text that the organisation wrote: in ``locale``, else in ``fallback``, else in any.

    Empty where there is none at all.
    """
    return texts.get(locale) or texts.get(fallback) or next(iter(texts.values()), "")


def language_name(locale: str, *, told_in: str | None = None) -> str:
    """Return what a language calls itself, "Deutsch", or what it is called in ``told_in``."""
    return (Locale.parse(locale).get_display_name(told_in) or locale).capitalize()


def render(template: str, *, locale: str, **context: Any) -> str:
    """Return ``template`` filled in, in the language ``locale``.

    Everything in a ``.html`` is escaped. Besides ``context``, templates know ``locale``,
    ``text_in`` and the formatters of ``local_time`` and ``local_numbers`` in that
    language, and ``language_name``; a name
    that nobody gave them is an error.
    """
    return _environment(locale).get_template(template).render(context)


@cache
def _environment(locale: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(enabled_extensions=("html",), default=False),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.install_gettext_translations(  # type: ignore[attr-defined]  # the extension adds it
        _translations(locale), newstyle=True
    )
    environment.globals["locale"] = locale
    environment.globals["language_name"] = language_name
    environment.globals |= {
        speak.__name__: partial(speak, locale=locale) for speak in (*FORMATTERS, text_in)
    }
    return environment


@cache
def _translations(locale: str) -> NullTranslations:
    if locale == SOURCE_LOCALE:
        return NullTranslations()
    source = TRANSLATIONS / locale / "LC_MESSAGES" / "messages.po"
    compiled = source.with_suffix(".mo")
    if not compiled.is_file() or compiled.stat().st_mtime < source.stat().st_mtime:
        raise CatalogueError(
            f"the texts of language {locale!r} are not compiled: run 'make translations'"
        )
    with compiled.open("rb") as file:
        return GNUTranslations(file)


def _accepted(header: str) -> list[str]:
    """Return the languages of the header, the most wanted first (RFC 9110 §12.5.4)."""
    weighted = [_weight(part) for part in header.split(",")]
    wanted = [(weight, language) for weight, language in weighted if weight > 0]
    return [language for _, language in sorted(wanted, key=lambda pair: -pair[0])]


def _weight(part: str) -> tuple[float, str]:
    language, _, parameter = part.partition(";")
    name, _, value = parameter.strip().partition("=")
    try:
        weight = float(value) if name == "q" else 1.0
    except ValueError:
        weight = 0.0
    return weight, language.strip()
