"""The pages about availability in a real browser, with and without JavaScript."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, expect

from booking.staff.models import Role, Staff
from tests.factories import (
    START,
    make_booking,
    make_closing_day,
    make_event_type,
    make_meeting,
)
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
    # Enter saves; it does not press the first button of the form, which copies.
    page.get_by_label("Samstag, Zeitfenster 1, bis").focus()
    visitor.enter()

    assert page.get_by_label("Samstag, Zeitfenster 1, von").input_value() == "09:00"
    assert page.get_by_label("Samstag, Zeitfenster 1, bis").input_value() == "12:00"
    guard.close()


@pytest.mark.parametrize("screen", [{}, PHONE])
def test_pages_about_availability_are_whole(
    browser: Browser,
    live_server: str,
    staffed: Staffed,
    transaction: UnitOfWork,
    screen: dict[str, object],
) -> None:
    with transaction() as session:
        hosts = [session.get_one(Staff, staffed[role].id) for role in (Role.HOST, Role.MANAGER)]
        event_type = make_event_type(session, hosts=hosts)
        for hours in range(2):
            start = START + timedelta(hours=hours)
            meeting = make_meeting(session, event_type=event_type, hosts=hosts[:1], start=start)
            make_booking(session, meeting=meeting)
        make_closing_day(session, date(2026, 12, 24), note="Heiligabend")
    guard = PageGuard(browser, site=live_server)
    visitor = GuardedVisitor(guard, **screen)
    sign_in(visitor, site=live_server, staff=hosts[1], to="/staff/closing-days")
    page = visitor.page
    page.get_by_label("Feiertage von").select_option("DE-BY")
    visitor.press("Nur anzeigen")
    visitor.open(f"{live_server}/staff/why?start=2026-11-24T09:00:00Z")
    visitor.open(f"{live_server}/staff/time-off?host={hosts[0].id}")
    page.get_by_label("Von").fill("2026-11-24T08:00")
    page.get_by_label("Bis").fill("2026-11-24T18:00")
    visitor.press("Zeit blockieren")
    page.get_by_label("Den Lead bitten").last.check()
    visitor.press("Zeit blockieren und so verfahren")

    assert "was Sie entschieden haben, ist erledigt" in page.get_by_role("status").inner_text()
    guard.close()
