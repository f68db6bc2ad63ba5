"""Nothing that was typed is lost: not by going back, and not by changing the language."""

import pytest
from playwright.sync_api import Page
from sqlalchemy import text

from tests.fixtures.application import UnitOfWork
from tests.fixtures.browser import PageGuard

pytestmark = [
    pytest.mark.usefixtures("host"),
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True),
]


@pytest.fixture
def page(page_guard: PageGuard, live_server: str) -> Page:
    """A page with a time chosen, and some details typed."""
    page = page_guard.new_page()
    page.goto(f"{live_server}/demo?segment=team&tz=Europe/Berlin")
    page_guard.check(page)
    page_guard.follow(page, "button.time")
    page.fill("#name", "Erika Mustermann")
    page.fill("#notes", "Zeile 1\nZeile 2")
    return page


def typed(page: Page) -> list[str]:
    """Return what stands in the fields."""
    return [page.input_value(f"#{name}") for name in ("name", "email", "notes")]


def send(page: Page, guard: PageGuard) -> None:
    """Press the button that books."""
    guard.follow(page, ".details .primary")


def test_page_with_a_fault_is_there_to_go_back_to(page: Page, page_guard: PageGuard) -> None:
    page.fill("#email", "erika@kunde")
    send(page, page_guard)
    page.fill("#email", "erika@kunde.example")
    send(page, page_guard)
    assert "/b/" in page.url

    page.go_back()
    page_guard.check(page)

    assert page.title().startswith("Fehler: ")
    assert typed(page) == ["Erika Mustermann", "erika@kunde.example", "Zeile 1\nZeile 2"]
    page.go_back()
    page_guard.check(page)
    assert typed(page) == ["Erika Mustermann", "erika@kunde", "Zeile 1\nZeile 2"]


@pytest.mark.parametrize("is_answer", [True, False])
def test_form_is_still_filled_in_behind_the_page_of_a_failure(
    page: Page, page_guard: PageGuard, transaction: UnitOfWork, is_answer: bool
) -> None:
    if is_answer:
        page.fill("#email", "erika@kunde")
        send(page, page_guard)
    page.fill("#email", "erika@kunde.example")
    with transaction() as session:
        session.execute(text("ALTER TABLE lead RENAME TO lead_away"))
    send(page, page_guard)
    assert page.inner_text("h1") == "Wir sind im Moment nicht erreichbar."
    with transaction() as session:
        session.execute(text("ALTER TABLE lead_away RENAME TO lead"))

    page.go_back()
    page_guard.check(page)

    assert typed(page) == ["Erika Mustermann", "erika@kunde.example", "Zeile 1\nZeile 2"]
    send(page, page_guard)
    assert page.inner_text("h1") == "Ihre Demo ist gebucht"


@pytest.mark.parametrize("is_answer", [True, False])
def test_other_language_keeps_what_was_typed(
    page: Page, page_guard: PageGuard, is_answer: bool
) -> None:
    page.fill("#email", "erika@kunde")
    if is_answer:
        send(page, page_guard)

    page_guard.follow(page, ".languages button[lang=en]")

    assert page.get_attribute("html", "lang") == "en"
    assert typed(page) == ["Erika Mustermann", "erika@kunde", "Zeile 1\nZeile 2"]
    chosen = " ".join(page.inner_text(".chosen").split())
    assert chosen == "Monday, 23 November 2026 11:00–11:30 (CET)"


def test_enter_books_and_does_not_change_the_language(page: Page, page_guard: PageGuard) -> None:
    page.fill("#email", "erika@kunde.example")

    with page.expect_navigation():
        page.press("#email", "Enter")
    page_guard.check(page)

    assert page.inner_text("h1") == "Ihre Demo ist gebucht"


def test_other_language_keeps_the_reason_and_cancels_nothing(
    page: Page, page_guard: PageGuard
) -> None:
    page.fill("#email", "erika@kunde.example")
    send(page, page_guard)
    page.goto(f"{page.url}/cancel")
    page_guard.check(page)
    page.fill("#reason", "Krank")

    page_guard.follow(page, ".languages button[lang=en]")

    assert (page.inner_text("h1"), page.input_value("#reason")) == ("Cancel this demo?", "Krank")
