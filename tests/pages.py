"""What the tests of the pages share: reading a page as its visitor does, and sending its form."""

from html.parser import HTMLParser
from typing import Any, Self
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}
"""What a browser says of a form that was sent from one of our pages."""

VOID = {"br", "hr", "img", "input", "link", "meta"}


class Page(HTMLParser):
    """The parts of one HTML page that tests ask for."""

    def __init__(self) -> None:
        super().__init__()
        self.lang = ""
        self.title = ""
        self.text = ""
        self.alert = ""
        self.fields: dict[str, str] = {}
        """By name, of the whole page: what its form would send."""
        self.buttons: list[tuple[str, str]] = []
        """Pairs of name and value."""
        self.links: list[str] = []
        self.action = ""
        self._open: list[tuple[str, bool]] = []
        self._typing: str | None = None

    @classmethod
    def read(cls, response: TestResponse) -> Self:
        """Return the page of an answer."""
        assert response.mimetype == "text/html"
        page = cls()
        page.feed(response.get_data(as_text=True))
        page.text = " ".join(page.text.split())
        page.alert = " ".join(page.alert.split())
        page.fields = {name: value.removeprefix("\n") for name, value in page.fields.items()}
        return page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the element brings."""
        given = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self._open.append((tag, given.get("role") == "alert"))
        if tag == "br":
            self.text += " "
        elif tag in {"input", "textarea", "select", "option"}:
            self._note_field(tag, given)
        elif tag == "html":
            self.lang = given["lang"]
        elif tag == "a":
            self.links.append(given["href"])
        elif tag == "form" and given["method"] == "post":
            self.action = given["action"]
        elif tag == "button" and "name" in given:
            self.buttons.append((given["name"], given["value"]))

    def _note_field(self, tag: str, given: dict[str, str]) -> None:
        if tag == "option":
            name = self._typing or ""
            if "selected" in given or name not in self.fields:
                self.fields[name] = given["value"]
        elif tag == "input":
            if given.get("type") not in {"radio", "checkbox"} or "checked" in given:
                self.fields[given["name"]] = given.get("value", "")
        else:
            self._typing = given["name"]
            if tag == "textarea":
                self.fields[given["name"]] = ""

    def handle_endtag(self, tag: str) -> None:
        """Leave the element."""
        if tag not in VOID:
            self._open.pop()
        if tag in {"textarea", "select"}:
            self._typing = None

    def handle_data(self, data: str) -> None:
        """Note the text, and where it stands."""
        tags = [tag for tag, _ in self._open]
        if "textarea" in tags:
            self.fields[self._typing or ""] += data
        elif "title" in tags:
            self.title += data
        elif "select" not in tags:
            self.text += data
        if any(is_alert for _, is_alert in self._open):
            self.alert += data

    def offers(self, name: str) -> list[str]:
        """Return the values of the buttons called ``name``."""
        return [value for of, value in self.buttons if of == name]


def open_page(client: FlaskClient, address: str, **options: Any) -> Page:
    """Open a page that is there."""
    response = client.get(address, **options)
    assert response.status_code == 200
    return Page.read(response)


def send(client: FlaskClient, page: Page, **changes: str) -> TestResponse:
    """Send the form of ``page`` as it stands but for ``changes``."""
    return client.post(page.action, data=page.fields | changes, headers=OWN_PAGE)


def choose(client: FlaskClient, start: str, *, address: str = "/demo?segment=individual") -> Page:
    """Choose a time as a visitor does; return the page with the fields for the details."""
    answer = send(client, open_page(client, address), choose=start)
    assert answer.status_code == 303
    return open_page(client, answer.location)


def path_of(address: str) -> str:
    """Return the path alone."""
    return urlsplit(address).path
