"""The whole way of a prospect in a real browser: book, read the mail, move, cancel.

Every page on the way is private, safe and accessible, and fits the screen.
"""

import re
from http import HTTPStatus
from pathlib import Path

import pytest

from tests.fixtures.browser import PageGuard
from tests.server_processes import ask
from tests.visitor import GuardedVisitor, mail_to


@pytest.mark.parametrize("java_script", [True, False])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_whole_way(
    guard: PageGuard, site: str, outbox: Path, width: int, java_script: bool
) -> None:
    address = f"erika-{width}-{java_script}@kunde.example".lower()
    scheme = "dark" if width == 1280 else "light"
    screen = {"width": width, "height": 800}
    visitor = GuardedVisitor(guard, java_script=java_script, color_scheme=scheme, viewport=screen)

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
    visitor = GuardedVisitor(guard)
    keyboard = visitor.page.keyboard
    visitor.open(f"{site}/")

    visitor.tab_to("#segment-individual")
    keyboard.press("Space")
    visitor.page.wait_for_url("**segment=individual**")
    visitor.look()
    assert visitor.has_focus("#segment-individual")
    visitor.tab_to("a.month-step")  # this month may have one free day left
    visitor.enter()
    visitor.tab_to("td[aria-selected]")
    keyboard.press("ArrowRight")
    visitor.enter()
    assert visitor.has_focus("#times")
    visitor.tab_to("button.time")
    visitor.enter()
    assert visitor.has_focus("#details")
    visitor.tab_to("#name")
    keyboard.type("Erika Mustermann")
    visitor.tab_to("#email")
    keyboard.type("tastatur@kunde.example")
    visitor.enter()

    assert visitor.heading() == "Ihre Demo ist gebucht"


@pytest.mark.parametrize("java_script", [True, False])
def test_faults_are_shown_and_focused(guard: PageGuard, site: str, java_script: bool) -> None:
    visitor = GuardedVisitor(guard, java_script=java_script)
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
    visitor = GuardedVisitor(guard, timezone_id="Asia/Kolkata", locale="en-GB")
    visitor.page.goto(f"{site}/demo?segment=team")
    visitor.page.wait_for_url("**tz=Asia**")
    visitor.look()

    visitor.click("button.time")

    chosen = visitor.page.inner_text(".chosen")
    assert "(UTC+5:30)" in chosen
    assert re.search(r"Our time: .*\((CET|CEST)\)", chosen)


def test_double_click_books_once(guard: PageGuard, site: str) -> None:
    visitor = GuardedVisitor(guard)
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
    visitor = GuardedVisitor(guard, color_scheme=scheme)
    visitor.open(f"{site}{path}")

    assert visitor.heading() == heading
    visitor.press("Zu den freien Terminen")
    assert visitor.page.locator("button.time").count() > 0


def test_choices_are_named_for_those_who_hear_them(guard: PageGuard, site: str) -> None:
    visitor = GuardedVisitor(guard, locale="de-DE")
    visitor.open(f"{site}/demo?segment=team")

    day = visitor.page.locator("a.day").first.aria_snapshot()
    time_button = visitor.page.locator("button.time").first.aria_snapshot()

    weekday = "(Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonntag)"
    assert re.search(rf"{weekday}, \d+\. \w+ \d{{4}}, \d+ freie Termine?", day)
    assert re.search(rf"{weekday}, \d+\. \w+ \d{{4}}, \d\d:\d\d–\d\d:\d\d Uhr", time_button)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_taken_time_leaves_others_to_click(guard: PageGuard, site: str, scheme: str) -> None:
    visitor = GuardedVisitor(guard, color_scheme=scheme)
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
    visitor = GuardedVisitor(guard, viewport={"width": 390, "height": 844})
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
    visitor = GuardedVisitor(guard)
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
