"""The inbox and a lead's page: who sees what, what is told, and what staff note."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from booking.bookings.models import Booking
from booking.event_types.models import EventType
from booking.history import HistoryEntry
from booking.leads.models import StaffNote
from booking.segment import Segment
from booking.staff.models import Role
from booking.web.staff import leads_page
from tests.bookings_at_work import confirm, hold
from tests.factories import NOW
from tests.fixtures.application import UnitOfWork
from tests.fixtures.leads import BookLead
from tests.fixtures.staff import BrowserOf, Staffed
from tests.pages import Page
from tests.statements import statements_on
from tests.wishes_at_work import express

MINUTE = timedelta(minutes=1)


@pytest.mark.usefixtures("event_types")
def test_inbox_without_leads_says_where_they_come_from(browser_of: BrowserOf) -> None:
    page = browser_of(Role.HOST).open("/staff/leads")

    assert "Hier steht, wer eine Demo bucht oder um einen Termin bittet." in page.text


def test_hosts_see_their_own_leads_and_managers_all(
    browser_of: BrowserOf, book_lead: BookLead
) -> None:
    own = book_lead(Role.HOST, name="Erika Mustermann", company="Muster GmbH")
    others = book_lead(Role.MANAGER, number=1, name="Jörg Weiß")
    host, manager = browser_of(Role.HOST), browser_of(Role.MANAGER)

    pages = [browser.open("/staff/leads") for browser in (host, manager)]

    assert ["Jörg Weiß" in page.text for page in pages] == [False, True]
    assert ["Muster GmbH" in page.text for page in pages] == [True, True]
    assert host.get(f"/staff/leads/{own}").status_code == 200
    assert host.get(f"/staff/leads/{others}").status_code == 404
    assert host.send(f"/staff/leads/{others}/notes", text="Guten Tag").status_code == 404
    assert manager.get(f"/staff/leads/{others}").status_code == 200
    assert manager.get("/staff/leads/4711").status_code == 404


def test_filters_stand_in_the_address_and_hosts_cannot_ask_for_others(
    browser_of: BrowserOf, book_lead: BookLead
) -> None:
    book_lead(Role.HOST, name="Erika Mustermann")
    book_lead(Role.MANAGER, number=1, name="Jörg Weiß", segment="team")
    manager = browser_of(Role.MANAGER)

    found = manager.open("/staff/leads?segment=team&state=booked&q=wei%C3%9F&from=2026-11-23")
    none = manager.open("/staff/leads?segment=individual&q=wei%C3%9F&to=2026-11-23")
    odd = manager.open("/staff/leads?q=%25%27%20OR%201=1")
    by_host = browser_of(Role.HOST).open("/staff/leads?host=2")

    assert "Jörg Weiß" in found.text
    assert (found.fields["segment"], found.fields["q"]) == ("team", "weiß")
    assert ["Dazu passt kein Lead." in page.text for page in (none, odd)] == [True, True]
    assert "Erika Mustermann" in by_host.text
    assert "host" not in by_host.fields


@pytest.mark.parametrize(
    "query",
    [
        "segment=all",
        "state=name;DROP",
        "host=x",
        "host=%C2%B2",
        f"host={10**30}",
        "from=2026-13-01",
        "to=9999-12-31",
        "after=1",
    ],
)
def test_address_that_makes_no_sense_shows_the_inbox(
    browser_of: BrowserOf, book_lead: BookLead, query: str
) -> None:
    book_lead(name="Erika Mustermann")

    page = browser_of(Role.ADMIN).open(f"/staff/leads?{query}")

    assert "Erika Mustermann" in page.text


def test_long_list_goes_on_on_another_page(
    browser_of: BrowserOf, book_lead: BookLead, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leads_page, "PAGE_SIZE", 2)
    for number in range(3):
        book_lead(number=number, name=f"Lead {'ABC'[number]}")
    host = browser_of(Role.HOST)

    first = host.open("/staff/leads?segment=individual")
    (older,) = [link for link in first.links if "after=" in link]
    second = host.open(older)

    assert [f"Lead {letter}" in first.text for letter in "ABC"] == [False, True, True]
    assert [f"Lead {letter}" in second.text for letter in "ABC"] == [True, False, False]
    assert "segment=individual" in older
    assert [page.text.count("Ältere") for page in (first, second)] == [1, 0]


@pytest.mark.parametrize("address", ["/staff/leads", "/staff/leads/{lead}"])
def test_pages_ask_the_same_number_of_questions_for_one_and_for_three(
    browser_of: BrowserOf, book_lead: BookLead, address: str
) -> None:
    host = browser_of(Role.HOST)
    asked = []

    for numbers in ([0], [1, 2]):
        for number in numbers:
            lead = book_lead(
                number=number, email="erika@kunde.de" if "{" in address else f"a{number}@x.de"
            )
        with statements_on(Engine) as statements:
            host.open(address.format(lead=lead))
        asked.append(len(statements))

    assert asked[0] == asked[1] > 0


def test_page_of_a_lead_tells_the_whole_story(browser_of: BrowserOf, book_lead: BookLead) -> None:
    lead = book_lead(
        name="Jörg Weiß", company="Weiß KG", notes="Zeile 1\n<b>2</b>", phone="030 23125042"
    )

    page = browser_of(Role.HOST).open(f"/staff/leads/{lead}")

    text = page.text.replace("\N{NO-BREAK SPACE}", " ")
    assert page.title.startswith("Jörg Weiß")
    assert "Dienstag, 24. November 2026, 10:00–10:30 Uhr (MEZ)" in text
    assert "hat eine Demo gebucht Di., 24.11.2026, 10:00 Uhr" in text
    assert "<b>2</b>" in text
    assert "+493023125042" in text
    assert text.count("Bestätigung, an:") == 2


def test_note_is_read_by_colleagues_and_deleted_by_its_writer_alone(
    browser_of: BrowserOf, book_lead: BookLead, transaction: UnitOfWork
) -> None:
    lead = book_lead()
    host, manager = browser_of(Role.HOST), browser_of(Role.MANAGER)

    answer = host.send(f"/staff/leads/{lead}/notes", text="Ruft am <Montag> an.\nGanz früh.")
    with transaction() as session:
        note = session.scalars(select(StaffNote)).one()
    read = manager.open(f"/staff/leads/{lead}")
    refused = manager.send(f"/staff/leads/{lead}/notes/{note.id}/delete")
    deleted = host.send(f"/staff/leads/{lead}/notes/{note.id}/delete")

    with transaction() as session:
        left = session.scalars(select(StaffNote)).all()
        actions = session.scalars(
            select(HistoryEntry.action).where(HistoryEntry.subject == "lead")
        ).all()
    assert answer.location == f"/staff/leads/{lead}#notes"
    assert "Ruft am <Montag> an. Ganz früh." in read.text
    assert "Diese Notiz löschen" not in read.text
    assert (refused.status_code, deleted.status_code) == (404, 303)
    assert (left, actions) == ([], ["noted", "note_deleted"])


@pytest.mark.parametrize("text", ["", " \n", "x" * 5001])
def test_note_that_cannot_be_kept_is_told_and_stays_in_the_form(
    browser_of: BrowserOf, book_lead: BookLead, text: str
) -> None:
    lead = book_lead()

    answer = browser_of(Role.HOST).send(f"/staff/leads/{lead}/notes", text=text)

    page = Page.read(answer)
    assert answer.status_code == 422
    assert page.alert.startswith("Bitte prüfen Sie Ihre Angaben.")
    assert page.fields["text"] == text


def test_host_who_books_for_an_address_learns_nothing_of_a_colleague_with_it(
    browser_of: BrowserOf,
    book_lead: BookLead,
    event_types: dict[Role, EventType],
    staffed: Staffed,
    transaction: UnitOfWork,
) -> None:
    told = {"email": "erika@kunde.de", "name": "Erika Mustermann"}
    lead = book_lead(Role.MANAGER, company="Geheim KG", notes="Vertraulich", **told)
    manager, host = browser_of(Role.MANAGER), browser_of(Role.HOST)
    manager.send(f"/staff/leads/{lead}/notes", text="Nachlass bis 12 %")
    with transaction() as session:
        wish = express(event_types[Role.MANAGER], session=session, notes="Nur vormittags", **told)
        wish.assigned_to = staffed[Role.MANAGER].id
    book_lead(Role.HOST, number=1, email="erika@kunde.de", name="Erika M.")
    # The newest is the colleague's: who lists the lead must not go by that.
    book_lead(Role.MANAGER, number=2, company="Geheim KG", **told)
    host.send(f"/staff/leads/{lead}/notes", text="Meine Notiz")

    page, listed = host.open(f"/staff/leads/{lead}"), host.open("/staff/leads")
    found = host.open("/staff/leads?q=geheim")
    file = host.get("/staff/leads.csv").text
    whole = manager.open(f"/staff/leads/{lead}")

    theirs = ("Geheim KG", "Vertraulich", "Nachlass", "Nur vormittags", "manager name")
    kinds = ("/staff/bookings/", "/staff/wishes/")
    links = [link for link in page.links if link.startswith(kinds)]
    assert [text for text in theirs if text in page.text + listed.text + file] == []
    assert "Dazu passt kein Lead." in found.text
    assert "Meine Notiz" in page.text
    assert page.text.count("hat eine Demo gebucht") == 1
    assert [host.get(link).status_code for link in links] == [200]
    assert [text for text in (*theirs, "Meine Notiz") if text not in whole.text] == []


def test_moved_demo_is_called_moved(
    browser_of: BrowserOf, book_lead: BookLead, transaction: UnitOfWork
) -> None:
    lead = book_lead()
    with transaction() as session:
        booking = session.scalars(select(Booking)).one()
        booking.first_starts_at -= timedelta(days=1)

    page = browser_of(Role.HOST).open(f"/staff/leads/{lead}")

    assert ("Verschoben" in page.text, "Gebucht" in page.text) == (True, False)


def test_newest_words_are_those_of_what_was_confirmed_last(
    browser_of: BrowserOf, event_types: dict[Role, EventType], transaction: UnitOfWork
) -> None:
    told = {"email": "erika@kunde.de", "segment": "team"}
    with transaction() as session:
        event_type = session.merge(event_types[Role.HOST])
        held = hold(event_type, session=session, segment=Segment.TEAM)
        express(event_type, session=session, name="Erst Gewünscht", now=NOW + MINUTE, **told)
        booking = confirm(
            event_type,
            session=session,
            name="Dann Gebucht",
            now=NOW + 2 * MINUTE,
            hold_token=held.token,
            **told,
        ).booking
        lead_id = booking.lead_id

    page = browser_of(Role.MANAGER).open(f"/staff/leads/{lead_id}")

    assert booking.created_at < NOW + MINUTE
    assert page.title.startswith("Dann Gebucht")
