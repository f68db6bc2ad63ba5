"""Every HTML mail as mail programs lay it out: nothing loaded, nothing broken, accessible."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, FloatRect, ViewportSize

from tests.fixtures.browser import inaccessible_parts
from tests.mail_scenarios import TO_HOST, TO_LEAD, TO_ORGANISATION, TO_STAFF

PHONE = ViewportSize(width=390, height=844)
EMAILS = sorted((Path(__file__).parents[1] / "emails").glob("*.html"))
WITHOUT_LINKS = ("cancelled", "withdrawn", "offer")
"""Whoever gets these has nothing to move or to cancel."""


VARIANTS = (
    *("cancelled-by-staff-lead", "cancelled-by-staff-host", "moved-by-staff-lead"),
    *("link-renewed-lead", "offer-lead", "agenda-staff", "test-staff"),
)
"""What is said otherwise by circumstance, and what is about no single booking."""


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (390, "dark"), (800, "light")])
def test_mails_are_whole_and_accessible(browser: Browser, width: int, scheme: str) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 844}, color_scheme=scheme, offline=True
    )
    page = context.new_page()
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))

    faults = {}
    for email in EMAILS:
        page.goto(email.as_uri())
        is_too_wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        faults[email.name] = inaccessible_parts(page) + ["too wide"] * is_too_wide
    context.close()

    assert faults == {email.name: [] for email in EMAILS}
    assert requested == [email.as_uri() for email in EMAILS]


def test_mails_of_every_kind_and_language_are_there_to_be_looked_at() -> None:
    kinds = {
        "lead": TO_LEAD,
        "host": TO_HOST,
        "organisation": TO_ORGANISATION,
        "staff": TO_STAFF,
    }

    expected = {
        f"{kind}-{whom}-{locale}"
        for whom in kinds
        for kind in kinds[whom]
        for locale in ("de", "en")
    }
    assert {email.stem for email in EMAILS} == expected | {
        f"{variant}-{locale}" for variant in VARIANTS for locale in ("de", "en")
    }


@pytest.mark.parametrize(
    "email", [email for email in EMAILS if "-lead-" in email.name], ids=lambda email: email.stem
)
def test_mails_to_the_lead_say_it_all_on_the_first_screen(browser: Browser, email: Path) -> None:
    context = browser.new_context(viewport=PHONE, offline=True)
    page = context.new_page()
    page.goto(email.as_uri())
    links = ["/cancel", "/move"] if not email.name.startswith(WITHOUT_LINKS) else []
    wanted = [".bar", *([f"a[href$='{link}']" for link in links]), *(["a.button"] if links else [])]

    boxes = {each: page.locator(each).first.bounding_box() for each in wanted}

    context.close()
    below = {each: box for each, box in boxes.items() if not is_on_first_screen(box)}
    assert below == {}


def is_on_first_screen(box: FloatRect | None) -> bool:
    """Tell whether the whole of it is to be seen without scrolling."""
    return box is not None and box["y"] + box["height"] <= PHONE["height"]
