"""The page that says why a time is not offered."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from booking.event_types.models import EventType
from booking.segment import Segment
from booking.staff.models import Role, Staff
from tests.factories import (
    START,
    make_booking,
    make_closing_day,
    make_event_type,
    make_meeting,
    make_segment_rule,
    make_time_off,
)
from tests.fixtures.application import UnitOfWork
from tests.fixtures.staff import BrowserOf, Staffed
from tests.pages import Page

TEN = "/staff/why?event_type=demo&segment=team&date=2026-11-24&time=10:00"


@pytest.fixture
def hosts(staffed: Staffed, transaction: UnitOfWork) -> tuple[Staff, Staff]:
    """Host and manager give demos; at START one has one, and the other is away."""
    with transaction() as session:
        host, manager = (
            session.get_one(Staff, staffed[role].id) for role in (Role.HOST, Role.MANAGER)
        )
        event_type = make_event_type(session, hosts=[host, manager], slug="demo", max_per_day=1)
        make_event_type(session, hosts=[host], slug="draft", published=False)
        make_event_type(
            session, hosts=[manager], slug="secret", published=False, title={"de": "Geheim"}
        )
        meeting = make_meeting(session, event_type=event_type, hosts=[host])
        make_booking(session, meeting=meeting, segment=Segment.TEAM, public_id="in-the-way")
        time_off = make_time_off(
            session, staff=manager, start=START, end=START + timedelta(hours=4)
        )
        time_off.note = "Zahnarzt"
        make_closing_day(session, date(2026, 12, 24), note="Heiligabend")
    return host, manager


def test_manager_reads_every_reason_with_the_page_that_mends_it(
    browser_of: BrowserOf, hosts: tuple[Staff, Staff]
) -> None:
    host, manager = hosts

    page = browser_of(Role.ADMIN).open(TEN)

    assert "Dienstag, 24. November 2026, 10:00–10:30 Uhr (MEZ)" in page.text
    assert (
        "Der Termin wird nicht angeboten: Bei jedem Gastgeber spricht etwas dagegen." in page.text
    )
    assert "so viele Demos wie erlaubt: 1 am Tag" in page.text
    assert "schon gebucht: 10:00–10:30 Erika Mustermann" in page.text
    assert "Uhr (Zahnarzt)" in page.text
    assert {
        "/staff/bookings/in-the-way",
        f"/staff/calendar?view=day&on=2026-11-24&host={host.id}",
        f"/staff/time-off?host={manager.id}#coming",
        "/staff/event-types/1/rules",
        "/staff/why?event_type=demo&segment=team&start=2026-11-24T13:00:00Z",
    } <= set(page.links)


def test_host_reads_of_others_that_they_are_not_available(
    browser_of: BrowserOf, hosts: tuple[Staff, Staff]
) -> None:
    page = browser_of(Role.HOST).open(TEN)

    assert "host name so viele Demos wie erlaubt: 1 am Tag" in page.text
    assert "manager name nicht verfügbar" in page.text
    assert "Zahnarzt" not in page.text
    assert f"/staff/time-off?host={hosts[1].id}#coming" not in page.links
    assert not any("/staff/event-types" in link for link in page.links)


@pytest.mark.usefixtures("hosts")
def test_notice_and_limits_are_those_of_the_segment(
    browser_of: BrowserOf, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        event_type = session.scalars(select(EventType).where(EventType.slug == "demo")).one()
        own = {"minimum_notice_minutes": 2880, "max_per_day": 0, "max_per_week": 1}
        make_segment_rule(session, event_type=event_type, segment=Segment.TEAM, **own)

    text = browser_of(Role.ADMIN).open(TEN).text

    assert "kürzerer Vorlauf als üblich: 2880 Minuten" in text
    assert "so viele Demos wie erlaubt: 1 in der Woche" in text


@pytest.mark.usefixtures("hosts")
def test_offered_time_says_who_would_get_it(browser_of: BrowserOf) -> None:
    page = browser_of(Role.HOST).open("/staff/why?segment=team&start=2026-11-25T09:00:00Z")

    assert "Der Termin wird angeboten und ginge an manager name." in page.text
    assert page.fields["time"] == "10:00"
    address = "/staff/bookings/new?event_type=demo&segment=team&start=2026-11-25T09:00:00Z"
    assert address in page.links


def test_closing_day_is_named_and_leads_to_both_ways_out(
    browser_of: BrowserOf, hosts: tuple[Staff, Staff]
) -> None:
    page = browser_of(Role.MANAGER).open(
        f"/staff/why?segment=team&host={hosts[0].id}&start=2026-12-24T09:00:00Z"
    )

    assert "an diesem Tag geschlossen: Heiligabend" in page.text
    assert {f"/staff/hours?host={hosts[0].id}#dates", "/staff/closing-days"} <= set(page.links)
    assert "manager name an diesem Tag" not in page.text


@pytest.mark.usefixtures("hosts")
def test_time_that_is_over_and_segment_that_is_not_meant_need_no_other_reason(
    browser_of: BrowserOf, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        event_type = session.scalars(select(EventType).where(EventType.slug == "demo")).one()
        event_type.segments = ["individual"]
    browser = browser_of(Role.ADMIN)

    over = browser.open("/staff/why?event_type=demo&segment=individual&start=2026-11-20T09:00:00Z")
    not_meant = browser.open(TEN)

    assert "Diese Zeit ist vorbei" in over.text
    assert "Diese Terminart ist nicht für Teams und Unternehmen." in not_meant.text
    assert "kürzerer Vorlauf" not in over.text
    assert "Zahnarzt" not in not_meant.text


@pytest.mark.usefixtures("hosts")
def test_unpublished_event_type_and_times_that_do_not_exist_are_told(
    browser_of: BrowserOf,
) -> None:
    browser = browser_of(Role.HOST)

    draft = browser.open("/staff/why?event_type=draft&date=2026-11-25&time=10:00")
    skipped = Page.read(browser.get("/staff/why?date=2027-03-28&time=02:30"))
    empty = Page.read(browser.get("/staff/why?date=&time="))
    form = browser.open("/staff/why")

    assert "Die Terminart ist nicht veröffentlicht" in draft.text
    assert "Uhrzeit: Dann werden die Uhren vorgestellt" in skipped.alert
    assert "Tag: Bitte füllen Sie dieses Feld aus." in empty.alert
    assert form.alert == ""


@pytest.mark.usefixtures("hosts")
def test_host_sees_no_draft_of_others_and_an_unknown_event_type_is_the_first(
    browser_of: BrowserOf,
) -> None:
    def read(role: Role, slug: str) -> str:
        asked = f"/staff/why?event_type={slug}&segment=team&start=2026-11-25T09:00:00Z"
        return browser_of(role).get(asked).get_data(as_text=True)

    of_host = [read(Role.HOST, slug) for slug in ("secret", "unknown", "demo")]
    of_manager = read(Role.MANAGER, "secret")

    of_first = "Der Termin wird angeboten und ginge an"
    assert [of_first in page for page in (*of_host, of_manager)] == [True, True, True, False]
    assert ["Geheim" in page for page in (*of_host, of_manager)] == [False, False, False, True]
