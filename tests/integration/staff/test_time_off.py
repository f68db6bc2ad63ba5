"""The page on which time is blocked and given back."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from booking.staff.models import Role, Staff, TimeOff
from tests.factories import make_booking, make_event_type, make_meeting
from tests.fixtures.application import UnitOfWork
from tests.fixtures.staff import StaffBrowser, Staffed
from tests.pages import OWN_PAGE, Page

BrowserOf = Callable[[Role], StaffBrowser]

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


def test_demos_in_the_time_are_told_before_anything_is_saved(
    browser_of: BrowserOf, staffed: Staffed, transaction: UnitOfWork
) -> None:
    host = staffed[Role.HOST]
    with transaction() as session:
        event_type = make_event_type(session, hosts=[host])
        meeting = make_meeting(session, event_type=event_type, hosts=[host])
        make_booking(session, meeting=meeting)
    browser, asked = browser_of(Role.HOST), TUESDAY | {"from": "2026-11-24T08:00"}

    warned = browser.send("/staff/time-off", **asked)
    page = Page.read(warned)
    before = stored(transaction)
    sent = {name: page.fields[name] for name in ("from", "to", "note", "host", "known")}
    saved = browser.send("/staff/time-off", **sent)

    assert warned.status_code == 409
    assert page.alert.startswith("In dieser Zeit ist 1 Demo gebucht")
    assert "Erika Mustermann" in page.alert
    assert before == []
    assert saved.status_code == 303
    assert [row[1] for row in stored(transaction)] == [datetime(2026, 11, 24, 7, 0, tzinfo=UTC)]


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

    assert [answer.status_code for answer in answers] == [303, 303, 404, 404, 303, 303, 404]
    assert [row[0] for row in stored(transaction)] == [of_manager]


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
