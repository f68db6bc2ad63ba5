"""A question for teams in a real browser: it appears for them alone, and stops nobody else."""

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from booking.bookings.models import Booking
from booking.event_types.models import EventType
from tests.factories import make_question
from tests.fixtures.application import UnitOfWork
from tests.fixtures.browser import PageGuard

pytestmark = pytest.mark.usefixtures("host")

CRM, SEATS, WISH = (f"[id='answers.{key}']" for key in ("crm", "seats", "wish"))
OPTIONS = [{"value": value, "label": {"de": value}} for value in ("HubSpot", "Keines")]
QUESTIONS = [
    make_question("crm", kind="choice", required=True, segments=["team"], options=OPTIONS),
    make_question("seats", kind="number", required=True, segments=["team"]),
    make_question("wish", segments=["individual"]),
]
BOOK = ".details .primary"


@pytest.fixture(autouse=True)
def _questions(host: object, transaction: UnitOfWork) -> None:  # noqa: ARG001 - asks in its house
    with transaction() as session:
        session.scalars(select(EventType)).one().questions = QUESTIONS


def open_details(guard: PageGuard, *, site: str, segment: str, java_script: bool) -> Page:
    """Choose the first time, and say who it is for."""
    page = guard.new_page(java_script=java_script)
    page.goto(f"{site}/demo?segment={segment}&tz=Europe/Berlin")
    guard.check(page)
    guard.follow(page, "button.time")
    page.fill("#name", "Erika Mustermann")
    page.fill("#email", "erika@kunde.example")
    return page


def seen(page: Page) -> list[bool]:
    """Tell which of the questions can be seen."""
    return [page.locator(question).is_visible() for question in (CRM, SEATS, WISH)]


def answers(transaction: UnitOfWork) -> object:
    """Return the answers of the one booking."""
    with transaction() as session:
        return session.scalars(select(Booking.answers)).one()


@pytest.mark.parametrize("java_script", [True, False])
def test_question_for_teams_is_theirs_alone(
    page_guard: PageGuard, live_server: str, transaction: UnitOfWork, java_script: bool
) -> None:
    page = open_details(page_guard, site=live_server, segment="team", java_script=java_script)
    assert seen(page) == [True, True, False]

    page_guard.follow(page, BOOK)
    assert page.title().startswith("Fehler: ")
    page.click(".alert a[href='#answers.crm']")
    assert page.evaluate("document.activeElement.matches(\"[id='answers.crm']\")")
    page.check(CRM)
    page.fill(SEATS, "40")
    page_guard.follow(page, BOOK)

    assert page.locator("h1").inner_text() == "Ihre Demo ist gebucht"
    assert answers(transaction) == {"crm": "HubSpot", "seats": 40}


@pytest.mark.parametrize("java_script", [True, False])
def test_individual_books_though_teams_must_answer(
    page_guard: PageGuard, live_server: str, transaction: UnitOfWork, java_script: bool
) -> None:
    page = open_details(page_guard, site=live_server, segment="team", java_script=java_script)
    page.fill(SEATS, "viele")

    with page.expect_navigation():
        page.check("#segment-individual")
        if not java_script:
            page.locator(".refresh").click()
    page_guard.check(page)
    assert seen(page) == [False, False, True]
    page.fill(WISH, "Die Suche")
    page_guard.follow(page, BOOK)

    assert page.locator("h1").inner_text() == "Ihre Demo ist gebucht"
    assert answers(transaction) == {"wish": "Die Suche"}
