"""Somebody with a browser, and the mails that reach them."""

from __future__ import annotations

import time
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from tests.fixtures.browser import PageGuard

PATIENCE_SECONDS = 30
MOST_TABS = 400


class GuardedVisitor:
    """Somebody with a browser, who looks closely at every page."""

    def __init__(self, guard: PageGuard, **options: Any) -> None:
        self._guard = guard
        self.page: Page = guard.new_page(**options)

    def open(self, address: str) -> None:
        """Open an address."""
        self.page.goto(address)
        self.look()

    def press(self, label: str) -> None:
        """Press the first button or link that is called ``label``, and look where it leads."""
        self._follow(self.page.locator("main :is(a, button):not([aria-hidden])", has_text=label))

    def click(self, selector: str) -> None:
        """Click the first element of its kind, and look where it leads."""
        self._follow(self.page.locator(selector))

    def enter(self) -> None:
        """Press the Enter key, and look where it leads."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
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

    def _follow(self, parts: Locator) -> None:
        with self.page.expect_navigation():
            parts.first.click()
        self.look()


def mail_to(address: str, *, outbox: Path, about: str = "") -> str:
    """Return the text of the first mail to ``address`` that names ``about``, once it is written."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        for file in sorted(outbox.glob("*.eml")):
            mail = message_from_bytes(file.read_bytes(), policy=policy.default)
            body = mail.get_body(("plain",))
            text = "" if body is None else str(body.get_content())
            if address in str(mail["To"]) and about in text:
                return text
        time.sleep(0.1)
    raise AssertionError(f"no mail to {address}")
