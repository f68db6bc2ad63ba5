"""Leads as a file: the same filters, the same eyes, no formula, and a trace of who took it."""

import csv
import io

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from booking.history import HistoryEntry
from booking.staff.models import Role
from booking.web.staff import leads_file
from tests.fixtures.application import UnitOfWork
from tests.fixtures.leads import BookLead
from tests.fixtures.staff import BrowserOf, Staffed


def read_file(answer: TestResponse) -> list[list[str]]:
    assert answer.status_code == 200
    text = answer.get_data(as_text=True).removeprefix("\ufeff")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def test_file_tells_what_the_list_tells(browser_of: BrowserOf, book_lead: BookLead) -> None:
    book_lead(
        name="Jörg Weiß",
        company="=1+1",
        segment="team",
        email="joerg@kunde.example",
        phone="+493012345",
    )

    answer = browser_of(Role.HOST).get("/staff/leads.csv")

    head = ["Name", "Firma", "E-Mail", "Telefon", "Für wen", "Teamgröße", "Stand", "Gastgeber"]
    head += ["Nächste Demo", "Letzte Demo", "Eingegangen", "Quelle"]
    row = ["Jörg Weiß", "'=1+1", "joerg@kunde.example", "+493012345", "Team", "", "Gebucht"]
    row += ["host name", "2026-11-24 10:00", "", "2026-11-23 09:00", ""]
    assert read_file(answer) == [head, row]
    assert answer.get_data().startswith(b"\xef\xbb\xbf")
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/csv", "no-store")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="leads.csv"'


def test_file_speaks_the_language_of_its_reader(browser_of: BrowserOf, book_lead: BookLead) -> None:
    book_lead()

    rows = read_file(browser_of(Role.HOST).get("/staff/leads.csv?locale=en"))

    assert (rows[0][4], rows[1][4], rows[1][6]) == ("For whom", "Individual", "Booked")


def test_hosts_take_their_own_leads_and_managers_those_they_ask_for(
    browser_of: BrowserOf, book_lead: BookLead, staffed: Staffed
) -> None:
    book_lead(Role.HOST, name="Erika Mustermann")
    book_lead(Role.MANAGER, number=1, name="Jörg Weiß")
    manager_id = staffed[Role.MANAGER].id

    files = [
        read_file(browser_of(role).get(f"/staff/leads.csv{query}"))
        for role, query in (
            (Role.HOST, f"?host={manager_id}"),
            (Role.MANAGER, ""),
            (Role.MANAGER, f"?host={manager_id}"),
            (Role.ADMIN, "?state=cancelled"),
        )
    ]

    assert [[row[0] for row in rows[1:]] for rows in files] == [
        ["Erika Mustermann"],
        ["Jörg Weiß", "Erika Mustermann"],
        ["Jörg Weiß"],
        [],
    ]


def test_long_file_is_whole(
    browser_of: BrowserOf, book_lead: BookLead, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leads_file, "AT_ONCE", 2)
    for number in range(5):
        book_lead(number=number, name=f"Lead {'ABCDE'[number]}")

    rows = read_file(browser_of(Role.HOST).get("/staff/leads.csv"))

    assert [row[0][-1] for row in rows[1:]] == list("EDCBA")


def test_who_has_taken_leads_along_is_recorded_without_what_was_searched(
    browser_of: BrowserOf, staffed: Staffed, transaction: UnitOfWork
) -> None:
    browser_of(Role.HOST).get("/staff/leads.csv?q=Erika&segment=team&state=nonsense")

    with transaction() as session:
        entry = session.scalars(
            select(HistoryEntry).where(HistoryEntry.action == "leads_exported")
        ).one()
    host = staffed[Role.HOST]
    assert (entry.actor, entry.subject, entry.subject_id) == (f"staff:{host.id}", "staff", host.id)
    assert entry.facts == {"segment": "team", "fields": ["q"]}
