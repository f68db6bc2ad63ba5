"""The feed that calendars read, and its owner's choice of what it tells."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select

from booking.bookings.cancel import cancel_booking
from booking.bookings.lifecycle import BookingState
from booking.bookings.models import Booking
from booking.history import HistoryEntry
from booking.staff.models import CalendarFeed, Role, Staff
from tests.environment import BASE_URL
from tests.factories import NOW, START, make_booking, make_event_type, make_meeting
from tests.fixtures.application import UnitOfWork
from tests.fixtures.staff import BrowserOf, StaffBrowser, Staffed

DAY = timedelta(days=1)
JOERG = {
    "name": "Jörg Weiß",
    "email": "lead@kunde.example",
    "company": "Weiß & Söhne KG",
    "notes": "Bitte\nlaut",
}


@pytest.fixture
def browser(browser_of: BrowserOf) -> StaffBrowser:
    """The host's browser."""
    return browser_of(Role.HOST)


@pytest.fixture
def demos(staffed: Staffed, transaction: UnitOfWork) -> None:
    """Give the host a demo to come, a cancelled one, and one that is too old to be told."""
    host = staffed[Role.HOST]
    with transaction() as session:
        event_type = make_event_type(session, hosts=[host])
        for days, changes in (
            (0, JOERG),
            (1, {"name": "Ada Abgesagt", "state": BookingState.CANCELLED}),
            (-32, {"name": "Lange Her"}),
        ):
            meeting = make_meeting(
                session, event_type=event_type, hosts=[host], start=START + days * DAY
            )
            meeting.hosts[0].active = changes.get("state") is not BookingState.CANCELLED
            make_booking(session, meeting=meeting, **changes)


def subscribe(browser: StaffBrowser, detail: str = "full", **fields: str) -> str:
    """Choose ``detail``; return the path of the feed."""
    assert browser.send("/staff/account/feed", detail=detail, **fields).status_code == 303
    page = browser.get("/staff/account").get_data(as_text=True)
    return page.partition(f'value="{BASE_URL}')[2].partition('"')[0]


def read(client: FlaskClient, path: str) -> list[tuple[str, str, str, str]]:
    """Return summary, status, description and location of each meeting."""
    answer = client.get(path)
    assert answer.content_type == "text/calendar; charset=UTF-8"
    calendar = Calendar.from_ical(answer.get_data())
    return [
        tuple(str(event.get(name, "")) for name in ("summary", "status", "description", "location"))  # type: ignore[misc]  # four
        for event in calendar.walk("VEVENT")
    ]


@pytest.mark.usefixtures("demos")
def test_feed_tells_what_its_owner_has_chosen(browser: StaffBrowser, client: FlaskClient) -> None:
    path = subscribe(browser)
    full = read(client, path)
    same = subscribe(browser, "name")
    name = read(client, path)
    subscribe(browser, "busy")
    busy = read(client, path)

    assert same == path
    assert [entry[:2] for entry in full] == [
        ("[Einzel] Produktdemo – Jörg Weiß, Weiß & Söhne KG", "CONFIRMED"),
        ("[Einzel] Produktdemo – Ada Abgesagt", "CANCELLED"),
    ]
    assert "E-Mail: lead@kunde.example" in full[0][2]
    assert "Nachricht:\n  Bitte\n  laut" in full[0][2]
    assert full[0][3].startswith("https://meet.example/")
    assert name == [(*entry[:2], "", "") for entry in full]
    assert busy == [("Belegt", "CONFIRMED", "", ""), ("Belegt", "CANCELLED", "", "")]


@pytest.mark.usefixtures("demos")
def test_feed_that_is_known_is_not_sent_again(browser: StaffBrowser, client: FlaskClient) -> None:
    path = subscribe(browser)
    first = client.get(path)

    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    subscribe(browser, "busy")
    changed = client.get(path, headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "private, no-cache"
    assert "Set-Cookie" not in first.headers
    assert (again.status_code, again.get_data()) == (304, b"")
    assert changed.status_code == 200


def test_new_address_replaces_the_old_one(
    browser: StaffBrowser, client: FlaskClient, transaction: UnitOfWork
) -> None:
    old = subscribe(browser)
    new = subscribe(browser, renew="yes")
    found = [client.get(path).status_code for path in (old, new)]
    ended = browser.send("/staff/account/feed/end")
    browser.send("/staff/account/feed/end")

    with transaction() as session:
        actions = session.scalars(
            select(HistoryEntry.action)
            .where(HistoryEntry.action.startswith("feed"))
            .order_by(HistoryEntry.id)
        ).all()
        kept = session.scalars(select(CalendarFeed)).all()
    assert found == [404, 200]
    assert ended.location == "/staff/account?done=feed-ended"
    assert client.get(new).status_code == 404
    assert kept == []
    assert actions == ["feed_issued", "feed_issued", "feed_ended"]


def test_feed_of_somebody_who_left_leads_nowhere(
    browser: StaffBrowser, client: FlaskClient, staffed: Staffed, transaction: UnitOfWork
) -> None:
    path = subscribe(browser)
    with transaction() as session:
        session.get_one(Staff, staffed[Role.HOST].id).active = False

    assert client.get(path).status_code == 404


@pytest.mark.settings(RATE_LIMITS="on")
@pytest.mark.usefixtures("staffed")
def test_whoever_guesses_addresses_is_soon_refused(client: FlaskClient) -> None:
    answers = [client.get(f"/feeds/{'x' * 43}.ics").status_code for _ in range(31)]

    assert answers == [404] * 30 + [429]


@pytest.mark.parametrize("detail", ["", "everything"])
def test_unknown_detail_is_refused(
    browser: StaffBrowser, transaction: UnitOfWork, detail: str
) -> None:
    answer = browser.send("/staff/account/feed", detail=detail)

    with transaction() as session:
        assert session.scalars(select(CalendarFeed)).all() == []
    assert answer.status_code == 422


@pytest.mark.usefixtures("demos")
def test_change_raises_the_sequence_and_the_stamp(
    browser: StaffBrowser, client: FlaskClient, transaction: UnitOfWork
) -> None:
    path = subscribe(browser)
    later = NOW + timedelta(minutes=10)

    with transaction() as session:
        booking = session.scalars(select(Booking).where(Booking.name == "Jörg Weiß")).one()
        cancel_booking(booking, reason=None, now=later, session=session)

    first = Calendar.from_ical(client.get(path).get_data()).walk("VEVENT")[0]
    assert (first["sequence"], first["status"], first["dtstamp"].dt) == (1, "CANCELLED", later)


def test_agenda_is_switched_on_and_off(browser: StaffBrowser) -> None:
    answer = browser.send("/staff/account/agenda", agenda="on")
    switched_on = browser.get("/staff/account").get_data(as_text=True)
    browser.send("/staff/account/agenda")
    switched_off = browser.get("/staff/account").get_data(as_text=True)

    box = '<input type="checkbox" name="agenda" value="on"{}>'
    assert answer.location == "/staff/account?done=saved"
    assert box.format(" checked") in switched_on
    assert box.format("") in switched_off
