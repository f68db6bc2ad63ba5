"""Every list of the console asks the database as often for many rows as for one."""

from datetime import date, timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from booking.accounts.sessions import open_session
from booking.bookings.ask_to_move import ask_to_move
from booking.segment import Segment
from booking.staff.models import Role, Staff
from tests.bookings_at_work import confirm
from tests.factories import (
    NOW,
    START,
    make_booking,
    make_closing_day,
    make_date_override,
    make_event_type,
    make_meeting,
    make_question,
    make_segment_rule,
    make_staff,
    make_time_off,
)
from tests.fixtures.application import UnitOfWork
from tests.fixtures.staff import BrowserOf, StaffBrowser, Staffed
from tests.statements import statements_on
from tests.wishes_at_work import express

DAY = timedelta(days=1)
LISTS = (
    "/staff/?host=all",
    "/staff/calendar?view=list&host=all",
    "/staff/calendar?view=day&host=all",
    "/staff/calendar/unmarked?host=all",
    "/staff/leads",
    "/staff/find?q=erika",
    "/staff/wishes",
    "/staff/numbers",
    "/staff/event-types",
    "/staff/event-types/1/hosts",
    "/staff/event-types/1/questions",
    "/staff/team",
    "/staff/team/1",
    "/staff/hours?host=1",
    "/staff/time-off?host=1",
    "/staff/closing-days",
    "/staff/why?event_type=demo-0&segment=team&date=2026-11-24&time=10:00",
    "/staff/mails?state=queued",
    "/staff/audit",
    "/staff/account",
)


def test_lists_take_as_many_queries_for_many_rows_as_for_few(
    browser_of: BrowserOf,
    staffed: Staffed,
    transaction: UnitOfWork,
) -> None:
    browser = browser_of(Role.ADMIN)
    with transaction() as session:
        for number in range(2):
            add_one_of_everything(number, admin=staffed[Role.ADMIN], session=session)
    few = {address: count_queries(browser, address) for address in LISTS}
    with transaction() as session:
        for number in range(2, 5):
            add_one_of_everything(number, admin=staffed[Role.ADMIN], session=session)

    many = {address: count_queries(browser, address) for address in LISTS}

    assert many == few


def add_one_of_everything(number: int, *, admin: Staff, session: Session) -> None:
    """Add a host with a demo to come and one that is over, an absence, a wish, and so on."""
    host = make_staff(session)
    event_type = make_event_type(
        session,
        hosts=[host],
        slug=f"demo-{number}",
        questions=[make_question(f"q{one}") for one in range(1 + number)],
    )
    make_segment_rule(session, event_type=event_type, segment=Segment.TEAM)
    email = f"erika-{number}@kunde.de"
    coming = confirm(event_type, session=session, name=f"Erika {number}", email=email)
    meeting = make_meeting(session, event_type=event_type, hosts=[host], start=NOW - 2 * DAY)
    make_booking(session, meeting=meeting)
    ask_to_move(coming.booking, actor="staff:1", now=NOW, session=session)
    express(event_type, session=session, email=f"wish-{number}@kunde.de")
    first = session.get_one(Staff, 1)
    make_time_off(session, staff=first, start=START + (5 + number) * DAY, end=START + 20 * DAY)
    make_date_override(session, staff=first, day=date(2027, 1, 4) + number * DAY, hours=())
    make_closing_day(session, date(2026, 12, 24) + number * DAY)
    open_session(admin, browser="Chromium", now=NOW, session=session)


def count_queries(browser: StaffBrowser, address: str) -> int:
    """Return how often the page asks, once it was opened."""
    browser.open(address)
    with statements_on(Engine) as statements:
        browser.open(address)
    return len(statements)
