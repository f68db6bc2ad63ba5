"""Pictures of the pages, taken while somebody books: chosen, filled in, booked, moved."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@dataclass(frozen=True)
class Look:
    """How a visitor looks at the pages."""

    name: str
    viewport: dict[str, int]
    scheme: str
    locale: str


LOOKS = (
    Look("desktop", DESKTOP, "light", "de-DE"),
    Look("phone", PHONE, "dark", "en-GB"),
)


def new_context(browser: Browser, look: Look) -> BrowserContext:
    """Return a fresh browser that looks that way."""
    return browser.new_context(
        viewport=look.viewport,  # type: ignore[arg-type]  # a TypedDict of the library's own
        color_scheme=look.scheme,  # type: ignore[arg-type]  # one of its literals
        locale=look.locale,
        timezone_id="Europe/Berlin",
    )


def take_pages(browser: Browser, *, address: str, folder: Path) -> None:
    """Book once in each look; write ``<page>-<look>.png`` into ``folder``."""
    for number, look in enumerate(LOOKS):
        context = new_context(browser, look)
        page = context.new_page()

        def take(name: str, *, page: Page = page, look: Look = look) -> None:
            page.screenshot(path=folder / f"{name}-{look.name}.png", full_page=True)

        page.goto(f"{address}/demo?segment=team")
        # At the end of a month there is little to see of it.
        page.locator("a.month-step").last.click()
        take("times")
        page.get_by_role("link", name=re.compile("Wunschtermin|Request a time")).click()
        take("wish")
        page.go_back()
        page.locator("button[name=choose]").nth(3 + number).click()
        page.get_by_label(re.compile("^(Name|Ihr Name|Your name)")).fill("Erika Mustermann")
        page.get_by_label(re.compile("E-Mail|Email")).first.fill(f"erika-{number}@kunde.de")
        take("details")
        page.locator("form button[type=submit], form button:not([name])").last.click()
        page.wait_for_url(re.compile("/b/"))
        take("booked")
        page.goto(f"{page.url.partition('?')[0]}/move")
        take("move")
        context.close()
