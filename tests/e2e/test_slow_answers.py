"""An answer that is long in coming, and no connection at all: what a visitor learns and keeps."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, Route, expect

from tests.accessibility.states import SEND, STATES, TIME, fill_in
from tests.accessibility.visitor import Visitor
from tests.fixtures.prospects import NewVisitor

PATIENCE_MILLISECONDS = 10_000
BOOKING = (
    "Wir wissen noch nicht, ob Ihre Buchung angekommen ist."
    " Erneut senden ist sicher: Sie buchen nicht doppelt."
)
CHANGE = (
    "Wir wissen noch nicht, ob das bei uns angekommen ist."
    " Erneut senden ist sicher: Es zählt nur einmal."
)
OFFLINE = (
    "Sie sind offline: Es wurde nichts gesendet, und nichts ist verloren."
    " Bitte versuchen Sie es noch einmal, sobald Sie wieder online sind."
)

LAYOUT = """[...document.querySelectorAll("main *")].map(part =>
    [part.offsetLeft, part.offsetTop, part.offsetWidth, part.offsetHeight])"""
LATER = datetime(2030, 1, 1, tzinfo=UTC)

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


class SilentServer:
    """Counts what is asked of it, and answers with nothing: the page stays as while one waits."""

    def __init__(self, page: Page) -> None:
        self.asked = 0
        self._page = page
        page.route("**/*", self._keep_silent)

    def answer_from_now_on(self) -> None:
        """Let the requests through."""
        self._page.unroute("**/*")

    def _keep_silent(self, route: Route) -> None:
        self.asked += 1
        route.fulfill(status=204)


def stop_clock(page: Page) -> None:
    """Let the clock of the browser stand still, until ``page.clock.run_for`` moves it."""
    page.clock.install()
    page.clock.pause_at(LATER)


def filled_in(visitor: Visitor) -> None:
    """Stand before the button that books."""
    STATES["details"](visitor)
    fill_in(visitor)


@pytest.mark.parametrize(
    ("go", "button", "text"),
    [
        (filled_in, SEND, BOOKING),
        (STATES["move chosen"], ".change .primary", CHANGE),
        (STATES["cancel"], ".danger", CHANGE),
        (STATES["not me"], ".danger", CHANGE),
    ],
    ids=["book", "move", "cancel", "not me"],
)
def test_late_answer_is_told_and_sending_again_is_safe(
    new_visitor: NewVisitor, go: Callable[[Visitor], None], button: str, text: str
) -> None:
    visitor = new_visitor()
    go(visitor)
    page = visitor.page
    stop_clock(page)
    server = SilentServer(page)
    said = page.get_by_role("status")

    page.locator(button).click()
    expect(page.locator(button)).to_have_attribute("aria-busy", "true")
    page.locator(button).click()
    page.clock.run_for(PATIENCE_MILLISECONDS - 1)
    expect(said).to_have_text("")
    assert server.asked == 1

    page.clock.run_for(1)
    expect(said).to_have_text(text)
    expect(page.locator("main [aria-busy]")).to_have_count(0)
    page.locator(button).click()
    expect(said).to_have_text("")
    page.clock.run_for(PATIENCE_MILLISECONDS)
    server.answer_from_now_on()
    visitor.press(button)
    expect(page.locator("form")).to_have_count(0)


@pytest.mark.parametrize("button", ["button.day >> nth=1", f"{TIME} >> nth=1"])
def test_looking_elsewhere_is_not_taken_for_a_booking(new_visitor: NewVisitor, button: str) -> None:
    visitor = new_visitor()
    filled_in(visitor)
    page = visitor.page
    stop_clock(page)
    server = SilentServer(page)

    page.locator(button).click()
    page.clock.run_for(PATIENCE_MILLISECONDS)

    expect(page.locator("main [aria-busy]")).to_have_count(0)
    expect(page.get_by_role("status")).to_have_text("")
    page.locator(button).click()
    expect(page.locator(button)).to_have_attribute("aria-busy", "true")
    assert server.asked == 2


def test_nothing_is_sent_offline_and_everything_is_kept(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    filled_in(visitor)
    page = visitor.page
    typed = page.input_value("#email")
    page.context.set_offline(True)

    page.locator(SEND).click()

    expect(page.get_by_role("status")).to_have_text(OFFLINE)
    expect(page.locator("main [aria-busy]")).to_have_count(0)
    assert page.input_value("#email") == typed
    page.context.set_offline(False)
    visitor.press(SEND)
    expect(page.get_by_role("heading", level=1)).to_have_text("Ihre Demo ist gebucht")


def test_offline_is_told_before_there_are_details(new_visitor: NewVisitor) -> None:
    visitor = new_visitor(locale="en-GB")
    STATES["times"](visitor)
    visitor.page.context.set_offline(True)

    visitor.page.locator(TIME).first.click()

    expect(visitor.page.get_by_role("status")).to_contain_text("You are offline: nothing has been")
    expect(visitor.page.get_by_role("status")).to_be_in_viewport()


@pytest.mark.parametrize("name", ["times", "details", "move"])
@pytest.mark.parametrize("button", [".day:is(a, button) >> nth=1", f"{TIME} >> nth=1"])
def test_next_view_is_announced_while_it_is_on_its_way(
    new_visitor: NewVisitor, name: str, button: str
) -> None:
    visitor = new_visitor(reduced_motion="reduce")
    STATES[name](visitor)
    page = visitor.page
    stop_clock(page)
    SilentServer(page)
    region, step = page.locator(".steps"), page.locator(".step").first
    before = page.evaluate(LAYOUT)

    page.locator(button).click()

    expect(region).to_have_attribute("aria-busy", "true")
    expect(step).to_have_css("opacity", "0.6")
    assert page.evaluate(LAYOUT) == before
    page.clock.run_for(PATIENCE_MILLISECONDS)
    expect(region).not_to_have_attribute("aria-busy", "true")
    expect(step).to_have_css("opacity", "1")


def test_segment_is_on_its_way_and_keeps_the_focus(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    STATES["details"](visitor)
    page = visitor.page
    server = SilentServer(page)

    page.locator("#segment-individual").check()

    expect(page.locator(".steps")).to_have_attribute("aria-busy", "true")
    server.answer_from_now_on()
    page.reload()
    with page.expect_navigation():
        page.locator("#segment-individual").check()
    expect(page.locator("#segment-individual")).to_be_focused()


def test_link_within_the_page_is_no_waiting(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    STATES["times"](visitor)
    visitor.press("td[aria-selected] a")

    visitor.page.locator("td[aria-selected] a").click()
    visitor.page.locator(".skip").focus()
    visitor.page.keyboard.press("Enter")

    expect(visitor.page.locator("#main")).to_be_focused()
    expect(visitor.page.locator(".steps")).not_to_have_attribute("aria-busy", "true")
