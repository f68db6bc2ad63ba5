"""A third language needs a catalogue and nothing else: shown by one whose every text is marked."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from booking import templating
from booking.bookings.emails import composers
from booking.outbox.models import Recipient
from tests.api_calls import book
from tests.bookings_at_work import INSTALLATION
from tests.mail_scenarios import TO_HOST, TO_LEAD, add_history, make_demo
from tests.pages import OWN_PAGE, path_of

LANGUAGE = "fr"
BEGIN, END = "⟦", "⟧"
INNERMOST = re.compile(f"{BEGIN}[^{BEGIN}{END}]*{END}")
UNHEARD = {"script", "style", "select", "textarea", "title"}

WRITTEN_BY_OTHERS = (
    *("Beispiel KI GmbH.*", "Produktdemo", "Product demo", "30 Minuten.*", "30 minutes.*"),
    *("Anna Müller", ".*@.*", "Jörg Weiß", "Weiß & Söhne KG", "Wir nutzen bisher.*"),
    *("Geht das auch.*", r"\+493023125042", "utm_source", "newsletter", "Mir ist etwas.*"),
    *("Ihre Aufgabe, live gelöst", "Was es kostet & was es spart"),
    *("Deutsch", "English", "Français", "Google", r"Outlook\.com", "Microsoft 365"),
)
SAID_BY_CLDR = (
    *(r"\w+di,? \d.*", r"dimanche,? \d.*", r"\w{3}\. \d.*", r"\w+bre \d{4}"),
    *("lu|ma|me|je|ve|sa|di", "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"),
    *("heure normale d.Europe centrale.*", r"UTC\+1.*", r"\d\d:\d\d.*"),
)
NOT_OURS = re.compile("|".join(WRITTEN_BY_OTHERS + SAID_BY_CLDR))


@pytest.fixture(autouse=True)
def third_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put a catalogue beside the others, in which every text is the English one in brackets."""
    others = templating.TRANSLATIONS
    folder = tmp_path / "translations"
    for locale in ("de", LANGUAGE):
        with (others / "de/LC_MESSAGES/messages.po").open("rb") as file:
            source = read_po(file, locale="de")
        write_catalogue(source if locale == "de" else mark(source), folder / locale)
    monkeypatch.setattr(templating, "TRANSLATIONS", folder)
    forget_what_was_read()
    yield
    monkeypatch.undo()
    forget_what_was_read()


def mark(source: Catalog) -> Catalog:
    marked = Catalog(locale=LANGUAGE)
    for message in source:
        if isinstance(message.id, tuple):
            marked.add(message.id, tuple(f"{BEGIN}{text}{END}" for text in message.id))
        elif message.id:
            marked.add(message.id, f"{BEGIN}{message.id}{END}")
    return marked


def write_catalogue(catalogue: Catalog, folder: Path) -> None:
    path = folder / "LC_MESSAGES"
    path.mkdir(parents=True)
    with (path / "messages.po").open("wb") as file:
        write_po(file, catalogue)
    with (path / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)


def forget_what_was_read() -> None:
    for cached in (templating.locales, templating._environment, templating._translations):
        cached.cache_clear()


class Heard(HTMLParser):
    """The pieces of text of a page, whatever element they stand in."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if text and not UNHEARD.intersection(self._open):
            self.pieces.append(text)


def untranslated(html: str) -> list[str]:
    """Return what is neither one of our texts nor what others say."""
    text = "\n".join(Heard(html).pieces)
    assert BEGIN in text
    while (shorter := INNERMOST.sub("", text)) != text:
        text = shorter
    return [
        piece
        for piece in (line.strip(" ,.:·–-") for line in text.splitlines())
        if re.search(r"[^\W\d_]", piece) and not NOT_OURS.fullmatch(piece)
    ]


@pytest.mark.usefixtures("host")
def test_pages_speak_the_third_language(client: FlaskClient) -> None:
    link = path_of(book(client, locale=LANGUAGE).get_json()["booking"]["manage_url"])
    pages = ["/", "/demo?segment=team", link, f"{link}/move", f"{link}/cancel", "/b/unbekannt"]

    asked = {"Accept-Language": LANGUAGE}
    found = {page: untranslated(client.get(page, headers=asked).text) for page in pages}
    faulty = client.post("/demo", data={"email": "x"}, headers=OWN_PAGE | asked)
    found["faulty"] = untranslated(faulty.text)

    assert found == {page: [] for page in found}


@pytest.mark.parametrize(
    ("kind", "whom"),
    [*((kind, Recipient.LEAD) for kind in TO_LEAD), *((kind, Recipient.HOST) for kind in TO_HOST)],
)
def test_mails_speak_the_third_language(session: Session, kind: str, whom: Recipient) -> None:
    booking = make_demo(session, locale=LANGUAGE, answers={})  # questions are the company's words
    message = add_history(kind, whom=whom, booking=booking, session=session)

    mail = composers(INSTALLATION)[kind].compose(message, session)

    assert mail.subject.startswith(BEGIN)
    assert f'lang="{LANGUAGE}"' in mail.html
    assert untranslated(mail.html) == []
