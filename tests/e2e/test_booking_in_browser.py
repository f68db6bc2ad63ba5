"""The whole way of a prospect in a real browser: book, read the mail, move, cancel.

Every page on the way is private, safe and accessible, and fits the screen.
"""

import re
import time
from collections.abc import Iterator
from email import message_from_bytes, policy
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.fixtures.browser import PageGuard
from tests.fixtures.history import history_environment
from tests.server_processes import ask, running_servers

PATIENCE_SECONDS = 30
MOST_TABS = 400


class Visitor:
    """Somebody with a browser, who looks closely at every page."""

    def __init__(self, guard: PageGuard, **options: Any) -> None:
        self._guard = guard
        self.page: Page = guard.new_page(**options)

    def open(self, address: str) -> None:
        """Open an address."""
        self.page.goto(address)
        self.look()

    def press(self, label: str) -> None:
        """Press the first button or link that is called ``label``."""
        self.page.locator("main :is(a, button):not([aria-hidden])", has_text=label).first.click()
        self.look()

    def click(self, selector: str) -> None:
        """Click the first element of its kind."""
        self.page.locator(selector).first.click()
        self.look()

    def look(self) -> None:
        """Insist on what holds for every page."""
        self.page.wait_for_load_state()
        self._guard.check(self.page)
        overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert self.page.evaluate(overflow) == 0, self.page.url

    def tab_to(self, selector: str) -> None:
        """Go on with the Tab key until the focus is where it is wanted."""
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            if self.has_focus(selector):
                return
        raise AssertionError(f"the Tab key does not reach {selector}")

    def has_focus(self, selector: str) -> bool:
        """Tell whether the focus is on such an element."""
        return bool(self.page.evaluate("of => document.activeElement.matches(of)", selector))

    def heading(self) -> str:
        """Return the heading of the page."""
        return self.page.locator("h1").inner_text()


@pytest.fixture(scope="module")
def site(lived_copy: Path) -> Iterator[str]:
    """A company with twenty hosts and a past, served and delivered by a process of its own."""
    environment = history_environment(lived_copy)
    with running_servers(1, environment=environment, options=["--with-worker"]) as addresses:
        yield addresses[0]


@pytest.fixture
def guard(browser: Browser, site: str) -> Iterator[PageGuard]:
    """A guard over the pages of the example."""
    guard = PageGuard(browser, site=site)
    yield guard
    guard.close()


@pytest.fixture
def outbox(lived_copy: Path) -> Path:
    """The folder into which its mails are written."""
    return lived_copy.with_name("outbox")


def mail_to(address: str, *, outbox: Path) -> str:
    """Return the text of the first mail to ``address``, as soon as it is written."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        for file in sorted(outbox.glob("*.eml")):
            mail = message_from_bytes(file.read_bytes(), policy=policy.default)
            text = mail.get_body(("plain",))
            if address in str(mail["To"]) and text is not None:
                return str(text.get_content())
        time.sleep(0.1)
    raise AssertionError(f"no mail to {address}")


@pytest.mark.parametrize("java_script", [True, False])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_whole_way(
    guard: PageGuard, site: str, outbox: Path, width: int, java_script: bool
) -> None:
    address = f"erika-{width}-{java_script}@kunde.example".lower()
    scheme = "dark" if width == 1280 else "light"
    screen = {"width": width, "height": 800}
    visitor = Visitor(guard, java_script=java_script, color_scheme=scheme, viewport=screen)

    visitor.open(f"{site}/")
    visitor.page.check("#segment-team")
    if java_script:
        visitor.page.wait_for_url("**segment=team**")
        visitor.look()
    else:
        visitor.press("Passende Termine anzeigen")
    visitor.click("a.month-step >> nth=-1")
    visitor.click("a.day")
    visitor.click("button.time")
    visitor.page.fill("#name", "Erika Mustermann")
    visitor.page.fill("#email", address)
    visitor.page.fill("#team_size", "12")
    visitor.press("Demo jetzt buchen")
    assert visitor.heading() == "Ihre Demo ist gebucht"

    links = re.findall(rf"{site}/b/\S+", mail_to(address, outbox=outbox))
    visitor.open(next(link for link in links if link.endswith("/move")))
    visitor.click("a.time")
    visitor.press("Demo verschieben")
    assert "Ihre Demo ist verschoben." in visitor.page.inner_text("main")

    visitor.press("Demo absagen")
    visitor.page.fill("#reason", "Krank")
    visitor.press("Demo absagen")
    assert visitor.heading() == "Diese Demo ist abgesagt"


def test_keyboard_alone_books(guard: PageGuard, site: str) -> None:
    visitor = Visitor(guard)
    keyboard = visitor.page.keyboard
    visitor.open(f"{site}/")

    visitor.tab_to("#segment-individual")
    keyboard.press("Space")
    visitor.page.wait_for_url("**segment=individual**")
    visitor.look()
    assert visitor.has_focus("#segment-individual")
    visitor.tab_to("a.month-step")  # this month may have one free day left
    with visitor.page.expect_navigation():
        keyboard.press("Enter")
    visitor.look()
    visitor.tab_to("td[aria-selected]")
    keyboard.press("ArrowRight")
    with visitor.page.expect_navigation():
        keyboard.press("Enter")
    visitor.look()
    assert visitor.has_focus("#times")
    visitor.tab_to("button.time")
    with visitor.page.expect_navigation():
        keyboard.press("Enter")
    visitor.look()
    assert visitor.has_focus("#details")
    visitor.tab_to("#name")
    keyboard.type("Erika Mustermann")
    visitor.tab_to("#email")
    keyboard.type("tastatur@kunde.example")
    with visitor.page.expect_navigation():
        keyboard.press("Enter")
    visitor.look()

    assert visitor.heading() == "Ihre Demo ist gebucht"


@pytest.mark.parametrize("java_script", [True, False])
def test_faults_are_shown_and_focused(guard: PageGuard, site: str, java_script: bool) -> None:
    visitor = Visitor(guard, java_script=java_script)
    visitor.open(f"{site}/demo?segment=team")
    visitor.click("button.time")
    visitor.page.fill("#name", "Erika Mustermann")
    visitor.page.fill("#email", "erika@kunde")

    visitor.press("Demo jetzt buchen")

    assert visitor.page.title().startswith("Fehler: ")
    assert visitor.has_focus(".alert")
    assert visitor.page.input_value("#name") == "Erika Mustermann"
    visitor.page.click(".alert a[href='#email']")
    assert visitor.has_focus("#email")


def test_times_are_shown_in_the_zone_of_the_browser(guard: PageGuard, site: str) -> None:
    visitor = Visitor(guard, timezone_id="Asia/Kolkata", locale="en-GB")
    visitor.page.goto(f"{site}/demo?segment=team")
    visitor.page.wait_for_url("**tz=Asia**")
    visitor.look()

    visitor.click("button.time")

    chosen = visitor.page.inner_text(".chosen")
    assert "(UTC+5:30)" in chosen
    assert re.search(r"Our time: .*\((CET|CEST)\)", chosen)


def test_double_click_books_once(guard: PageGuard, site: str) -> None:
    visitor = Visitor(guard)
    visitor.open(f"{site}/demo?segment=individual")
    visitor.click("button.time")
    visitor.page.fill("#name", "Erika Mustermann")
    visitor.page.fill("#email", "doppelt@kunde.example")

    visitor.page.dblclick(".details .primary")
    visitor.page.wait_for_url("**/b/**")
    visitor.look()
    booked = visitor.page.url
    visitor.page.go_back()
    visitor.look()
    visitor.press("Demo jetzt buchen")

    assert visitor.page.url == booked


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/nichts", "Unter dieser Adresse gibt es nichts."),
        ("/b/unbekannt", "Dieser Link führt zu keiner Buchung."),
    ],
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_error_pages_lead_on(
    guard: PageGuard, site: str, path: str, heading: str, scheme: str
) -> None:
    visitor = Visitor(guard, color_scheme=scheme)
    visitor.open(f"{site}{path}")

    assert visitor.heading() == heading
    visitor.press("Zu den freien Terminen")
    assert visitor.page.locator("button.time").count() > 0


def test_choices_are_named_for_those_who_hear_them(guard: PageGuard, site: str) -> None:
    visitor = Visitor(guard, locale="de-DE")
    visitor.open(f"{site}/demo?segment=team")

    day = visitor.page.locator("a.day").first.aria_snapshot()
    time_button = visitor.page.locator("button.time").first.aria_snapshot()

    weekday = "(Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonntag)"
    assert re.search(rf"{weekday}, \d+\. \w+ \d{{4}}, \d+ freie Termine?", day)
    assert re.search(rf"{weekday}, \d+\. \w+ \d{{4}}, \d\d:\d\d–\d\d:\d\d Uhr", time_button)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_taken_time_leaves_others_to_click(guard: PageGuard, site: str, scheme: str) -> None:
    visitor = Visitor(guard, color_scheme=scheme)
    visitor.open(f"{site}/demo?segment=team")
    start = visitor.page.locator("button.time").first.get_attribute("value")
    wanted = {"event_type": "demo", "start": start, "segment": "team"}
    while ask(site, "POST", "/api/v1/holds", wanted).status == HTTPStatus.CREATED:
        pass  # until no host of the pool is left for this time

    visitor.click("button.time")

    assert visitor.page.title().startswith("Fehler: ")
    assert visitor.has_focus(".alert")
    assert visitor.page.locator(".alternatives button").count() == 3
    visitor.click(".alternatives button")
    assert visitor.page.locator("#name").count() == 1


@pytest.mark.parametrize("page", ["", "/move", "/cancel"])
def test_buttons_below_each_other_are_equally_wide(guard: PageGuard, site: str, page: str) -> None:
    visitor = Visitor(guard, viewport={"width": 390, "height": 844})
    email = f"breit-{page.strip('/')}@kunde.example"
    visitor.open(f"{site}/demo?segment=team&name=Erika&email={email}")
    visitor.click("button.time")
    visitor.press("Demo jetzt buchen")
    visitor.open(f"{visitor.page.url}{page}")
    if page == "/move":
        visitor.click("a.time")

    widths = visitor.page.locator(".card .button").evaluate_all(
        "buttons => buttons.map(button => button.offsetWidth)"
    )

    assert widths != []
    assert len(set(widths)) == 1


def test_cancelled_booking_says_so_on_every_page(guard: PageGuard, site: str) -> None:
    visitor = Visitor(guard)
    visitor.open(f"{site}/demo?segment=individual&name=Erika&email=weg@kunde.example")
    visitor.click("button.time")
    visitor.press("Demo jetzt buchen")
    booked = visitor.page.url
    visitor.open(f"{booked}/cancel")
    visitor.press("Demo absagen")

    visitor.open(f"{booked}/move")

    assert visitor.heading() == "Diese Demo ist abgesagt"
    visitor.press("Neue Demo buchen")
    assert visitor.page.locator("button.time").count() > 0
