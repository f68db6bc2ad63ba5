"""Asking for a time in a real browser, from the free times that do not suit to the mail.

Every page on the way is private, safe and accessible, and fits the screen.
"""

from datetime import timedelta
from pathlib import Path

import pytest

from booking import clock
from tests.fixtures.browser import PageGuard
from tests.visitor import GuardedVisitor, mail_to

TO_COMPANY = "demo@klarsicht.example"


def in_days(days: int) -> str:
    """Return a day to come as a browser writes it."""
    return (clock.now() + timedelta(days=days)).date().isoformat()


def fill_in(visitor: GuardedVisitor, *, email: str) -> None:
    visitor.page.fill("#on-1", in_days(8))
    visitor.page.select_option("#part-1", "morning")
    visitor.page.fill("#name", "Erika Mustermann")
    visitor.page.fill("#email", email)


@pytest.mark.parametrize("java_script", [True, False])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_whole_way(
    guard: PageGuard, site: str, outbox: Path, width: int, java_script: bool
) -> None:
    email = f"wunsch-{width}-{java_script}@kunde.example".lower()
    visitor = GuardedVisitor(
        guard,
        java_script=java_script,
        color_scheme="dark" if width == 1280 else "light",
        viewport={"width": width, "height": 800},
    )
    visitor.open(f"{site}/demo?segment=team&tz=Europe/Berlin")

    visitor.press("Wunschtermin anfragen")
    assert visitor.heading() == "Wunschtermin anfragen"
    fill_in(visitor, email=email)
    visitor.page.fill("#on-3", in_days(9))
    visitor.page.fill("#team_size", "12")
    visitor.press("Wunschtermin anfragen")

    assert visitor.heading() == "Ihre Anfrage ist eingegangen"
    assert email not in visitor.page.url
    mail = mail_to(TO_COMPANY, outbox=outbox, about=email)
    assert ("vormittags" in mail, "Uhrzeit egal" in mail, "Teamgröße: 12" in mail) == (True,) * 3
    visitor.press("Zu den freien Terminen")
    assert visitor.page.is_checked("#segment-team")


@pytest.mark.parametrize("java_script", [True, False])
def test_what_was_typed_goes_there_and_back(guard: PageGuard, site: str, java_script: bool) -> None:
    visitor = GuardedVisitor(guard, java_script=java_script)
    visitor.open(f"{site}/demo?segment=team&tz=Europe/Berlin")
    visitor.click("button.time")
    visitor.page.fill("#name", "Erika Mustermann")
    visitor.page.fill("#email", "halb@")

    visitor.press("Wunschtermin anfragen")
    visitor.page.fill("#on-2", in_days(8))
    there = [visitor.page.input_value(field) for field in ("#name", "#email")]
    visitor.press("Zurück zu den freien Terminen")
    back = [visitor.page.input_value(field) for field in ("#name", "#email")]
    visitor.press("Wunschtermin anfragen")

    assert there == back == ["Erika Mustermann", "halb@"]
    assert visitor.page.input_value("#on-2") == in_days(8)


@pytest.mark.parametrize("java_script", [True, False])
def test_faults_are_shown_and_focused(guard: PageGuard, site: str, java_script: bool) -> None:
    visitor = GuardedVisitor(guard, java_script=java_script)
    visitor.open(f"{site}/demo/wish?segment=team&tz=Europe/Berlin")
    fill_in(visitor, email="erika@kunde.example")
    visitor.page.fill("#on-2", in_days(8))
    visitor.page.select_option("#part-2", "morning")

    visitor.press("Wunschtermin anfragen")

    assert visitor.page.title().startswith("Fehler: ")
    assert visitor.has_focus(".alert")
    assert visitor.page.input_value("#part-2") == "morning"
    visitor.page.click(".alert a[href='#on-2']")
    assert visitor.has_focus("#on-2")


def test_browser_offers_no_day_that_is_over(guard: PageGuard, site: str) -> None:
    visitor = GuardedVisitor(guard)
    visitor.open(f"{site}/demo/wish?segment=team&tz=Europe/Berlin")
    fill_in(visitor, email="erika@kunde.example")
    visitor.page.fill("#on-1", in_days(-2))

    visitor.page.click("button.primary")

    assert visitor.page.evaluate("document.querySelector('#on-1').validity.rangeUnderflow")
    assert visitor.page.url == f"{site}/demo/wish?segment=team&tz=Europe/Berlin"


def test_zone_is_the_browsers_and_what_a_team_is_asked_hides(guard: PageGuard, site: str) -> None:
    visitor = GuardedVisitor(guard, timezone_id="Asia/Kolkata", locale="en-GB")
    visitor.page.goto(f"{site}/demo/wish?segment=individual")
    visitor.page.wait_for_url("**tz=Asia**")
    visitor.look()

    assert "(UTC+5:30)" in visitor.page.inner_text("details.zone summary")
    assert not visitor.page.is_visible("#team_size")
    visitor.page.check("#segment-team")
    assert visitor.page.is_visible("#team_size")


@pytest.mark.parametrize("how", ["click", "enter"])
def test_sent_twice_it_is_one_wish(guard: PageGuard, site: str, outbox: Path, how: str) -> None:
    email = f"doppelt-{how}@kunde.example"
    visitor = GuardedVisitor(guard)
    visitor.open(f"{site}/demo/wish?segment=individual&tz=Europe/Berlin")
    fill_in(visitor, email=email)

    if how == "click":
        visitor.page.dblclick("button.primary")
    else:
        visitor.page.press("#email", "Enter")
    visitor.page.wait_for_url("**done=yes**")
    visitor.look()
    visitor.page.go_back()
    visitor.look()
    fill_in(visitor, email=email)
    visitor.press("Wunschtermin anfragen")

    # A second one would have been mailed before that of somebody who comes later.
    later = f"spaeter-{how}@kunde.example"
    visitor.open(f"{site}/demo/wish?segment=individual&tz=Europe/Berlin")
    fill_in(visitor, email=later)
    visitor.press("Wunschtermin anfragen")
    mail_to(TO_COMPANY, outbox=outbox, about=later)
    assert len(list_mails(outbox, about=email)) == 1


def list_mails(outbox: Path, *, about: str) -> list[Path]:
    return [file for file in outbox.glob("*.eml") if about.encode() in file.read_bytes()]
