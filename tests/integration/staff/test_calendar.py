"""The calendar: who sees which, and how what takes time is told."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from booking.bookings.lifecycle import BookingState, Outcome
from booking.organisation.models import Organisation
from booking.segment import Segment
from booking.staff.models import Role, Staff
from tests.factories import (
    NOW,
    START,
    make_booking,
    make_busy_time,
    make_closing_day,
    make_event_type,
    make_meeting,
    make_staff,
    make_time_off,
)
from tests.fixtures.application import UnitOfWork
from tests.fixtures.staff import BrowserOf, Staffed
from tests.pages import Page
from tests.statements import statements_on

HOUR = timedelta(hours=1)


@pytest.fixture
def busy_host(staffed: Staffed, transaction: UnitOfWork) -> Staff:
    """The host of ``staffed``, on whose Tuesday there is one of everything."""
    host = staffed[Role.HOST]
    with transaction() as session:
        event_type = make_event_type(session, hosts=[host])
        for hours, changes in enumerate(
            (
                {"segment": Segment.TEAM, "company": "Weiß & Söhne KG"},
                {"state": BookingState.CANCELLED, "name": "Ada Abgesagt"},
                {"state": BookingState.HELD, "hold_expires_at": NOW + HOUR, "name": None},
                {"state": BookingState.HELD, "hold_expires_at": NOW, "name": None},
            )
        ):
            meeting = make_meeting(
                session,
                event_type=event_type,
                hosts=[host],
                start=START + hours * HOUR,
            )
            meeting.hosts[0].active = changes.get("state") is not BookingState.CANCELLED
            make_booking(session, meeting=meeting, **changes)
        make_busy_time(session, staff=host, start=START + 4 * HOUR, end=START + 5 * HOUR)
        time_off = make_time_off(session, staff=host, start=START + 5 * HOUR, end=START + 6 * HOUR)
        time_off.note = "Zahnarzt"
    return host


def things_of(page: Page) -> str:
    """Return what the page tells below its head."""
    return page.text.rpartition("Liste ")[2].partition(" Deutsch")[0]


def test_day_is_told_in_the_order_of_time(browser_of: BrowserOf, busy_host: Staff) -> None:
    page = browser_of(Role.HOST).open("/staff/calendar?view=day&on=2026-11-24")

    assert busy_host.name not in page.text.partition("Zeiten in")[2].partition("Deutsch")[0]
    assert things_of(page).partition("Di., 24.11. ")[2] == (
        "Arbeitszeit: 09:00–17:00 10:00–10:30 Team Erika Mustermann, Weiß & Söhne KG "
        "12:00–12:30 Vorgemerkt 14:00–15:00 Belegt 15:00–16:00 Abwesend: Zahnarzt"
    )


@pytest.mark.usefixtures("busy_host")
def test_cancelled_demo_stands_in_the_list_alone(browser_of: BrowserOf) -> None:
    browser = browser_of(Role.HOST)

    day, week, listed = (
        browser.open(f"/staff/calendar?view={view}&on=2026-11-24").text
        for view in ("day", "week", "list")
    )

    assert "Ada Abgesagt" not in day + week
    assert "11:00–11:30 Einzel Ada Abgesagt Abgesagt" in listed


def test_week_begins_on_monday_and_leads_to_its_neighbours(browser_of: BrowserOf) -> None:
    page = browser_of(Role.HOST).open("/staff/calendar?view=week&on=2026-11-26")

    assert "Mo., 23.11.2026 – So., 29.11.2026" in page.title
    found = [link for link in page.links if "view=week" in link]
    assert [link.partition("on=")[2][:10] for link in found[:4]] == [
        "2026-11-19",
        "2026-11-23",
        "2026-12-03",
        "2026-11-26",
    ]


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("", "Mo., 23.11.2026 – So., 29.11.2026"),
        ("?view=month&on=yesterday", "Mo., 23.11.2026 – So., 29.11.2026"),
        ("?view=day&on=1970-01-01", "Samstag, 1. Januar 2000"),
        ("?view=list&on=9000-12-31", "Di., 31.12.2999"),
    ],
)
def test_what_the_address_does_not_say_is_the_present_week(
    browser_of: BrowserOf, address: str, title: str
) -> None:
    assert title in browser_of(Role.HOST).open(f"/staff/calendar{address}").title.replace(
        "\N{NO-BREAK SPACE}", " "
    )


def test_host_sees_no_other_calendar(browser_of: BrowserOf, staffed: Staffed) -> None:
    browser, other = browser_of(Role.HOST), staffed[Role.MANAGER].id

    answers = [
        browser.get(f"/staff/calendar{page}?host={host}").status_code
        for page in ("", "/unmarked")
        for host in (other, "all", "x", "٣", 9**30)
    ]

    assert set(answers) == {404}
    assert "host" not in browser.open("/staff/calendar").fields


def test_nobody_has_no_calendar(browser_of: BrowserOf) -> None:
    assert browser_of(Role.MANAGER).get("/staff/calendar?host=4711").status_code == 404


@pytest.mark.parametrize("view", ["day", "week", "list"])
def test_manager_sees_all_hosts_side_by_side(
    browser_of: BrowserOf, busy_host: Staff, transaction: UnitOfWork, view: str
) -> None:
    with transaction() as session:
        left = make_staff(session, name="Lea Längstweg", active=False)
        meeting = make_meeting(
            session, event_type=make_event_type(session, hosts=[left]), hosts=[left]
        )
        make_booking(session, meeting=meeting, name="Ben Besuch")

    page = browser_of(Role.MANAGER).open(f"/staff/calendar?view={view}&on=2026-11-24&host=all")

    told = things_of(page)
    assert all(
        name in told for name in (busy_host.name, left.name, "Erika Mustermann", "Ben Besuch")
    )


@pytest.mark.parametrize("view", ["day", "week", "list"])
def test_installation_without_hosts_says_what_is_missing(browser_of: BrowserOf, view: str) -> None:
    page = browser_of(Role.ADMIN).open(f"/staff/calendar?view={view}&host=all")

    assert ("Noch gibt niemand Demos" in page.text) == (view != "list")
    assert ("ist nichts gebucht" in page.text) == (view == "list")


def test_times_are_those_of_the_host_and_of_all_those_of_the_reader(
    browser_of: BrowserOf, busy_host: Staff, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        session.get_one(Staff, busy_host.id).time_zone = "Europe/Istanbul"
    browser = browser_of(Role.MANAGER)

    own, among_all = (
        browser.open(f"/staff/calendar?view=day&on=2026-11-24&host={host}").text
        for host in (busy_host.id, "all")
    )

    assert "12:00–12:30 Team Erika" in own
    assert "Istanbul (UTC+3)" in own
    assert "10:00–10:30 Team Erika" in among_all


def test_demo_in_time_off_is_marked(
    browser_of: BrowserOf, busy_host: Staff, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        make_time_off(session, staff=busy_host, start=START, end=START + 14 * HOUR)
        make_time_off(session, staff=busy_host, start=START + 38 * HOUR, end=START + 86 * HOUR)
    browser = browser_of(Role.HOST)

    day, listed = (
        browser.open(f"/staff/calendar?view={view}&on=2026-11-24").text for view in ("day", "list")
    )

    assert "10:00–00:00 Abwesend 10:00–10:30 Konflikt Team Erika Mustermann" in day
    assert "10:00–00:00 Abwesend 10:00–10:30 Konflikt Team Erika Mustermann" in listed
    assert "bis Fr., 27.11. Abwesend" in listed


def test_absence_over_days_tells_its_end(
    browser_of: BrowserOf, busy_host: Staff, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        make_time_off(session, staff=busy_host, start=START - 48 * HOUR, end=START + 30 * HOUR)

    listed = browser_of(Role.HOST).open("/staff/calendar?view=list&on=2026-11-24").text

    assert "24. November 2026 10:00 bis Mi., 25.11., 16:00 Abwesend" in listed.replace(
        "\N{NO-BREAK SPACE}", " "
    )


def test_present_moment_is_drawn(browser_of: BrowserOf) -> None:
    page = browser_of(Role.HOST).get("/staff/calendar?view=day").get_data(as_text=True)

    assert '<div class="now-line" aria-hidden="true"><div class="from-13"></div></div>' in page


@pytest.mark.usefixtures("busy_host")
def test_demo_leads_to_its_page(browser_of: BrowserOf) -> None:
    address = "/staff/calendar?view=day&on=2026-11-24"

    links = browser_of(Role.HOST).open(address).links

    assert len([link for link in links if link.startswith("/staff/bookings/booking-")]) == 1


def test_unmarked_demos_are_those_that_are_over_and_have_no_outcome(
    browser_of: BrowserOf, staffed: Staffed, transaction: UnitOfWork
) -> None:
    host = staffed[Role.HOST]
    with transaction() as session:
        event_type = make_event_type(session, hosts=[host])
        for days, changes in (
            (-2, {"name": "Vorgestern"}),
            (-1, {"name": "Gestern"}),
            (-3, {"name": "Marie Markiert", "outcome": Outcome.ATTENDED}),
            (0, {"name": "Morgen"}),
        ):
            start = START + timedelta(days=days - (1 if days else 0))
            meeting = make_meeting(
                session,
                event_type=event_type,
                hosts=[host],
                start=start,
            )
            make_booking(session, meeting=meeting, **changes)

    own = browser_of(Role.HOST).open("/staff/calendar/unmarked").text
    of_manager = browser_of(Role.MANAGER).open("/staff/calendar/unmarked").text
    of_all = browser_of(Role.MANAGER).open("/staff/calendar/unmarked?host=all").text

    assert "2 Demos sind vorbei und noch nicht ausgewertet" in own
    assert own.index("Gestern") < own.index("Vorgestern")
    assert "Marie Markiert" not in own + of_all
    assert "Morgen" not in own + of_all
    assert "Zu jeder vergangenen Demo steht das Ergebnis fest" in of_manager
    assert "Gestern host name Einzel" in of_all


@pytest.mark.parametrize(
    "address",
    [
        *(
            f"/staff/calendar?view={view}&host=all&on=2026-11-24"
            for view in ("day", "week", "list")
        ),
        "/staff/calendar/unmarked?host=all",
    ],
)
def test_number_of_queries_is_the_same_for_one_host_and_for_three(
    browser_of: BrowserOf, transaction: UnitOfWork, address: str
) -> None:
    browser = browser_of(Role.MANAGER)
    add_hosts(1, transaction=transaction)
    browser.open(address)
    with statements_on(Engine) as with_one:
        browser.open(address)
    add_hosts(2, transaction=transaction)

    with statements_on(Engine) as with_three:
        browser.open(address)

    assert len(with_three) == len(with_one)


def add_hosts(number: int, *, transaction: UnitOfWork) -> None:
    with transaction() as session:
        for _ in range(number):
            host = make_staff(session)
            event_type = make_event_type(session, hosts=[host])
            for start in (START, datetime(2026, 11, 20, 9, 0, tzinfo=UTC)):
                meeting = make_meeting(
                    session,
                    event_type=event_type,
                    hosts=[host],
                    start=start,
                )
                make_booking(session, meeting=meeting)
            make_time_off(session, staff=host, start=START, end=START + HOUR)


@pytest.mark.usefixtures("busy_host")
def test_days_without_demos_are_called_by_name(
    browser_of: BrowserOf, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        make_closing_day(session, date(2026, 11, 25), note="Betriebsausflug")
        session.scalars(select(Organisation)).one().holiday_region = "DE"

    day = browser_of(Role.HOST).open("/staff/calendar?view=day&on=2026-11-25")
    everybody = browser_of(Role.MANAGER)
    week = everybody.open("/staff/calendar?host=all&view=week&on=2026-11-25")
    christmas = everybody.open("/staff/calendar?host=all&view=day&on=2026-12-25")

    assert [page.text.count("Betriebsausflug") >= 1 for page in (day, week)] == [True, True]
    assert "Erster Weihnachtstag" in christmas.text
