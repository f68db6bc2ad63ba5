"""The audit log: in sentences, filtered by its address, a page at a time, at a constant cost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from booking.history import HistoryEntry
from booking.staff.models import Role
from booking.web.staff import audit_page
from tests.factories import NOW
from tests.fixtures.application import UnitOfWork
from tests.fixtures.staff import BrowserOf, StaffBrowser, Staffed
from tests.statements import statements_on

MINUTE = timedelta(minutes=1)


@pytest.fixture
def add(transaction: UnitOfWork) -> Callable[..., None]:
    """Append an entry to the history."""

    def append(**changes: Any) -> None:
        entry = {
            "at": NOW,
            "actor": "lead",
            "action": "confirmed",
            "subject": "booking",
            "subject_id": 7,
            "facts": {"start": "2026-11-24T09:00:00+00:00"},
        }
        with transaction() as session:
            session.add(HistoryEntry(**entry | changes))

    return append


def test_history_is_told_in_sentences(
    browser_of: BrowserOf, staffed: Staffed, add: Callable[..., None]
) -> None:
    admin, host = staffed[Role.ADMIN].id, staffed[Role.HOST].id
    before = {"start": "2026-11-24T09:00:00+00:00", "hosts": [host]}
    after = {"start": "2026-11-24T10:00:00+00:00", "hosts": [admin]}
    moved = {"from": before, "to": after, "sequence": 1}
    add()
    add(action="moved", actor=f"staff:{admin}", facts=moved)
    add(action="outcome", actor=f"staff:{host}", facts={"from": None, "to": "no_show"})

    page = browser_of(Role.ADMIN).open("/staff/audit")
    text = page.text

    assert "Der Lead hat eine Demo gebucht" in text
    assert "admin name hat eine Demo verschoben" in text
    assert "Di., 24.11.2026, 10:00 Uhr → Di., 24.11.2026, 11:00 Uhr" in text.replace("\xa0", " ")
    assert "host name → admin name" in text
    assert "Ohne Eintrag → Nicht erschienen" in text
    assert "Buchung 7" in text
    assert "/staff/bookings/number/7" in page.links


def test_access_and_settings_are_told_before_and_after(
    browser_of: BrowserOf, staffed: Staffed, add: Callable[..., None]
) -> None:
    about_staff = {"subject": "staff", "subject_id": staffed[Role.HOST].id}
    facts = {
        "before": {"role": "host", "active": True},
        "after": {"role": "host", "active": False},
    }
    add(action="access_changed", actor="system", **about_staff, facts=facts)
    add(action="invited", actor="staff:4711", **about_staff, facts={"role": "manager"})
    add(action="suppressed", subject="lead", facts={"until": "2026-12-24T09:00:00+00:00"})
    add(action="setup_loaded", actor="system", subject="staff", facts={"changed": ["name"]})
    add(action="restored", actor="system", subject="organisation", facts={"unknown_mails": 3})

    page = browser_of(Role.ADMIN).open("/staff/audit")
    text = page.text.replace("\xa0", " ")

    assert f"/staff/team/{staffed[Role.HOST].id}" in page.links
    assert "→ kein Zugang" in text
    assert "Teammitglied 4711 hat jemanden ins Team eingeladen Teamleitung host name" in text
    assert "bis Do., 24.12.2026, 10:00 Uhr" in text
    assert "Das Programm hat eine Einrichtungsdatei übernommen Name Teammitglied 7" in text
    assert "zu entscheidende E-Mails: 3" in text


def test_what_only_a_newer_release_knows_is_told_as_that(
    browser_of: BrowserOf, add: Callable[..., None]
) -> None:
    add(action="teleported", subject="spaceship", facts={"warp": 9})

    text = browser_of(Role.ADMIN).open("/staff/audit?what=teleported").text

    assert "das erst eine neuere Version benennen kann" in text
    assert "Nummer 7" in text


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ("who=system", [2]),
        ("what=cancelled", [3]),
        ("about=wish", [4]),
        ("about=booking&number=3", [3]),
        ("from=2026-11-24", [4, 3]),
        ("to=2026-11-23&what=confirmed", [2, 1]),
        ("from=2026-11-24&to=2026-11-24", [3]),
        ("from=yesterday&number=x&before=&what=confirmed", [2, 1]),
        ("from=9999-12-31&to=0001-01-01&what=confirmed", [2, 1]),
    ],
)
def test_filters_stand_in_the_address(
    browser_of: BrowserOf, add: Callable[..., None], asked: str, numbers: list[int]
) -> None:
    add(subject_id=1)
    add(subject_id=2, actor="system")
    # Midnight in Berlin is 23:00 in UTC.
    add(subject_id=3, action="cancelled", at=NOW + timedelta(hours=15))
    add(subject_id=4, subject="wish", action="wished", at=NOW + timedelta(hours=39), facts={})

    rows = rows_of(browser_of(Role.ADMIN), f"/staff/audit?{asked}")

    assert [number for number in numbers if f" {number}<" not in "".join(rows)] == []
    assert len(rows) == len(numbers)


def test_nothing_found_says_how_to_go_on(browser_of: BrowserOf) -> None:
    page = browser_of(Role.ADMIN).open("/staff/audit?what=wished")

    assert "Dergleichen ist nicht verzeichnet." in page.text
    assert "/staff/audit" in page.links


def test_long_history_has_pages(
    browser_of: BrowserOf, add: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_page, "PAGE_SIZE", 2)
    for number in range(1, 6):
        add(subject_id=number, action="cancelled", at=NOW + number * MINUTE)
    browser = browser_of(Role.ADMIN)

    first = browser.open("/staff/audit?what=cancelled&locale=de")
    (older,) = [link for link in first.links if "before=" in link]
    second = browser.open(older)

    assert "what=cancelled" in older
    assert "locale=de" in older
    assert [number for number in range(1, 6) if f"Buchung {number}" in first.text] == [4, 5]
    assert [number for number in range(1, 6) if f"Buchung {number}" in second.text] == [2, 3]


def test_queries_do_not_grow_with_the_rows(
    browser_of: BrowserOf, staffed: Staffed, add: Callable[..., None]
) -> None:
    browser = browser_of(Role.ADMIN)
    actors = [f"staff:{staff.id}" for staff in staffed.values()]
    add(actor=actors[0], action="cancelled")
    with statements_on(Engine) as with_one:
        browser.open("/staff/audit?what=cancelled")
    for actor in actors[1:]:
        add(actor=actor, action="cancelled")

    with statements_on(Engine) as with_three:
        browser.open("/staff/audit?what=cancelled")

    assert len(with_three) == len(with_one) > 0


def rows_of(browser: StaffBrowser, address: str) -> list[str]:
    """Return the rows of the list as they are written."""
    html = browser.get(address).get_data(as_text=True)
    body = html.partition("<tbody>")[2].partition("</tbody>")[0]
    return [row for row in body.split("<tr>") if row.strip()]
