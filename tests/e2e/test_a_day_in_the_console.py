"""A host's whole day in a real browser, from signing in to taking the leads along.

In a company that has just begun, on both databases, and in one that has a year behind it.
"""

from __future__ import annotations

import csv
import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from booking.accounts.models import Password
from booking.bookings.lifecycle import Outcome
from booking.bookings.models import Booking, MeetingHost
from booking.clock import now
from booking.outbox.models import Message
from booking.staff.models import Role, Staff, TimeOff
from tests.bookings_at_work import confirm, let_mails_leave
from tests.factories import NOW, make_event_type
from tests.fixtures.browser import PageGuard
from tests.fixtures.staff import PASSWORD, PASSWORD_HASH
from tests.visitor import GuardedVisitor

if TYPE_CHECKING:
    import time_machine
    from playwright.sync_api import Browser
    from sqlalchemy.orm import Session

    from tests.fixtures.application import UnitOfWork

DESK = {"viewport": {"width": 1280, "height": 1000}}
DEMOS = {"09:30": "Frieda Früh", "14:00": "Anton Abgabe", "15:30": "Moritz Move"}
HOME = ZoneInfo("Europe/Berlin")

pytestmark = pytest.mark.parametrize(
    ("database_kind", "has_past"),
    [("sqlite", False), ("postgresql", False), ("sqlite", True)],
    indirect=True,
)


@pytest.fixture
def has_past(request: pytest.FixtureRequest) -> bool:
    """Whether the company has one."""
    return bool(request.param)


@pytest.fixture
def sqlite_file(request: pytest.FixtureRequest, sqlite_file: Path, has_past: bool) -> Path:
    """The company's database."""
    if has_past:
        shutil.copyfile(request.getfixturevalue("lived_database"), sqlite_file)
    return sqlite_file


@dataclass(frozen=True, kw_only=True)
class Day:
    """A working day of one who gives three demos on it, and has a colleague who could."""

    host: Staff
    on: date

    def at(self, clock: str) -> datetime:
        """Return when that is, where everybody works (UTC)."""
        return datetime.combine(self.on, time.fromisoformat(clock), tzinfo=HOME).astimezone(UTC)


@pytest.fixture
def day(
    request: pytest.FixtureRequest,
    transaction: UnitOfWork,
    clock: time_machine.Traveller,
    has_past: bool,
) -> Day:
    """The day, which has just begun."""
    if not has_past:
        request.getfixturevalue("staffed")
    with transaction() as session:
        day = find_day(session) if has_past else make_day(session)
        clock.move_to(day.at("09:00"))
        event_type = make_event_type(session, hosts=[day.host], minimum_notice_minutes=0)
        for number, (start, name) in enumerate(DEMOS.items()):
            asked = {"name": name, "email": f"lead-{number}@kunde.de", "company": "Kunde GmbH"}
            confirm(event_type, session=session, start=day.at(start), now=now(), **asked)
        let_mails_leave(session, now=now())
    return day


def make_day(session: Session) -> Day:
    """Return the first day of a company."""
    host, colleague = (
        session.scalars(select(Staff).where(Staff.role == role)).one()
        for role in (Role.HOST, Role.MANAGER)
    )
    make_event_type(session, hosts=[colleague], published=False)
    return Day(host=host, on=NOW.date())


def find_day(session: Session) -> Day:
    """Return the first Monday after the company's past, of one who has nothing to do on it yet."""
    newest = session.scalars(select(func.max(Booking.created_at))).one()
    on = (newest + timedelta(days=7 - newest.weekday())).date()
    start = datetime.combine(on, time(), tzinfo=HOME)
    end = start + timedelta(days=1)
    away = select(TimeOff.staff_id).where(TimeOff.starts_at < end, TimeOff.ends_at > start)
    busy = select(MeetingHost.host_id).where(
        MeetingHost.active, MeetingHost.blocked_start < end, MeetingHost.blocked_end > start
    )
    host = session.scalars(
        select(Staff)
        .where(Staff.role == Role.HOST, Staff.time_zone == HOME.key)
        .where(Staff.id.not_in(away), Staff.id.not_in(busy))
        .order_by(Staff.id)
    ).first()
    assert host is not None
    session.add(Password(staff_id=host.id, hash=PASSWORD_HASH, changed_at=newest))
    return Day(host=host, on=on)


def test_whole_day_of_a_host(
    browser: Browser,
    live_server: str,
    day: Day,
    clock: time_machine.Traveller,
    transaction: UnitOfWork,
) -> None:
    guard = PageGuard(browser, site=live_server)
    visitor = GuardedVisitor(guard, **DESK)
    page = visitor.page

    # They sign in and see what is coming.
    visitor.open(f"{live_server}/staff/")
    page.get_by_label("E-Mail-Adresse").fill(day.host.email)
    page.get_by_label("Passwort").fill(PASSWORD)
    visitor.press("Anmelden")
    today = page.locator("main").inner_text()
    assert [name in today for name in DEMOS.values()] == [True] * 3

    # After the first demo, one click says what became of it.
    clock.move_to(day.at("10:05"))
    visitor.open(f"{live_server}/staff/")
    visitor.press("Erschienen")

    # The afternoon is dragged free; one demo is handed over, one lead is asked to move.
    visitor.open(f"{live_server}/staff/calendar?view=day")
    drag(visitor, "13:00", "17:00")
    page.get_by_label("Notiz").fill("Zahnarzt")
    visitor.press("Zeit blockieren")
    decide(visitor, "Anton Abgabe", "Übergeben")
    decide(visitor, "Moritz Move", "bitten, einen anderen Termin zu wählen")
    visitor.press("Zeit blockieren")
    assert "Die Zeit ist blockiert" in page.locator("main").inner_text()

    # Why is three o'clock not offered? The page that mends it is one click away.
    visitor.open(f"{live_server}/staff/why?segment=individual&date={day.on}&time=15:00")
    reasons = page.locator("main").inner_text()
    assert "Zahnarzt" in reasons
    visitor.press("Abwesenheiten")

    # They look somebody up by a word, and take their leads along.
    page.keyboard.press("Control+k")
    page.keyboard.type("frieda")
    visitor.enter()
    assert "/staff/leads/" in page.url
    assert visitor.heading().startswith("Frieda Früh")
    visitor.open(f"{live_server}/staff/leads")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    file = Path(download.value.path()).read_text("utf-8-sig")
    guard.close()

    rows = list(csv.reader(file.splitlines(), delimiter=";"))
    assert {"Frieda Früh", "Moritz Move"} <= {cell for row in rows for cell in row}
    with transaction() as session:
        outcomes = dict(session.execute(select(Booking.name, Booking.outcome)).all())
        away = session.scalars(select(TimeOff).where(TimeOff.note == "Zahnarzt")).one()
        hosts = dict(
            session.execute(
                select(Booking.name, MeetingHost.host_id).join(
                    MeetingHost, MeetingHost.meeting_id == Booking.meeting_id
                )
            ).all()
        )
        mails = set(session.execute(select(Message.kind, Message.recipient)).all())
    assert outcomes["Frieda Früh"] == Outcome.ATTENDED
    assert (away.starts_at, away.ends_at) == (day.at("13:00"), day.at("17:00"))
    assert hosts["Anton Abgabe"] != day.host.id
    assert hosts["Moritz Move"] == day.host.id
    assert {("handed_over", "lead"), ("move_asked", "lead"), ("uninvited", "host")} <= mails


def test_demo_is_dragged_to_the_form_that_moves_it(
    browser: Browser, live_server: str, day: Day
) -> None:
    guard = PageGuard(browser, site=live_server)
    visitor = GuardedVisitor(guard, **DESK)
    page = visitor.page
    visitor.open(f"{live_server}/staff/calendar?view=day")
    page.get_by_label("E-Mail-Adresse").fill(day.host.email)
    page.get_by_label("Passwort").fill(PASSWORD)
    visitor.press("Anmelden")

    demo = page.locator(".thing.demo", has_text="Anton Abgabe")
    box = demo.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] - 10, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, height_of(visitor, "11:00") + 8, steps=5)
    assert page.locator(".ghost").inner_text() == "11:00–11:30"
    page.keyboard.press("Escape")
    left_alone = page.url
    page.mouse.up()
    page.mouse.move(box["x"] + box["width"] - 10, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, height_of(visitor, "11:00") + 8, steps=5)
    with page.expect_navigation():
        page.mouse.up()
    visitor.look()

    assert "/staff/calendar" in left_alone
    assert visitor.heading() == "Demo verschieben"
    typed = (page.locator("#date").input_value(), page.locator("#time").input_value())
    assert typed == (f"{day.on}", "11:00")
    guard.close()


def drag(visitor: GuardedVisitor, first: str, last: str) -> None:
    """Drag over the empty ground of the day from one time to the other."""
    page = visitor.page
    box = page.locator(".column .ground").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 4, height_of(visitor, first) + 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 4, height_of(visitor, last) - 2, steps=8)
    with page.expect_navigation():
        page.mouse.up()
    visitor.look()


def height_of(visitor: GuardedVisitor, clock: str) -> float:
    """Return where on the screen that time of the drawn day is."""
    box = visitor.page.locator(".column .ground").bounding_box()
    grid = visitor.page.locator(".time-grid")
    assert box is not None
    hours, minutes = map(int, clock.split(":"))
    first, last = (int(grid.get_attribute(f"data-{name}") or 0) for name in ("first", "last"))
    return box["y"] + box["height"] * (hours + minutes / 60 - first) / (last - first)


def decide(visitor: GuardedVisitor, lead: str, deed: str) -> None:
    """Choose what becomes of somebody's demo."""
    demo = visitor.page.get_by_role("group").filter(has_text=lead)
    demo.get_by_label(deed).check()
