"""The browser that looks at pages: a Chromium of the system, without a window."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

PROGRAMS = ("chromium-headless-shell", "chromium")
"""The same engine twice; the first has no window, and takes a third of the processor for a page."""

HOW_TO_GET = "apt-get install chromium-headless-shell (or set CHROMIUM to a Chromium)"

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium() -> str | None:
    """Return the path of the program: ``CHROMIUM``, else one that is installed, else None."""
    found = (shutil.which(program) for program in PROGRAMS)
    return os.environ.get("CHROMIUM") or next((path for path in found if path), None)


@contextmanager
def running_chromium(path: str) -> Iterator[Browser]:
    """Run the browser whose program is at ``path``."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=ARGUMENTS)
        yield browser
        browser.close()
