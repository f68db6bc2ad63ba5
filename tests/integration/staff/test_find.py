"""The search above the menu: by a word to a page or a lead."""

import pytest

from booking.staff.models import Role
from tests.bookings_at_work import confirm
from tests.factories import make_event_type
from tests.fixtures.application import UnitOfWork
from tests.fixtures.staff import BrowserOf, Staffed


@pytest.fixture(autouse=True)
def leads(staffed: Staffed, transaction: UnitOfWork) -> None:
    """One lead of the host's, and one of the manager's."""
    with transaction() as session:
        for role, name in ((Role.HOST, "Frieda Früh"), (Role.MANAGER, "Friedrich Spät")):
            event_type = make_event_type(session, hosts=[staffed[role]])
            email = f"{role}@kunde.de"
            confirm(event_type, session=session, name=name, email=email, company="Werk GmbH")


def test_page_is_found_by_part_of_its_name_and_opened_at_once(browser_of: BrowserOf) -> None:
    answers = {
        role: browser_of(role).get("/staff/find?q=terminart") for role in (Role.HOST, Role.MANAGER)
    }

    assert answers[Role.MANAGER].location == "/staff/event-types"
    assert answers[Role.HOST].status_code == 200  # it is not for hosts


def test_several_found_are_listed(browser_of: BrowserOf) -> None:
    page = browser_of(Role.MANAGER).open("/staff/find?q=fried")

    assert "Gefunden zu „fried“" in page.text
    assert ("Frieda Früh" in page.text, "Friedrich Spät" in page.text) == (True, True)


def test_host_finds_their_own_leads_alone(browser_of: BrowserOf) -> None:
    browser = browser_of(Role.HOST)

    own = browser.get("/staff/find?q=werk+fried")
    others = browser.open("/staff/find?q=friedrich")

    assert own.location.startswith("/staff/leads/")
    assert "Weder eine Seite noch ein Lead enthält diese Wörter." in others.text


@pytest.mark.parametrize("words", ["%F0%9F%98%80", "%25", "x" * 3000])
def test_words_that_nothing_has_are_told_so(browser_of: BrowserOf, words: str) -> None:
    page = browser_of(Role.ADMIN).open(f"/staff/find?q={words}")

    assert "Weder eine Seite noch ein Lead enthält diese Wörter." in page.text


def test_without_words_every_page_is_listed(browser_of: BrowserOf) -> None:
    page = browser_of(Role.ADMIN).open("/staff/find?q=")

    # Those behind the menu: it lists the others on every page.
    for name in ("Für einen Lead buchen", "Schließtage", "Warum nicht buchbar?"):
        assert name in page.text
    assert "Fried" not in page.text
