"""Looks at a state in every look there is, and keeps the worst of what it finds."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, fields
from itertools import product
from typing import TYPE_CHECKING, Self

from tests.accessibility.visitor import Visitor
from tests.accessibility.weight import Scales
from tests.fixtures.browser import inaccessible_parts, is_foreign, is_policy_violation

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Request

    from tests.accessibility.states import Steps
    from tests.accessibility.visitor import Site

LOCALES = ("de-DE", "en-GB")
SCHEMES = ("light", "dark")
WIDTHS = (390, 1280)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What was found at a state; zero is good, and bytes are few."""

    status: int
    inaccessible: int
    cookies: int
    foreign_requests: int
    policy_violations: int
    compressed_bytes: int

    def worse(self, other: Self) -> Self:
        """Return the worse of each."""
        return type(self)(
            **{
                field.name: max(getattr(self, field.name), getattr(other, field.name))
                for field in fields(self)
            }
        )


NOTHING = Figures(**{field.name: 0 for field in fields(Figures)})


def measure(steps: Steps, *, browser: Browser, site: Site) -> Figures:
    """Return the worst of a state in every language, colour scheme and width."""
    worst = NOTHING
    for locale in LOCALES:
        worst = worst.worse(_measure_in(locale, steps=steps, browser=browser, site=site))
    return worst


def _measure_in(locale: str, *, steps: Steps, browser: Browser, site: Site) -> Figures:
    def new_page() -> Page:
        # Colours that are still fading have no contrast that could be judged.
        return browser.new_context(
            locale=locale, timezone_id="Europe/Berlin", reduced_motion="reduce"
        ).new_page()

    visitor = Visitor(new_page, site=site)
    noted = _watch(visitor.page, hosts=site.hosts)
    scales = Scales(visitor.page)
    steps(visitor)
    axe = max(_axe_in(visitor.page, scheme, width) for scheme, width in product(SCHEMES, WIDTHS))
    figures = Figures(
        status=scales.status,
        inaccessible=axe,
        cookies=len(visitor.page.context.cookies()),
        foreign_requests=noted["foreign request"],
        policy_violations=noted["policy violation"],
        compressed_bytes=scales.weigh(),
    )
    visitor.leave()
    return figures


def _watch(page: Page, *, hosts: frozenset[str]) -> Counter[str]:
    """Return what is counted from now on, of every page on the way."""
    noted: Counter[str] = Counter()

    def note_request(request: Request) -> None:
        noted["foreign request"] += is_foreign(request.url, hosts=hosts)

    def note_console(message: ConsoleMessage) -> None:
        noted["policy violation"] += is_policy_violation(message)

    page.context.on("request", note_request)
    page.context.on("console", note_console)
    return noted


def _axe_in(page: Page, scheme: str, width: int) -> int:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of its literals
    page.set_viewport_size({"width": width, "height": 900})
    return len(inaccessible_parts(page))
