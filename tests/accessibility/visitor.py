"""Somebody with a browser, who goes where a state is to be seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

    from playwright.sync_api import Page


@dataclass(frozen=True, kw_only=True)
class Site:
    """Where the pages are: running servers, and links that no visitor can bring about."""

    address: str
    over: str
    """The path of a booking whose demo is over."""
    settled: str
    """The path of a booking that is to come and was made some time ago."""
    strange: str
    """The path for somebody who has not booked what their address was given for."""
    strict: str = ""
    """The address of a server that counts how often somebody asks."""
    broken: str = ""
    """The address of a server whose database is damaged."""

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts that are no strangers."""
        return frozenset(
            urlsplit(address).netloc for address in (self.address, self.strict, self.broken)
        )


class Visitor:
    """Opens pages, presses buttons and fills in fields, in whatever language they are."""

    def __init__(self, new_page: Callable[[], Page], *, site: Site) -> None:
        self._new_page = new_page
        self.site = site
        self.page = new_page()

    def another(self) -> Self:
        """Return somebody else, who looks at the same site."""
        return type(self)(self._new_page, site=self.site)

    def open(self, address: str) -> None:
        """Open a path of the site, or an address."""
        self.page.goto(address if "://" in address else f"{self.site.address}{address}")
        self.page.wait_for_load_state()

    def press(self, selector: str) -> None:
        """Press the first thing of its kind, and wait for the page that it leads to."""
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()

    def leave(self) -> None:
        """Close the browser."""
        self.page.context.close()

    @property
    def path(self) -> str:
        """The path of the page, without what else its address says."""
        return self.page.url.removeprefix(self.site.address).partition("?")[0]
