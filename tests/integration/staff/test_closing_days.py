"""The page of the days on which nobody gives demos."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from booking.history import HistoryEntry
from booking.organisation.models import ORGANISATION_ID, ClosingDay, Organisation
from booking.staff.models import Role, Staff
from tests.factories import make_booking, make_closing_day, make_event_type, make_meeting
from tests.fixtures.application import UnitOfWork
from tests.fixtures.staff import BrowserOf, Staffed
from tests.pages import Page

ADDRESS = "/staff/closing-days"


def closed(transaction: UnitOfWork) -> dict[date, str]:
    with transaction() as session:
        return {day.local_date: day.note for day in session.scalars(select(ClosingDay))}


def region(transaction: UnitOfWork) -> str:
    with transaction() as session:
        return session.get_one(Organisation, ORGANISATION_ID).holiday_region


def versions(transaction: UnitOfWork) -> set[int]:
    """Return how often the calendars of the three have been locked: all of them as often."""
    with transaction() as session:
        return set(session.scalars(select(Staff.calendar_version)))


def recorded(transaction: UnitOfWork) -> list[tuple[str, str, object]]:
    with transaction() as session:
        entries = session.scalars(
            select(HistoryEntry).filter_by(subject="organisation").order_by(HistoryEntry.id)
        )
        return [(entry.action, entry.actor, entry.facts.get("day")) for entry in entries]


def test_day_is_closed_and_opened_again(
    browser_of: BrowserOf, staffed: Staffed, transaction: UnitOfWork
) -> None:
    browser = browser_of(Role.MANAGER)

    answer = browser.send(ADDRESS, date="2026-12-24", note="Heiligabend")
    page = browser.open(answer.location)
    while_closed = closed(transaction)
    again = Page.read(browser.send(ADDRESS, date="2026-12-24", note="nochmal"))
    back = [browser.send(f"{ADDRESS}/2026-12-24/delete") for _ in range(2)]

    assert while_closed == {date(2026, 12, 24): "Heiligabend"}
    assert "Donnerstag, 24. Dezember 2026Heiligabend Wieder öffnen" in page.text
    assert "Datum: Dieser Tag ist schon geschlossen." in again.alert
    assert [answer.status_code for answer in back] == [303, 303]
    assert closed(transaction) == {}
    actor = f"staff:{staffed[Role.MANAGER].id}"
    assert recorded(transaction) == [
        ("day_closed", actor, "2026-12-24"),
        ("day_reopened", actor, "2026-12-24"),
    ]
    # Closed, opened, found open; what was refused has let go of them again.
    assert versions(transaction) == {3}


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ({}, "Datum: Bitte füllen Sie dieses Feld aus."),
        ({"date": "morgen"}, "Datum: Bitte geben Sie ein Datum an"),
        ({"date": "2026-11-22"}, "Datum: Dieser Tag ist vorbei."),
        ({"date": "3000-01-01"}, "Datum: Das liegt außerhalb"),
        ({"date": "2026-12-24", "note": "x" * 201}, "Notiz: Das ist zu lang"),
    ],
)
def test_fault_is_told_and_what_was_typed_stays(
    browser_of: BrowserOf, transaction: UnitOfWork, typed: dict[str, str], fault: str
) -> None:
    answer = browser_of(Role.MANAGER).send(ADDRESS, **typed)

    page = Page.read(answer)
    assert answer.status_code == 422
    assert fault in page.alert
    # The suggestions below the form have fields of the same names.
    for text in typed.values():
        assert f'value="{text}"' in answer.get_data(as_text=True)
    assert closed(transaction) == {}


def test_region_is_shown_before_it_is_kept(browser_of: BrowserOf, transaction: UnitOfWork) -> None:
    browser = browser_of(Role.MANAGER)
    seen = browser.open(ADDRESS).fields["version"]

    shown = Page.read(browser.send(f"{ADDRESS}/region", region="DE-BE", version=seen, do="preview"))
    before_it_is_kept = region(transaction)
    kept = browser.send(f"{ADDRESS}/region", region="DE-BE", version=seen)
    page = browser.open(kept.location)
    stale = browser.send(f"{ADDRESS}/region", region="AT", version="0")
    unknown = browser.send(f"{ADDRESS}/region", region="DE-XX", version=seen)

    assert "Es würden gelten: Berlin" in shown.text
    assert "Freitag, 25. Dezember 2026Erster Weihnachtstag" in shown.text
    assert "Freitag, 7. Mai 2027Brückentag" in shown.text
    assert before_it_is_kept == ""
    assert "Es gelten die Feiertage von: Berlin." in page.text
    assert (stale.status_code, unknown.status_code) == (409, 422)
    assert region(transaction) == "DE-BE"
    assert versions(transaction) == {1}


def test_booked_demos_are_counted_for_whoever_may_see_them(
    browser_of: BrowserOf, staffed: Staffed, transaction: UnitOfWork
) -> None:
    day = date(2026, 12, 24)
    with transaction() as session:
        hosts = [session.get_one(Staff, staffed[role].id) for role in (Role.HOST, Role.MANAGER)]
        hosts[1].time_zone = "Asia/Tokyo"
        event_type = make_event_type(session, hosts=hosts)
        starts = [datetime(2026, 12, 24, hour, tzinfo=UTC) for hour in (9, 10)]
        for start in starts:
            make_booking(
                session,
                meeting=make_meeting(session, event_type=event_type, hosts=hosts[:1], start=start),
            )
        # For its host this is the morning of that day already.
        early = datetime(2026, 12, 23, 23, tzinfo=UTC)
        meeting = make_meeting(session, event_type=event_type, hosts=hosts[1:], start=early)
        make_booking(session, meeting=meeting)
        make_closing_day(session, day, note="Heiligabend")

    of_host, of_manager = (
        browser_of(Role.HOST).open(ADDRESS),
        browser_of(Role.MANAGER).open(ADDRESS),
    )

    assert "2 Demos gebucht" in of_host.text
    assert "3 Demos gebucht" in of_manager.text
    assert "/staff/calendar?view=day&on=2026-12-24&host=all" in of_manager.links
    assert "/staff/calendar?view=day&on=2026-12-24" in of_host.links
    assert "Tag schließen" not in of_host.text
