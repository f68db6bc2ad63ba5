"""The pages about availability in a real browser, with and without JavaScript."""

import pytest
from playwright.sync_api import Browser, expect

from booking.staff.models import Role, Staff
from tests.factories import make_event_type
from tests.fixtures.application import UnitOfWork
from tests.fixtures.browser import PageGuard
from tests.fixtures.staff import PASSWORD, Staffed
from tests.visitor import GuardedVisitor

PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}


@pytest.fixture(params=["sqlite"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Pages look the same whatever the database."""
    return str(request.param)


def sign_in(visitor: GuardedVisitor, *, site: str, staff: Staff, to: str) -> None:
    """Sign in, and be led to the page that was asked for."""
    visitor.open(f"{site}{to}")
    visitor.page.get_by_label("E-Mail-Adresse").fill(staff.email)
    visitor.page.get_by_label("Passwort").fill(PASSWORD)
    visitor.press("Anmelden")


def test_preview_follows_what_is_typed(
    browser: Browser, live_server: str, staffed: Staffed, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        host = session.get_one(Staff, staffed[Role.HOST].id)
        make_event_type(session, hosts=[host])
    guard = PageGuard(browser, site=live_server)
    visitor = GuardedVisitor(guard)
    sign_in(visitor, site=live_server, staff=host, to="/staff/hours")
    page, shown = visitor.page, visitor.page.locator(".preview-days")
    expect(shown).to_contain_text("156 Termine in den nächsten zwei Wochen")

    page.get_by_label("Montag, Zeitfenster 1, bis").fill("x")
    expect(shown).to_contain_text("sobald alle Zeiten lesbar sind")
    page.get_by_label("Samstag, Zeitfenster 1, von").fill("10")
    page.get_by_label("Samstag, Zeitfenster 1, bis").fill("11")
    page.get_by_label("Montag, Zeitfenster 1, bis").fill("17")
    expect(shown).to_contain_text("160 Termine in den nächsten zwei Wochen")

    visitor.look()
    guard.close()


def test_hours_are_shaped_on_a_phone_without_javascript(
    browser: Browser, live_server: str, staffed: Staffed
) -> None:
    guard = PageGuard(browser, site=live_server)
    visitor = GuardedVisitor(guard, java_script=False, **PHONE)
    sign_in(visitor, site=live_server, staff=staffed[Role.HOST], to="/staff/hours")
    page = visitor.page

    page.get_by_label("Samstag", exact=True).check()
    visitor.press("Ins Formular kopieren")
    page.get_by_label("Samstag, Zeitfenster 1, bis").fill("25")
    visitor.press("Speichern")
    page.get_by_label("Samstag, Zeitfenster 1, bis").fill("12")
    visitor.press("Speichern")

    assert page.get_by_label("Samstag, Zeitfenster 1, von").input_value() == "09:00"
    assert page.get_by_label("Samstag, Zeitfenster 1, bis").input_value() == "12:00"
    guard.close()
