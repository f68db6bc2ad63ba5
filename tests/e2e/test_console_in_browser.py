"""The console in a real browser: each page private, safe and accessible, at every width."""

import pytest
from playwright.sync_api import Browser

from booking.staff.models import Role
from tests.factories import make_booking, make_event_type, make_meeting
from tests.fixtures.application import UnitOfWork
from tests.fixtures.browser import PageGuard
from tests.fixtures.staff import PASSWORD, Staffed
from tests.visitor import GuardedVisitor

SCREENS = {
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
    "desk": {"viewport": {"width": 1280, "height": 800}},
    "narrow": {"viewport": {"width": 320, "height": 640}, "forced_colors": "active"},
}


@pytest.fixture(params=["sqlite"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Pages look the same whatever the database."""
    return str(request.param)


@pytest.mark.parametrize("screen", SCREENS)
def test_pages_of_the_console_are_whole(
    browser: Browser, live_server: str, staffed: Staffed, screen: str
) -> None:
    guard = PageGuard(browser, site=live_server)
    visitor = GuardedVisitor(guard, **SCREENS[screen])
    visitor.open(f"{live_server}/staff/team")
    visitor.page.get_by_label("E-Mail-Adresse").fill(staffed[Role.ADMIN].email)
    visitor.page.get_by_label("Passwort").fill("some wrong words in a row")
    visitor.press("Anmelden")
    visitor.page.get_by_label("Passwort").fill(PASSWORD)
    visitor.press("Anmelden")

    assert visitor.page.get_by_role("heading", level=1).inner_text() == "Team"
    visitor.click("nav a:has-text('Heute')")
    visitor.click("a:has-text('admin name')")
    visitor.open(f"{live_server}/staff/nothing")
    visitor.open(f"{live_server}/staff/forgotten?sent=yes")
    guard.close()


def test_sign_in_and_out_by_keyboard_alone(
    browser: Browser, live_server: str, staffed: Staffed
) -> None:
    guard = PageGuard(browser, site=live_server)
    visitor = GuardedVisitor(guard, java_script=False)
    visitor.open(f"{live_server}/staff/")

    keyboard = visitor.page.keyboard
    visitor.tab_to("#email")
    keyboard.type(staffed[Role.HOST].email)
    visitor.tab_to("#password")
    keyboard.type(PASSWORD)
    visitor.enter()
    assert visitor.page.url == f"{live_server}/staff/"
    visitor.tab_to(".console-account button")
    visitor.enter()

    assert visitor.page.context.cookies() == []
    guard.close()


def test_event_type_is_changed_on_a_phone(
    browser: Browser, live_server: str, staffed: Staffed, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        event_type = make_event_type(session, hosts=[staffed[Role.HOST]])
        make_booking(session, meeting=make_meeting(session, event_type=event_type, hosts=[]))
    guard = PageGuard(browser, site=live_server)
    visitor = GuardedVisitor(guard, **SCREENS["phone"])
    visitor.open(f"{live_server}/staff/event-types")
    visitor.page.get_by_label("E-Mail-Adresse").fill(staffed[Role.ADMIN].email)
    visitor.page.get_by_label("Passwort").fill(PASSWORD)
    visitor.press("Anmelden")

    visitor.press("Terminart anlegen")
    visitor.page.go_back()
    visitor.look()
    visitor.press("Produktdemo")
    for section in ("Gastgeber", "Fragen", "Erinnerungen", "Regeln"):
        visitor.press(section)
    visitor.page.get_by_label("Dauer in Minuten").fill("0")
    visitor.press("Speichern")
    visitor.page.get_by_label("Dauer in Minuten").fill("45")
    visitor.press("Speichern")
    is_told = visitor.page.get_by_role("status").inner_text()
    visitor.press("Jetzt speichern")

    assert "1 gebuchte Demo bleibt, wie sie ist" in is_told
    assert visitor.page.get_by_label("Dauer in Minuten").input_value() == "45"
    guard.close()
