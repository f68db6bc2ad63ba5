"""The page on which time is blocked and given back."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from booking.bookings.models import Booking
from booking.event_types.models import EventType
from booking.history import HistoryEntry, record
from booking.staff.models import Role, Staff, TimeOff
from tests.factories import (
    NOW,
    START,
    make_booking,
    make_busy_time,
    make_event_type,
    make_meeting,
    make_staff,
)
from tests.fixtures.application import UnitOfWork
from tests.fixtures.staff import BrowserOf, Staffed
from tests.pages import OWN_PAGE, Page

MORNING = {"from": "2026-11-24T08:00", "to": "2026-11-24T18:00", "note": "Zahnarzt"}
TUESDAY = {"from": "2026-11-24T13:00", "to": "2026-11-24T18:00", "note": "Zahnarzt"}


def stored(transaction: UnitOfWork) -> list[tuple[int, datetime, datetime, str]]:
    with transaction() as session:
        rows = session.scalars(select(TimeOff).order_by(TimeOff.id))
        return [(row.staff_id, row.starts_at, row.ends_at, row.note) for row in rows]


def test_time_is_blocked_on_ones_own_clock_and_given_back(
    browser_of: BrowserOf, staffed: Staffed, transaction: UnitOfWork
) -> None:
    browser, host = browser_of(Role.HOST), staffed[Role.HOST]

    answer = browser.send("/staff/time-off", **TUESDAY)
    page = browser.open(answer.location)
    blocked = stored(transaction)
    given_back = browser.send("/staff/time-off/1/delete")

    assert answer.location == f"/staff/time-off?host={host.id}&done=taken"
    assert blocked == [
        (
            host.id,
            datetime(2026, 11, 24, 12, 0, tzinfo=UTC),
            datetime(2026, 11, 24, 17, 0, tzinfo=UTC),
            "Zahnarzt",
        )
    ]
    assert "Zahnarzt" in page.text
    assert given_back.location == f"/staff/time-off?host={host.id}&done=back"
    assert stored(transaction) == []


@pytest.fixture
def demos(staffed: Staffed, transaction: UnitOfWork) -> tuple[Staff, Staff]:
    """The host with demos at ten and eleven on TUESDAY's morning, and a colleague in the pool."""
    with transaction() as session:
        host = session.get_one(Staff, staffed[Role.HOST].id)
        colleague = make_staff(session, name="Ben Özdemir")
        event_type = make_event_type(session, hosts=[host, colleague])
        for hours, name in enumerate(("Erika Mustermann", "Jörg Weiß")):
            start = START + timedelta(hours=hours)
            meeting = make_meeting(session, event_type=event_type, hosts=[host], start=start)
            make_booking(session, meeting=meeting, name=name, public_id=f"demo-{hours}")
    return host, colleague


def decide(page: Page, **deeds: str) -> dict[str, str]:
    """Return what the form of the second page would send."""
    names = [name for name in page.fields if name.startswith(("do-", "to-", "version-"))]
    sent = {name: page.fields[name] for name in (*names, "from", "to", "note", "host")}
    return sent | {name.replace("_", "-"): deed for name, deed in deeds.items()}


def happened(transaction: UnitOfWork) -> list[str]:
    actions = ("handed_over", "move_asked", "time_blocked")
    with transaction() as session:
        query = select(HistoryEntry.action).where(HistoryEntry.action.in_(actions))
        return list(session.scalars(query.order_by(HistoryEntry.id)))


def test_effect_is_shown_before_anything_is_saved_and_then_all_of_it_is_done(
    browser_of: BrowserOf, demos: tuple[Staff, Staff], transaction: UnitOfWork
) -> None:
    _, colleague = demos
    browser = browser_of(Role.HOST)

    asked = browser.send("/staff/time-off", **MORNING)
    page = Page.read(asked)
    before = (stored(transaction), happened(transaction))
    saved = browser.send("/staff/time-off", **decide(page, do_demo_1="ask"))
    again = browser.send("/staff/time-off", **decide(page, do_demo_1="ask"))

    assert asked.status_code == 200
    assert "In dieser Zeit sind 2 Demos gebucht. Es ist noch nichts gespeichert." in page.text
    assert (page.fields["do-demo-0"], page.fields["to-demo-0"]) == ("hand_over", str(colleague.id))
    assert before == ([], [])
    assert saved.location.endswith("&done=settled")
    assert again.location.endswith("&done=settled")
    assert [row[1] for row in stored(transaction)] == [datetime(2026, 11, 24, 7, 0, tzinfo=UTC)]
    assert happened(transaction) == ["handed_over", "move_asked", "time_blocked"]
    assert browser.get("/staff/bookings/demo-0").status_code == 200
    assert "hat den Lead gebeten, einen anderen Termin zu wählen" in (
        browser.open("/staff/bookings/demo-1").text
    )


@pytest.mark.usefixtures("demos")
def test_staff_see_that_a_lead_who_was_asked_has_not_answered_yet(browser_of: BrowserOf) -> None:
    browser = browser_of(Role.HOST)
    page = Page.read(browser.send("/staff/time-off", **MORNING))
    browser.send("/staff/time-off", **decide(page, do_demo_0="keep", do_demo_1="ask"))

    start, kept, asked = (
        browser.open(address).text
        for address in ("/staff/", "/staff/bookings/demo-0", "/staff/bookings/demo-1")
    )

    assert start.count("um anderen Termin gebeten, noch keine Antwort") == 1
    assert "hat noch nicht geantwortet" not in kept
    assert "wurde gebeten, einen anderen Termin zu wählen, und hat noch nicht geantwortet" in asked


def test_what_has_changed_meanwhile_is_told_and_the_choices_stay(
    browser_of: BrowserOf, demos: tuple[Staff, Staff], transaction: UnitOfWork
) -> None:
    host, colleague = demos
    browser = browser_of(Role.HOST)
    page = Page.read(browser.send("/staff/time-off", **MORNING))
    with transaction() as session:
        first = session.scalars(select(Booking).where(Booking.public_id == "demo-0")).one()
        event_type = session.get_one(EventType, first.meeting.event_type_id)
        hosts = [session.get_one(Staff, host.id)]
        late = START + timedelta(hours=3)
        meeting = make_meeting(session, event_type=event_type, hosts=hosts, start=late)
        make_booking(session, meeting=meeting, name="Neu Dazu", public_id="demo-2")
        make_busy_time(session, staff=colleague, start=START, end=START + timedelta(minutes=30))
        facts = {"from": "individual", "to": "team"}
        actor = f"staff:{colleague.id}"
        record(
            "segment_corrected", subject=first, actor=actor, facts=facts, now=NOW, session=session
        )

    answer = browser.send("/staff/time-off", **decide(page, do_demo_1="keep"))
    told = Page.read(answer)
    busy = decide(told, do_demo_0="hand_over", to_demo_0=str(colleague.id))
    taken = browser.send("/staff/time-off", **busy)
    refused = Page.read(taken)
    saved = browser.send("/staff/time-off", **decide(refused, do_demo_0="keep"))

    assert (answer.status_code, taken.status_code, saved.status_code) == (409, 409, 303)
    assert told.alert.startswith("Inzwischen hat sich etwas geändert.")
    assert "Ben Özdemir hat berichtigt, für wen eine Demo ist" in told.alert
    assert (told.text.count("Inzwischen geändert"), told.text.count("Inzwischen gebucht")) == (1, 1)
    assert (told.fields["do-demo-1"], told.fields["do-demo-2"]) == ("keep", "hand_over")
    assert "Das ist nicht mehr möglich." in refused.text
    assert happened(transaction) == ["handed_over", "time_blocked"]


def test_colleague_of_another_host_sees_none_of_it(
    browser_of: BrowserOf, demos: tuple[Staff, Staff], staffed: Staffed
) -> None:
    host, _ = demos
    manager, stranger = browser_of(Role.MANAGER), browser_of(Role.HOST)
    of_manager = str(staffed[Role.MANAGER].id)

    of_host = Page.read(manager.send("/staff/time-off", **MORNING, host=str(host.id)))
    answer = stranger.send("/staff/time-off", **MORNING, host=of_manager)

    assert "Was wird aus den gebuchten Demos?" in of_host.text
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"from": ""}, "Bitte füllen Sie dieses Feld aus."),
        ({"from": "morgen"}, "Das ist nicht richtig geschrieben."),
        ({"to": "2026-11-24T18:00Z"}, "Das ist nicht richtig geschrieben."),
        ({"to": "9999-12-31T23:59"}, "Das liegt außerhalb des möglichen Bereichs."),
        ({"to": "2026-11-24T13:00"}, "Das Ende liegt vor dem Anfang."),
        (
            {"from": "2026-11-22T08:00", "to": "2026-11-23T09:00"},
            "Dieser Tag ist vorbei. Bitte wählen Sie heute oder einen späteren Tag.",
        ),
        ({"note": "x" * 201}, "Das ist zu lang: Möglich sind höchstens 200 Zeichen."),
    ],
)
def test_fault_is_told_and_what_was_typed_stays(
    browser_of: BrowserOf, transaction: UnitOfWork, changes: dict[str, str], fault: str
) -> None:
    asked = TUESDAY | changes

    answer = browser_of(Role.HOST).send("/staff/time-off", **asked)

    page = Page.read(answer)
    assert answer.status_code == 422
    assert fault in page.text
    assert {name: page.fields[name] for name in asked} == asked
    assert stored(transaction) == []


def test_host_blocks_nobody_elses_time(
    browser_of: BrowserOf, staffed: Staffed, transaction: UnitOfWork
) -> None:
    manager, host = browser_of(Role.MANAGER), browser_of(Role.HOST)
    of_host, of_manager = staffed[Role.HOST].id, staffed[Role.MANAGER].id

    answers = [
        manager.send("/staff/time-off", host=str(of_host), **TUESDAY),
        manager.send("/staff/time-off", **TUESDAY),
        host.send("/staff/time-off", host=str(of_manager), **TUESDAY),
        host.send("/staff/time-off/2/delete"),
        manager.send("/staff/time-off/1/delete"),
        manager.send("/staff/time-off/1/delete"),
        manager.send("/staff/time-off", host="all", **TUESDAY),
    ]

    assert [answer.status_code for answer in answers] == [303, 303, 404, 303, 303, 303, 404]
    assert [row[0] for row in stored(transaction)] == [of_manager]


def test_absence_of_somebody_else_reads_as_one_that_is_not_there(
    browser_of: BrowserOf, staffed: Staffed, transaction: UnitOfWork
) -> None:
    manager, host = browser_of(Role.MANAGER), browser_of(Role.HOST)
    manager.send("/staff/time-off", **TUESDAY)

    answers = [host.send(f"/staff/time-off/{number}/delete") for number in (1, 4711)]

    own_page = f"/staff/time-off?host={staffed[Role.HOST].id}&done=back"
    assert [answer.location for answer in answers] == [own_page, own_page]
    assert [row[0] for row in stored(transaction)] == [staffed[Role.MANAGER].id]


def test_time_that_the_clocks_skip_is_read_as_before_them(
    browser_of: BrowserOf, transaction: UnitOfWork
) -> None:
    asked = {"from": "2027-03-28T02:30", "to": "2027-03-28T04:00"}

    browser_of(Role.HOST).send("/staff/time-off", **asked)

    assert [row[1:3] for row in stored(transaction)] == [
        (
            datetime(2027, 3, 28, 1, 30, tzinfo=UTC),
            datetime(2027, 3, 28, 2, 0, tzinfo=UTC),
        )
    ]


def test_form_can_be_filled_by_a_link(
    browser_of: BrowserOf, staffed: Staffed, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        make_event_type(session, hosts=[session.get_one(Staff, staffed[Role.HOST].id)])
    browser = browser_of(Role.MANAGER)

    page = browser.open("/staff/time-off?from=2026-12-01T08:00")
    answer = browser.client.get("/staff/time-off?host=4711", headers=OWN_PAGE)

    assert page.fields["from"] == "2026-12-01T08:00"
    assert "Nichts geplant." in page.text
    assert answer.status_code == 404
