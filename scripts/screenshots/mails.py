"""Pictures of the mails, from the ones that the tests compare byte by byte; no network."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from playwright.sync_api import Browser

PHONE = {"width": 390, "height": 200}


def take_mails(browser: Browser, *, emails: Sequence[Path], folder: Path) -> None:
    """Write ``<mail>.png`` into ``folder`` for each HTML file of ``emails``."""
    context = browser.new_context(viewport=PHONE, offline=True)  # type: ignore[arg-type]
    page = context.new_page()
    for email in emails:
        page.goto(email.as_uri())
        page.screenshot(path=folder / f"{email.stem}.png", full_page=True)
    context.close()
