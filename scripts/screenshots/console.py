"""Pictures of the console, as an administrator of the company sees it."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from scripts.screenshots.pages import LOOKS, new_context

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

PAGES = {
    "today": "/staff/?host=all",
    "week": "/staff/calendar?view=week&host=all",
    "leads": "/staff/leads",
    "hours": "/staff/hours",
    "event-type": "/staff/event-types/1/rules",
    "numbers": "/staff/numbers",
}


def take_console(browser: Browser, *, address: str, link: str, folder: Path) -> None:
    """Sign in behind ``link``, and write ``<page>-<look>.png`` into ``folder``."""
    entrance = new_context(browser, LOOKS[0])
    page = entrance.new_page()
    page.goto(link)
    page.locator("#password").fill(secrets.token_urlsafe(16))
    page.locator("main form .primary").click()
    page.wait_for_url(f"{address}/staff/**")
    cookies = entrance.cookies()
    entrance.close()
    for look in LOOKS:
        context = new_context(browser, look)
        context.add_cookies(cookies)  # type: ignore[arg-type]  # what the library itself returns
        page = context.new_page()
        for name, path in PAGES.items():
            page.goto(address + path)
            page.screenshot(path=folder / f"{name}-{look.name}.png")
        context.close()
