"""The page on which working hours are shaped, and what it shows of the slots they would give."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from booking.history import HistoryEntry
from booking.staff.host_rules import MOST_DATES, MOST_WINDOWS
from booking.staff.models import DateOverride, Role, Staff, WeeklyHours
from tests.factories import (
    make_closing_day,
    make_date_override,
    make_event_type,
    minute_of,
)
from tests.fixtures.application import UnitOfWork
from tests.fixtures.staff import BrowserOf, StaffBrowser, Staffed
from tests.pages import Page

ADDRESS = "/staff/hours"


@pytest.fixture
def host(staffed: Staffed, transaction: UnitOfWork) -> Staff:
    """The host, Monday to Friday from 9 to 17, with an event type and two dates of their own."""
    host = staffed[Role.HOST]
    with transaction() as session:
        make_event_type(session, hosts=[session.get_one(Staff, host.id)], slug="demo")
        make_date_override(session, staff=host, day=date(2026, 11, 2), hours=[("10:00", "11:00")])
        make_date_override(session, staff=host, day=date(2026, 12, 24), hours=[])
    return host


def form_of(browser: StaffBrowser) -> dict[str, str]:
    """Return what the page's form would send, without its buttons."""
    fields = browser.open(ADDRESS).fields
    not_typed = {"onto", "copy", "locale", "csrf"}
    return {
        name: text
        for name, text in fields.items()
        if name not in not_typed and not name.endswith("-remove")
    }


def stored(host: Staff, transaction: UnitOfWork) -> tuple[list[tuple[int, int, int]], list[object]]:
    with transaction() as session:
        weekly = session.scalars(
            select(WeeklyHours)
            .where(WeeklyHours.staff_id == host.id)
            .order_by(WeeklyHours.weekday, WeeklyHours.from_minute)
        )
        dates = session.scalars(
            select(DateOverride)
            .where(DateOverride.staff_id == host.id)
            .order_by(DateOverride.local_date)
        )
        return (
            [(row.weekday, row.from_minute, row.to_minute) for row in weekly],
            [(row.local_date, row.windows) for row in dates],
        )


def test_hours_are_saved_as_they_were_typed_and_past_dates_stay(
    browser_of: BrowserOf, host: Staff, transaction: UnitOfWork
) -> None:
    browser = browser_of(Role.HOST)
    form = form_of(browser)
    form |= {
        "d0-from-0": "8",
        "d0-to-0": "12.30",
        "d0-from-1": "12:00",
        "d0-to-1": "15:00",
        "d4-from-0": "22:00",
        "d4-to-0": "2:00",
        "d5-from-0": "00:00",
        "d5-to-0": "24:00",
        "d1-from-0": "",
        "d1-to-0": "",
        "o1-date": "2026-12-28",
        "o1-from-0": "10:00",
        "o1-to-0": "12:00",
        "holiday_region": "AT",
    }

    answer = browser.send(ADDRESS, **form)
    page = browser.open(answer.location)
    again = browser.send(ADDRESS, **form_of(browser))

    nine, five = minute_of("09:00"), minute_of("17:00")
    assert answer.location == f"/staff/hours?host={host.id}&done=saved"
    assert stored(host, transaction) == (
        [
            (0, minute_of("08:00"), minute_of("15:00")),
            (2, nine, five),
            (3, nine, five),
            (4, minute_of("22:00"), minute_of("26:00")),
            (5, 0, 1440),
        ],
        [
            (date(2026, 11, 2), [[600, 660]]),
            (date(2026, 12, 24), []),
            (date(2026, 12, 28), [[600, 720]]),
        ],
    )
    shown = {name: page.fields[name] for name in ("d4-from-0", "d4-to-0", "d5-to-0", "o1-date")}
    assert shown == {
        "d4-from-0": "22:00",
        "d4-to-0": "02:00",
        "d5-to-0": "24:00",
        "o1-date": "2026-12-28",
    }
    assert again.location.endswith("done=same")
    with transaction() as session:
        entry = session.scalars(select(HistoryEntry).filter_by(action="hours_changed")).one()
        assert entry.actor == f"staff:{host.id}"
        assert entry.facts["after"] == {
            "holiday_region": "AT",
            "0": "08:00–15:00",
            "1": None,
            "4": "22:00–02:00",
            "5": "00:00–24:00",
            "2026-12-28": "10:00–12:00",
        }
    audit = browser_of(Role.ADMIN).open("/staff/audit")
    assert "Dienstag: 09:00–17:00 → –" in audit.text
    assert "Mo., 28.12.2026: – → 10:00–12:00" in audit.text
    assert "Feiertage: wie für die Organisation → AT" in audit.text


def test_dates_that_the_form_did_not_show_stay_when_the_zone_moves_west(
    browser_of: BrowserOf, host: Staff, transaction: UnitOfWork
) -> None:
    # NOW is Monday, 23 November in Berlin, and still Sunday in Pago Pago.
    sunday = date(2026, 11, 22)
    with transaction() as session:
        make_date_override(session, staff=host, day=sunday, hours=[("09:00", "12:00")])
    browser = browser_of(Role.HOST)

    answer = browser.send(ADDRESS, **form_of(browser) | {"time_zone": "Pacific/Pago_Pago"})

    assert answer.status_code == 303
    assert stored(host, transaction)[1] == [
        (date(2026, 11, 2), [[600, 660]]),
        (sunday, [[540, 720]]),
        (date(2026, 12, 24), []),
    ]


def test_dates_that_are_over_the_longest_make_room(
    browser_of: BrowserOf, host: Staff, transaction: UnitOfWork
) -> None:
    over = [date(2026, 11, 1) - timedelta(days) for days in range(1, MOST_DATES - 1)]
    with transaction() as session:
        for day in over:
            make_date_override(session, staff=host, day=day, hours=[])
    browser = browser_of(Role.HOST)

    browser.send(ADDRESS, **form_of(browser) | {"o1-date": "2026-12-28"})

    dates = [on for on, _ in stored(host, transaction)[1]]
    assert len(dates) == MOST_DATES
    assert dates[0] == over[-2]
    assert dates[-3:] == [date(2026, 11, 2), date(2026, 12, 24), date(2026, 12, 28)]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"d0-to-0": ""}, "Montag, bis: Bitte füllen Sie dieses Feld aus."),
        ({"d0-from-0": "25:00"}, "Montag, von: Bitte geben Sie eine Uhrzeit wie 09:00 an"),
        ({"d0-from-0": "24:00"}, "Montag, von: Zeiten beginnen vor 24:00"),
        ({"d0-to-0": "9"}, "Montag, bis: Anfang und Ende sind gleich."),
        ({"o1-date": "2026-12-24"}, "Datum 2: Das darf nur einmal angegeben werden."),
        ({"o1-date": "2026-11-22"}, "Datum 2: Dieser Tag ist vorbei."),
        ({"o1-from-0": "9", "o1-to-0": "10"}, "Datum 2: Bitte füllen Sie dieses Feld aus."),
        ({"time_zone": "Berlin"}, "Zeitzone: Das ist nicht der Name einer Zeitzone."),
        ({"holiday_region": "DE-XX"}, "Feiertage: Bitte wählen Sie"),
    ],
)
def test_fault_names_its_field_and_nothing_typed_is_lost(
    browser_of: BrowserOf,
    host: Staff,
    transaction: UnitOfWork,
    changes: dict[str, str],
    fault: str,
) -> None:
    browser, before = browser_of(Role.HOST), stored(host, transaction)
    form = form_of(browser) | {"d6-from-0": "11", "d6-to-0": "12"} | changes

    answer = browser.send(ADDRESS, **form)

    page = Page.read(answer)
    assert answer.status_code == 422
    assert fault in page.alert
    kept = {name: page.fields[name] for name in form if name != "holiday_region"}
    assert kept == {name: form[name] for name in kept}
    assert stored(host, transaction) == before


def test_windows_beyond_the_most_are_told_and_not_drawn(
    browser_of: BrowserOf, host: Staff, transaction: UnitOfWork
) -> None:
    browser, before = browser_of(Role.HOST), stored(host, transaction)

    page = Page.read(browser.send(ADDRESS, **form_of(browser) | {"d0-to-99": "10"}))

    assert "Montag, von: Das sind zu viele: Höchstens 10 sind möglich." in page.alert
    drawn = [name for name in page.fields if name.startswith("d0-from-")]
    assert drawn == [f"d0-from-{row}" for row in range(MOST_WINDOWS)]
    assert stored(host, transaction) == before


def test_day_is_copied_into_the_form_and_nothing_is_saved(
    browser_of: BrowserOf, host: Staff, transaction: UnitOfWork
) -> None:
    browser, before = browser_of(Role.HOST), stored(host, transaction)
    form = form_of(browser) | {"d0-from-1": "18:00", "d0-to-1": "19:00", "do": "copy", "copy": "d0"}

    page = Page.read(browser.send(ADDRESS, **form, onto="5"))

    assert {name: page.fields[name] for name in page.fields if name.startswith("d5")} == {
        "d5-from-0": "09:00",
        "d5-to-0": "17:00",
        "d5-from-1": "18:00",
        "d5-to-1": "19:00",
        "d5-from-2": "",
        "d5-to-2": "",
    }
    assert stored(host, transaction) == before


def test_preview_shows_what_the_typed_hours_would_offer(
    browser_of: BrowserOf, host: Staff, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        make_closing_day(session, date(2026, 11, 26), note="Teamtag")
    browser, before = browser_of(Role.HOST), stored(host, transaction)
    hours = {f"d{day}-{end}-0": "" for day in range(7) for end in ("from", "to")}
    form = form_of(browser) | hours | {"d3-from-0": "14", "d3-to-0": "15", "do": "preview"}

    saved = browser.open(ADDRESS)
    page = Page.read(browser.send(ADDRESS, **form))
    unread = Page.read(browser.send(ADDRESS, **form | {"d3-to-0": "x"}))

    # Nine office days of sixteen slots, less those of the first that come within the notice.
    assert "140 Termine in den nächsten zwei Wochen" in saved.text
    assert "2 Termine in den nächsten zwei Wochen" in page.text
    assert "Do., 26.11. Teamtag" in page.text
    assert "Do., 3.12. 14:00 14:30 Fr., 4.12. –" in page.text
    assert "Die Vorschau erscheint wieder, sobald alle Zeiten lesbar sind." in unread.text
    assert stored(host, transaction) == before


def test_stale_hours_are_told_with_what_changed_and_can_be_saved_over(
    browser_of: BrowserOf, host: Staff, transaction: UnitOfWork
) -> None:
    browser, manager = browser_of(Role.HOST), browser_of(Role.MANAGER)
    form = form_of(browser)
    theirs = form_of(manager) | {"host": str(host.id)} | form | {"d0-to-0": "12:00"}
    assert manager.send(ADDRESS, **theirs).status_code == 303

    answer = browser.send(ADDRESS, **form | {"d1-to-0": "13:00"})
    page = Page.read(answer)
    again = browser.send(ADDRESS, **form | {"d1-to-0": "13:00", "version": page.fields["version"]})

    assert answer.status_code == 409
    assert "manager name hat Arbeitszeiten geändert Montag: 09:00–17:00 → 09:00–12:00" in page.text
    assert page.fields["d1-to-0"] == "13:00"
    assert page.fields["d0-to-0"] == "17:00"
    assert again.status_code == 303
    assert stored(host, transaction)[0][:2] == [(0, 540, 1020), (1, 540, 780)]


@pytest.mark.usefixtures("host")
def test_host_changes_nobody_elses_hours(browser_of: BrowserOf, staffed: Staffed) -> None:
    browser, other = browser_of(Role.HOST), str(staffed[Role.MANAGER].id)

    answers = [
        browser.get(f"{ADDRESS}?host={other}"),
        browser.send(ADDRESS, **form_of(browser) | {"host": other}),
        browser.get(f"{ADDRESS}?host=all"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]


@pytest.mark.usefixtures("host")
def test_hours_in_the_gap_of_the_clocks_are_told(browser_of: BrowserOf) -> None:
    browser = browser_of(Role.HOST)
    form = form_of(browser) | {"d6-from-0": "02:30", "d6-to-0": "04:00", "do": "preview"}

    page = Page.read(browser.send(ADDRESS, **form))

    assert (
        "Am Sonntag, 28. März 2027 wird die Uhr vorgestellt, und 02:30 gibt es nicht" in page.text
    )
