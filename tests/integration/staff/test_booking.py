"""The page of one booking, and what staff do from it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from booking.bookings.lifecycle import BookingState
from booking.bookings.models import Booking, Meeting, MeetingHost
from booking.bookings.reschedule import reschedule_booking
from booking.event_types.models import EventType
from booking.history import HistoryEntry
from booking.invariants.check import find_violations
from booking.outbox.models import Message, MessageState
from booking.segment import Segment
from booking.staff.models import Role, Staff
from tests.bookings_at_work import confirm, let_mails_leave
from tests.factories import (
    NOW,
    START,
    make_event_type,
    make_pool_member,
    make_question,
    make_staff,
    make_time_off,
)
from tests.fixtures.application import UnitOfWork
from tests.fixtures.staff import BrowserOf, StaffBrowser, Staffed
from tests.pages import Page, path_of
from tests.statements import statements_on

LATER = START + timedelta(hours=1)
ADDRESS = "/staff/bookings/"


@pytest.fixture
def event_type(staffed: Staffed, transaction: UnitOfWork) -> EventType:
    """What the host alone gives, so far."""
    with transaction() as session:
        return make_event_type(
            session,
            hosts=[session.get_one(Staff, staffed[Role.HOST].id)],
            slug="demo",
            questions=[make_question("crm", label={"de": "Welches CRM?", "en": "Which CRM?"})],
        )


@pytest.fixture
def booked(event_type: EventType, transaction: UnitOfWork) -> str:
    """The public id of a demo of the host's whose mails have left."""
    with transaction() as session:
        booking = confirm(
            session.get_one(EventType, event_type.id),
            session=session,
            company="Kunde GmbH",
            phone="+493023125042",
            notes="Wir nutzen Tabellen.",
            answers={"crm": "HubSpot"},
            source={"utm_source": "newsletter"},
            time_zone="America/New_York",
        ).booking
        let_mails_leave(session)
        return booking.public_id


def find(session: object, public_id: str) -> tuple[Booking, Meeting]:
    query = select(Booking).where(Booking.public_id == public_id)
    booking = session.scalars(query).one()  # type: ignore[attr-defined]  # a session
    return booking, booking.meeting


def version_on(browser: StaffBrowser, public_id: str) -> str:
    """Return the version that the forms on the page of a booking carry."""
    return browser.open(f"{ADDRESS}{public_id}/correct").fields["version"]


def violations(transaction: UnitOfWork) -> list[object]:
    with transaction() as session:
        return list(find_violations(now=NOW, lease=timedelta(minutes=5), session=session))


def test_page_tells_everything_that_is_known(browser_of: BrowserOf, booked: str) -> None:
    page = browser_of(Role.HOST).open(ADDRESS + booked)

    for told in (
        "Erika Mustermann",
        "Kunde GmbH",
        "+493023125042",
        "Wir nutzen Tabellen.",
        "Welches CRM?",
        "HubSpot",
        "newsletter",
        "Zeitzone",
        "Dienstag, 24. November 2026, 10:00–10:30 Uhr (MEZ)",
        "Dort: Dienstag, 24. November 2026, 04:00–04:30 Uhr",
        "Nach der Reihe",
        "hat eine Demo gebucht Di., 24.11.2026, 10:00 Uhr mit host name",
        "Bestätigung",
        "Gesendet",
        "Wartend",
    ):
        assert told in page.text


def test_zone_of_the_lead_is_told_as_it_is_at_the_demo(
    browser_of: BrowserOf, booked: str, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        booking, _ = find(session, booked)
        booking.created_at = datetime(2026, 10, 1, 12, 0, tzinfo=UTC)

    page = browser_of(Role.HOST).open(ADDRESS + booked)

    assert "Nordamerikanische Ostküsten-Normalzeit (UTC\N{MINUS SIGN}5)" in page.text


def test_booking_is_shown_to_its_hosts_former_ones_and_managers_alone(
    browser_of: BrowserOf, booked: str, staffed: Staffed, transaction: UnitOfWork
) -> None:
    address = ADDRESS + booked
    manager, host = browser_of(Role.MANAGER), browser_of(Role.HOST)
    to = str(staffed[Role.ADMIN].id)
    handed = manager.send(f"{address}/hand-over", to=to, version=version_on(manager, booked))
    with transaction() as session:
        other = make_event_type(session, hosts=[make_staff(session)])
        hers = confirm(other, session=session, email="max@kunde.de").booking.public_id

    page = host.open(address)

    assert (handed.status_code, handed.location) == (303, f"{address}?done=handed-over")
    assert "inzwischen jemand anderes aus dem Team" in page.text
    assert "version" not in page.fields
    refused = [host.get(f"{address}/move"), host.send(f"{address}/cancel", version="0")]
    assert [answer.status_code for answer in refused] == [403, 403]
    strange = [host.get(ADDRESS + hers), host.send(f"{ADDRESS}{hers}/cancel", version="0")]
    assert [answer.status_code for answer in strange] == [404, 404]
    assert manager.get(ADDRESS + hers).status_code == 200


def test_number_leads_to_the_booking_of_whoever_may_see_it(
    browser_of: BrowserOf, booked: str, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        mine = session.scalars(select(Booking.id)).one()
        other = make_event_type(session, hosts=[make_staff(session)])
        hers = confirm(other, session=session, email="max@kunde.de").booking.id
    host = browser_of(Role.HOST)

    led = host.get(f"{ADDRESS}number/{mine}")
    strange = [host.get(f"{ADDRESS}number/{number}") for number in (hers, 4711)]

    assert (led.status_code, led.location) == (302, ADDRESS + booked)
    assert [answer.status_code for answer in strange] == [404, 404]
    assert browser_of(Role.MANAGER).get(f"{ADDRESS}number/{hers}").status_code == 302


def test_handing_over_tells_the_lead_and_both_hosts(
    browser_of: BrowserOf, booked: str, staffed: Staffed, transaction: UnitOfWork
) -> None:
    host = browser_of(Role.HOST)
    page = host.open(f"{ADDRESS}{booked}/hand-over")

    host.send(
        f"{ADDRESS}{booked}/hand-over",
        to=str(staffed[Role.MANAGER].id),
        version=page.fields["version"],
    )

    with transaction() as session:
        _, meeting = find(session, booked)
        kinds = session.scalars(select(Message.kind).where(Message.sequence == 1)).all()
        assert [row.host_id for row in meeting.hosts] == [staffed[Role.MANAGER].id]
    assert sorted(set(kinds)) == ["confirmation", "handed_over", "reminder", "uninvited"]
    assert violations(transaction) == []


def test_colleague_who_works_other_hours_takes_over_once_that_is_said(
    browser_of: BrowserOf, booked: str, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        evening = make_staff(session, name="Abend", hours=[(1, "18:00", "20:00")]).id
        away = make_staff(session, name="Urlaub")
        make_time_off(session, staff=away, start=START, end=LATER)
        away_id = away.id
    host, address = browser_of(Role.HOST), f"{ADDRESS}{booked}/hand-over"
    version = version_on(host, booked)

    told = host.send(address, to=str(evening), version=version)
    never = host.send(address, to=str(away_id), version=version, anyway="on")
    done = host.send(address, to=str(evening), version=version, anyway="on")

    assert (told.status_code, never.status_code, done.status_code) == (409, 409, 303)
    assert "Abend: außerhalb der Arbeitszeiten" in Page.read(told).alert
    assert Page.read(told).offers("anyway") == ["on"]
    assert "Urlaub: abwesend" in Page.read(never).alert
    assert Page.read(never).offers("anyway") == []
    assert host.send(address, to="4711", version=version).status_code == 403
    assert violations(transaction) == []


def test_moving_to_an_offered_time_and_to_any_other_once_that_is_said(
    browser_of: BrowserOf, booked: str, transaction: UnitOfWork
) -> None:
    host, address = browser_of(Role.HOST), f"{ADDRESS}{booked}/move"
    page = host.open(address)
    offered = page.offers("start")

    first = host.send(address, start=offered[0], version=page.fields["version"])
    same = {"date": "2026-11-24", "time": "09:00", "version": version_on(host, booked)}
    unchanged = host.send(address, **same)
    evening = {"date": "2026-11-25", "time": "20:07", "version": version_on(host, booked)}
    told = host.send(address, **evening)
    done = host.send(address, **evening, anyway="on")

    assert offered[0] == "2026-11-24T08:00:00Z"
    assert (first.status_code, told.status_code, done.status_code) == (303, 409, 303)
    assert "Die Demo hat bereits diese Zeit." in Page.read(unchanged).alert
    assert "host name: außerhalb der Arbeitszeiten" in Page.read(told).alert
    with transaction() as session:
        booking, meeting = find(session, booked)
        assert meeting.starts_at == (START + timedelta(hours=34, minutes=7))
        assert (meeting.sequence, booking.changes) == (2, 0)
    assert violations(transaction) == []


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"date": "", "time": ""}, "Bitte füllen Sie dieses Feld aus."),
        ({"date": "heute", "time": "10:00"}, "Das ist nicht richtig geschrieben."),
        ({"date": "2026-11-20", "time": "10:00"}, "Diese Zeit ist vorbei."),
        ({"date": "2027-03-28", "time": "02:30"}, "Diese Zeit gibt es nicht."),
    ],
)
def test_time_that_is_none_is_told_at_its_field(
    browser_of: BrowserOf, booked: str, typed: dict[str, str], words: str
) -> None:
    host, address = browser_of(Role.HOST), f"{ADDRESS}{booked}/move"

    answer = host.send(address, **typed, version=version_on(host, booked))

    page = Page.read(answer)
    assert answer.status_code == 422
    assert words in page.text
    assert page.fields["date"] == typed["date"]


def test_stale_form_overwrites_nothing_and_tells_what_has_happened(
    browser_of: BrowserOf, booked: str, transaction: UnitOfWork
) -> None:
    host = browser_of(Role.HOST)
    version = version_on(host, booked)
    with transaction() as session:
        booking, _ = find(session, booked)
        reschedule_booking(booking, start=LATER, now=NOW, session=session)

    answers = [
        host.send(f"{ADDRESS}{booked}/{what}", version=version, **fields)
        for what, fields in {
            "move": {"start": "2026-11-24T12:00:00Z"},
            "hand-over": {"to": "1"},
            "cancel": {"reason": "Krank"},
            "address": {"email": "erika@firma.example"},
            "segment": {"segment": "team"},
            "links": {},
            "outcome": {"outcome": "attended"},
        }.items()
    ]

    assert [answer.status_code for answer in answers] == [409] * 7
    for answer in answers:
        page = Page.read(answer)
        assert "hat eine Demo verschoben Di., 24.11.2026, 10:00 Uhr → Di., 24.11.2026" in page.text
        assert ADDRESS + booked in page.links
    with transaction() as session:
        booking, meeting = find(session, booked)
        assert (meeting.starts_at, booking.state) == (LATER, BookingState.CONFIRMED)
        assert (booking.email, booking.segment) == ("erika@kunde.de", "individual")


def test_cancelling_tells_the_lead_why(
    browser_of: BrowserOf, booked: str, staffed: Staffed, transaction: UnitOfWork
) -> None:
    host, address = browser_of(Role.HOST), f"{ADDRESS}{booked}/cancel"

    too_long = host.send(address, reason="x" * 2001, version=version_on(host, booked))
    host.send(address, reason="Krank.", version=version_on(host, booked))

    page = host.open(ADDRESS + booked)
    with transaction() as session:
        booking, _ = find(session, booked)
        mail = session.scalars(
            select(Message).where(Message.kind == "cancelled", Message.recipient == "lead")
        ).one()
        assert mail.facts["by"] == f"staff:{staffed[Role.HOST].id}"
        assert (booking.state, booking.cancel_reason) == (BookingState.CANCELLED, "Krank.")
    assert too_long.status_code == 422
    assert "Krank." in page.text
    assert host.get(address).status_code == 404
    assert violations(transaction) == []


def test_outcome_is_noted_with_one_click_once_the_demo_has_begun(
    browser_of: BrowserOf, booked: str, clock: object
) -> None:
    host, address = browser_of(Role.HOST), f"{ADDRESS}{booked}/outcome"
    early = host.send(address, outcome="attended", version=version_on(host, booked))
    clock.shift(START - NOW)  # type: ignore[attr-defined]  # the stopped clock

    offered = host.open(ADDRESS + booked).offers("outcome")
    for outcome in ("no_show", "attended", ""):
        host.send(address, outcome=outcome, version=version_on(host, booked))

    page = host.open(ADDRESS + booked)
    unknown = host.send(address, outcome="late", version=version_on(host, booked))
    assert (early.status_code, unknown.status_code) == (409, 422)
    assert offered == ["attended", "no_show"]
    for told in (
        "Ohne Eintrag → Nicht erschienen",
        "Nicht erschienen → Erschienen",
        "Erschienen → Ohne Eintrag",
    ):
        assert told in page.text
    assert host.get(f"{ADDRESS}{booked}/move").status_code == 404


def test_corrections_are_noted_with_what_was_before(
    browser_of: BrowserOf, booked: str, transaction: UnitOfWork
) -> None:
    host, address = browser_of(Role.HOST), ADDRESS + booked
    asked = [
        ("address", {"email": "erika@"}),
        ("address", {"email": "erika@firma.example"}),
        ("segment", {"segment": "nobody"}),
        ("segment", {"segment": "team"}),
        ("links", {}),
    ]

    answers = [
        host.send(f"{address}/{what}", **fields, version=version_on(host, booked))
        for what, fields in asked
    ]

    page = host.open(address)
    assert [answer.status_code for answer in answers] == [422, 303, 422, 303, 303]
    assert "gebucht als Einzel" in page.text
    assert "erika@firma.example" in page.text
    for told in (
        "hat eine E-Mail-Adresse berichtigt",
        "Einzel → Team",
        "Links einer Buchung ersetzt",
    ):
        assert told in page.text
    assert violations(transaction) == []


def test_mail_is_sent_again_and_what_failed_is_decided(
    browser_of: BrowserOf, booked: str, transaction: UnitOfWork
) -> None:
    host, address = browser_of(Role.HOST), f"{ADDRESS}{booked}/mails"
    with transaction() as session:
        sent, failed = session.scalars(
            select(Message).where(Message.kind == "confirmation").order_by(Message.recipient.desc())
        )
        failed.state, failed.sent_at = MessageState.FAILED, None
        failed.last_error = "SMTPRecipientsRefused 550"
        sent_id, failed_id = sent.id, failed.id
    version = version_on(host, booked)

    answers = [
        host.send(f"{address}/{sent_id}/again", version=version),
        host.send(f"{address}/{sent_id}/again", version=version),
        host.send(f"{address}/{failed_id}/leave", version=version),
        host.send(f"{address}/{failed_id}/leave", version=version),
        host.send(f"{address}/4711/again", version=version),
    ]

    page = host.open(ADDRESS + booked)
    assert [answer.status_code for answer in answers] == [303, 409, 303, 409, 404]
    assert "vor weniger als einer Minute" in Page.read(answers[1]).alert
    assert "noch einmal senden lassen" in page.text
    assert "hat es bei einer E-Mail belassen" in page.text
    assert violations(transaction) == []


NEW = {
    "event_type": "demo",
    "date": "2026-11-24",
    "time": "10:00",
    "segment": "team",
    "name": "Max Muster",
    "email": "max@kunde.example",
    "told": "on",
}


@pytest.mark.usefixtures("event_type")
def test_host_books_for_a_lead_and_for_themselves_alone(
    browser_of: BrowserOf, staffed: Staffed, transaction: UnitOfWork
) -> None:
    host, mine = browser_of(Role.HOST), str(staffed[Role.HOST].id)
    page = host.open("/staff/bookings/new?start=2026-11-24T09:00:00Z")

    answer = host.send("/staff/bookings/new", **NEW, host=mine)
    again = host.send("/staff/bookings/new", **NEW, host=mine)
    strange = host.send("/staff/bookings/new", **NEW, host=str(staffed[Role.ADMIN].id))

    booking_page = host.open(answer.location)
    assert (page.fields["date"], page.fields["time"]) == ("2026-11-24", "10:00")
    assert (answer.status_code, again.location, strange.status_code) == (303, answer.location, 404)
    booked = "host name hat eine Demo gebucht Di., 24.11.2026, 10:00 Uhr mit host name"
    assert f"{booked} am Telefon gesagt, was gespeichert wird" in (
        booking_page.text.replace("\N{NO-BREAK SPACE}", " ")
    )
    with transaction() as session:
        booking = session.scalars(select(Booking)).one()
        entry = session.scalars(
            select(HistoryEntry).where(HistoryEntry.action == "confirmed")
        ).one()
        assert (booking.marketing_opt_in, booking.segment) == (False, "team")
        assert entry.actor == f"staff:{mine}"
    assert violations(transaction) == []


@pytest.mark.usefixtures("event_type")
def test_manager_books_whose_turn_it_is_or_anybody(
    browser_of: BrowserOf, staffed: Staffed, transaction: UnitOfWork
) -> None:
    manager, admin_id = browser_of(Role.MANAGER), staffed[Role.ADMIN].id
    evening = NEW | {"time": "20:00", "host": str(admin_id), "email": "else@kunde.example"}

    by_turn = manager.send("/staff/bookings/new", **NEW, host="")
    told = manager.send("/staff/bookings/new", **evening)
    done = manager.send("/staff/bookings/new", **evening, anyway="on")

    with transaction() as session:
        hosts = session.scalars(select(MeetingHost.host_id).order_by(MeetingHost.id)).all()
    assert [answer.status_code for answer in (by_turn, told, done)] == [303, 409, 303]
    assert "admin name: außerhalb der Arbeitszeiten" in Page.read(told).alert
    assert Page.read(told).fields["name"] == "Max Muster"
    assert hosts == [staffed[Role.HOST].id, admin_id]
    assert violations(transaction) == []


@pytest.mark.usefixtures("event_type")
def test_every_fault_of_a_booking_for_a_lead_is_told_at_once(browser_of: BrowserOf) -> None:
    answer = browser_of(Role.HOST).send("/staff/bookings/new", event_type="demo", email="max@")

    page = Page.read(answer)
    assert answer.status_code == 422
    assert page.text.count("Bitte füllen Sie dieses Feld aus.") >= 4
    assert "name@example.com" in page.text
    assert "Bitte erklären Sie zuerst, welche Angaben wofür gespeichert werden" in page.text
    assert browser_of(Role.HOST).get("/staff/bookings/new?event_type=none").status_code == 404


def test_start_page_leads_to_each_demo(browser_of: BrowserOf, booked: str) -> None:
    page = browser_of(Role.HOST).open("/staff/")

    assert ADDRESS + booked in map(path_of, page.links)


@pytest.mark.parametrize("page", ["", "/hand-over", "/move"])
def test_number_of_queries_does_not_grow_with_colleagues_and_mails(
    browser_of: BrowserOf,
    booked: str,
    event_type: EventType,
    transaction: UnitOfWork,
    page: str,
) -> None:
    host, address = browser_of(Role.HOST), f"{ADDRESS}{booked}{page}"
    with statements_on(Engine) as before:
        host.open(address)
    with transaction() as session:
        stored = session.get_one(EventType, event_type.id)
        for _ in range(3):
            make_pool_member(
                session, event_type=stored, host=make_staff(session), segment=Segment.INDIVIDUAL
            )
        booking, _ = find(session, booked)
        for _ in range(2):
            reschedule_booking(booking, start=LATER, now=NOW, session=session)
            reschedule_booking(booking, start=START, now=NOW, session=session)

    with statements_on(Engine) as after:
        host.open(address)

    assert len(after) == len(before)


@pytest.mark.usefixtures("event_type")
def test_booking_for_the_lead_of_a_colleague_leads_nowhere(
    browser_of: BrowserOf, staffed: Staffed
) -> None:
    made = browser_of(Role.ADMIN).send(
        "/staff/bookings/new", **NEW, host=str(staffed[Role.ADMIN].id), anyway="on"
    )
    host, form = browser_of(Role.HOST), NEW | {"host": str(staffed[Role.HOST].id)}

    answer = host.send("/staff/bookings/new", **form)

    page = Page.read(answer)
    assert (made.status_code, answer.status_code, answer.location) == (303, 409, None)
    assert "Für diese Adresse ist zu dieser Zeit bereits eine Demo gebucht." in page.alert
    assert path_of(made.location).rpartition("/")[2] not in answer.text
    assert page.fields["email"] == NEW["email"]
