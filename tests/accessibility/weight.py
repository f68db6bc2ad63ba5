"""How many bytes a page has brought, compressed as a web server in front of us would."""

from __future__ import annotations

import gzip
from contextlib import suppress
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from playwright.sync_api import Error

if TYPE_CHECKING:
    from playwright.sync_api import Page, Response

# Headless browsers show no icon, and ask for none.
FILES = """[
    ...performance.getEntriesByType("resource").map(entry => entry.name),
    ...[...document.querySelectorAll("link[rel=icon]")].map(link => link.href),
]"""


class Scales:
    """Weighs the pages that ``page`` opens."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._document = b""
        self.status = 0
        """The status of the page."""
        page.on("response", self._keep)

    def weigh(self) -> int:
        """Return the bytes of the page as it stands: HTML, style sheets, modules and pictures."""
        bodies = [self._page.request.get(address).body() for address in self._addresses()]
        return sum(len(gzip.compress(body)) for body in [self._document, *bodies])

    def files(self) -> set[str]:
        """Return the names of the files that the page has asked for."""
        return {PurePosixPath(urlsplit(address).path).name for address in self._addresses()}

    def _addresses(self) -> set[str]:
        return set(self._page.evaluate(FILES))

    def _keep(self, response: Response) -> None:
        if response.request.is_navigation_request() and response.headers.get("location") is None:
            # Of a page that is left at once, for one in the visitor's zone, there is no body.
            with suppress(Error):
                self._document, self.status = response.body(), response.status
