"""The booking page in a company's own website, which lies on another origin than ours."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Frame, Locator, Page, expect
from sqlalchemy import select

from booking.bookings.models import Booking
from booking.organisation.find import get_organisation
from booking.staff.models import Staff
from tests.company_site import running_company
from tests.fixtures.application import UnitOfWork
from tests.fixtures.browser import PageGuard, inaccessible_parts

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)

BOOK = ".details .primary"
BOOKED = "Ihre Demo ist gebucht"
HEIGHT = "document.querySelector('iframe').style.height"
SILENCE = 3_000
"""Longer than the script waits for a page that says nothing, in milliseconds."""
FORGE = "parent.postMessage({ halbstunde: { height: 5 } }, '*')"


@pytest.fixture
def company(live_server: str, host: Staff, transaction: UnitOfWork) -> Iterator[str]:  # noqa: ARG001 - gives the demos
    """The origin of the company's site, which the organisation lists."""
    with running_company(live_server) as origin:
        with transaction() as session:
            get_organisation(session=session).embed_origins = ["https://x.example", origin]
        yield origin


@pytest.fixture
def guard(browser: Browser, live_server: str, company: str) -> Iterator[PageGuard]:
    """Insist of the company's pages on what holds for ours."""
    guard = PageGuard(browser, site=live_server, around=company)
    yield guard
    guard.close()


def framed(page: Page, *, number: int = 0) -> Frame:
    """Return a frame on the page, once it is there."""
    handle = page.wait_for_selector(f"iframe >> nth={number}")
    frame = handle and handle.content_frame()
    assert frame is not None
    frame.wait_for_selector("h1")
    return frame


def look(guard: PageGuard, page: Page) -> Frame:
    """Look at the page and what it embeds; the frame is as high as what stands in it."""
    frame = framed(page)
    frame.wait_for_load_state()
    height = frame.evaluate("document.body.offsetHeight")
    expect(page.locator("iframe")).to_have_attribute("style", re.compile(f"height: {height}px"))
    guard.check(page)
    assert inaccessible_parts(frame) == []
    return frame


def is_seen(page: Page, part: Locator) -> bool:
    """Tell whether a part of the frame is on the screen, as the page around it is scrolled."""
    box, size = part.bounding_box(), page.viewport_size
    assert box is not None
    assert size is not None
    return box["y"] >= 0 and box["y"] + box["height"] <= size["height"]


def booking(transaction: UnitOfWork) -> tuple[object, ...]:
    """Return what there is to know of the one booking."""
    with transaction() as session:
        found = session.scalars(select(Booking)).one()
        return (found.name, found.company, found.segment.value, found.locale, found.source)


@pytest.mark.parametrize("width", [320, 1280])
def test_inline_frame_books(
    guard: PageGuard, company: str, live_server: str, transaction: UnitOfWork, width: int
) -> None:
    page = guard.new_page(viewport={"width": width, "height": 800}, locale="en-GB")
    page.goto(f"{company}/inline?utm_source=newsletter&ref=x")

    frame = look(guard, page)
    assert frame.get_attribute("html", "lang") == "de"
    assert page.evaluate("scrollY") == 0
    frame.click("button.time")
    frame.wait_for_selector(BOOK)
    frame = look(guard, page)
    assert frame.evaluate("document.activeElement.id") == "details"
    assert is_seen(page, frame.locator("#details"))
    frame.fill("#email", "erika@kunde")
    frame.click(BOOK)
    frame.wait_for_selector(".alert")
    frame = look(guard, page)
    assert frame.evaluate("document.activeElement.matches('.alert')")
    assert is_seen(page, frame.locator(".alert h2"))
    frame.fill("#email", "erika@kunde.example")
    frame.click(BOOK)
    frame.wait_for_selector(".summary")
    frame = look(guard, page)

    assert frame.inner_text("h1") == BOOKED
    assert frame.evaluate("document.activeElement.id") == "main"
    assert is_seen(page, frame.locator("h1"))
    assert booking(transaction) == (
        "Erika Mustermann",
        "Kunde AG",
        "team",
        "de",
        {"utm_source": "newsletter"},
    )
    with page.expect_popup() as opened:
        frame.click("text=Demo verschieben")
    assert opened.value.url.startswith(f"{live_server}/b/")
    assert opened.value.inner_text("h1") == "Demo verschieben"
    assert opened.value.evaluate("window.opener") is None
    guard.check(opened.value)


def test_popup_books_by_keyboard(guard: PageGuard, company: str, transaction: UnitOfWork) -> None:
    page = guard.new_page()
    page.goto(f"{company}/popup")
    guard.check(page)
    assert page.locator("iframe").count() == 0  # nothing is loaded before it is asked for

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Demo buchen")).to_be_visible()
    look(guard, page)
    assert page.evaluate("document.activeElement.ariaLabel") == "Schließen"
    frame = tab_to(page, "button.time")
    page.keyboard.press("Enter")
    frame.wait_for_selector(BOOK)
    look(guard, page)
    tab_to(page, "#name")
    page.keyboard.type("Erika Mustermann")
    tab_to(page, "#email")
    page.keyboard.type("erika@kunde.example")
    page.keyboard.press("Enter")
    frame.wait_for_selector(".summary")
    look(guard, page)
    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.evaluate("document.activeElement.textContent") == "Demo buchen"
    assert booking(transaction)[0] == "Erika Mustermann"


def tab_to(page: Page, selector: str) -> Frame:
    """Go on with the Tab key until the focus is where it is wanted, inside the frame."""
    frame = framed(page)
    for _ in range(100):
        page.keyboard.press("Tab")
        if frame.evaluate(
            "of => document.hasFocus() && document.activeElement.matches(of)", selector
        ):
            return frame
        assert page.evaluate("document.activeElement.matches('dialog *, body')")  # kept inside
    raise AssertionError(f"the Tab key does not reach {selector}")


def test_popup_closes_by_its_button_and_opens_again_as_it_was(
    guard: PageGuard, company: str
) -> None:
    page = guard.new_page()
    page.goto(f"{company}/popup")
    guard.check(page)
    page.click("text=Demo buchen")
    frame = framed(page)
    frame.click("button.time")
    frame.wait_for_selector("#name")
    frame.fill("#name", "Erika")

    page.get_by_role("button", name="Schließen").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.click("text=Demo buchen")

    assert framed(page).input_value("#name") == "Erika"


def test_link_takes_along_where_the_visitor_came_from(
    guard: PageGuard, company: str, live_server: str
) -> None:
    page = guard.new_page()

    page.goto(f"{company}/link?utm_source=messe")
    guard.check(page)

    link = page.get_by_role("link", name="Demo buchen")
    address = f"{live_server}/demo?segment=team&utm_source=messe&locale=de"
    expect(link).to_have_attribute("href", address)


@pytest.mark.parametrize("way", ["inline", "popup", "link"])
def test_without_java_script_there_is_the_link(guard: PageGuard, company: str, way: str) -> None:
    page = guard.new_page(java_script=False)
    page.goto(f"{company}/{way}")
    guard.check(page)

    guard.follow(page, "text=Demo buchen")

    assert page.locator("button.time").count() > 0


def test_frame_without_java_script_books(
    guard: PageGuard, company: str, transaction: UnitOfWork
) -> None:
    page = guard.new_page(java_script=False)
    page.goto(f"{company}/plain")
    guard.check(page)
    frame = framed(page)

    frame.check("#segment-individual")
    frame.click("text=Passende Termine anzeigen")
    frame.wait_for_url("**segment=individual**")
    frame.click("button.time")
    frame.wait_for_selector("#name")
    frame.fill("#name", "Erika Mustermann")
    frame.fill("#email", "erika@kunde.example")
    frame.click(BOOK)
    frame.wait_for_selector(".summary")

    assert frame.inner_text("h1") == BOOKED
    assert booking(transaction)[0] == "Erika Mustermann"


@pytest.mark.parametrize("listed", [[], ["https://www.klarsicht.example"]])
def test_site_that_is_not_listed_keeps_its_link(
    browser: Browser, company: str, live_server: str, transaction: UnitOfWork, listed: list[str]
) -> None:
    with transaction() as session:
        get_organisation(session=session).embed_origins = listed
    page = browser.new_page()
    refusals: list[str] = []
    page.on("console", lambda message: refusals.append(message.text))

    page.goto(f"{company}/inline")
    link, frame = page.get_by_role("link", name="Demo buchen"), page.locator("iframe")
    expect(frame).to_have_count(1)
    expect(link).to_be_visible()
    expect(frame).to_have_count(0)
    link.click()

    page.wait_for_url(f"{live_server}/demo?**")
    assert any("frame-ancestors" in text for text in refusals)
    page.close()


def test_popup_on_a_site_that_is_not_listed_opens_the_page(
    browser: Browser, company: str, live_server: str, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        get_organisation(session=session).embed_origins = []
    page = browser.new_page()
    page.goto(f"{company}/popup")
    link = page.get_by_role("link", name="Demo buchen")

    with page.context.expect_page() as opened:
        link.click()

    opened.value.wait_for_url(f"{live_server}/demo?**")
    assert opened.value.evaluate("window.opener") is None
    expect(page.locator("dialog")).to_have_count(0)
    link.click()
    page.wait_for_url(f"{live_server}/demo?**")
    page.close()


def test_frame_far_below_is_shown_when_the_visitor_comes_near(
    guard: PageGuard, company: str
) -> None:
    page = guard.new_page()
    page.goto(f"{company}/below")
    guard.check(page)
    page.wait_for_timeout(SILENCE)
    frame = page.locator("iframe")
    expect(frame).to_have_count(1)

    frame.scroll_into_view_if_needed()

    look(guard, page)
    expect(page.get_by_role("link", name="Demo buchen")).to_have_count(0)


def test_messages_of_others_are_ignored(guard: PageGuard, company: str) -> None:
    """Our script heeds its own frame on its own origin: no other window, no other page in it."""
    page = guard.new_page()
    page.goto(f"{company}/inline")
    look(guard, page)
    page.evaluate(
        """() => {
            window.heard = 0;
            addEventListener("message", () => (heard += 1));
            const stranger = document.createElement("iframe");
            stranger.src = "/stranger";
            document.body.append(stranger);
        }"""
    )
    height = page.evaluate(HEIGHT)
    before = page.evaluate("heard")

    page.evaluate(FORGE)
    framed(page, number=1).evaluate(FORGE)
    page.evaluate("document.querySelector('iframe').src = '/stranger'")
    page.frames[1].wait_for_url("**/stranger")
    framed(page).evaluate(FORGE)
    page.wait_for_function("before => heard >= before + 3", arg=before)

    assert page.evaluate(HEIGHT) == height
