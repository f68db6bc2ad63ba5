"""The page of the mails: what it lists, what can be decided on it, and what every page warns of."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select

from booking.bookings.models import Booking
from booking.outbox.models import Message, MessageState, Recipient
from booking.outbox.settle import MOST_UNKNOWNS
from booking.pulse import Role as ProcessRole
from booking.pulse import beat
from booking.staff.models import Role
from booking.web.staff import mails_page
from booking.web.staff.mail_labels import KIND_NAMES
from tests.factories import NOW, make_booking, make_event_type, make_meeting
from tests.fixtures.application import UnitOfWork
from tests.fixtures.staff import BrowserOf, Staffed
from tests.mail_scenarios import add_message
from tests.pages import Page
from tests.statements import statements_on

MINUTE = timedelta(minutes=1)
UNDECIDED = {"state": MessageState.UNKNOWN, "unknowns": MOST_UNKNOWNS, "attempts": 2}
FAILED = {
    "state": MessageState.FAILED,
    "attempts": 1,
    "last_error": "SMTPRecipientsRefused 550",
}
NO_WORKER = "Zurzeit geht keine E-Mail hinaus"


@pytest.fixture
def add(transaction: UnitOfWork, staffed: Staffed) -> Callable[..., int]:
    """Add a confirmation to the lead of one more booking; return the id of its row."""

    def add_mail(kind: str = "confirmation", **changes: Any) -> int:
        with transaction() as session:
            hosts = [staffed[Role.HOST]]
            event_type = make_event_type(session, hosts=hosts, slug=f"demo-{len(made)}")
            start = NOW + timedelta(days=1, hours=len(made))
            meeting = make_meeting(session, event_type=event_type, hosts=hosts, start=start)
            booking = make_booking(session, meeting=meeting, email=f"lead{len(made)}@kunde.example")
            changes.setdefault("message_id", f"<{len(made)}@termine.example.com>")
            message = add_message(
                kind, whom=Recipient.LEAD, booking=booking, session=session, **changes
            )
            made.append(message.id)
            return message.id

    made: list[int] = []
    return add_mail


def test_what_failed_is_listed_with_its_reason(
    browser_of: BrowserOf, add: Callable[..., int]
) -> None:
    add(**FAILED)

    page = browser_of(Role.MANAGER).open("/staff/mails")

    assert "Bestätigung Buchung 1" in page.text
    assert "/staff/bookings/number/1" in page.links
    assert "Lead lead0@kunde.example" in page.text
    assert "dass diese Adresse keine E-Mails annimmt. SMTPRecipientsRefused 550" in page.text
    assert "1 Versuch" in page.text
    assert "Gescheitert 1" in page.text


@pytest.mark.parametrize(
    ("changes", "action", "done", "state", "settled"),
    [
        (FAILED, "again", "again", MessageState.QUEUED, False),
        (FAILED, "leave", "left", MessageState.FAILED, True),
        (UNDECIDED, "again", "again", MessageState.UNKNOWN, True),
        (UNDECIDED, "leave", "left", MessageState.UNKNOWN, True),
    ],
)
def test_decisions_are_made_by_a_button(
    browser_of: BrowserOf,
    add: Callable[..., int],
    transaction: UnitOfWork,
    *,
    changes: dict[str, Any],
    action: str,
    done: str,
    state: MessageState,
    settled: bool,
) -> None:
    message_id = add(**changes)
    browser = browser_of(Role.MANAGER)
    html = browser.get("/staff/mails").get_data(as_text=True)

    answer = browser.send(f"/staff/mails/{message_id}/{action}?state=failed")

    with transaction() as session:
        message = session.get_one(Message, message_id)
    assert f'action="/staff/mails/{message_id}/{action}?' in html
    assert answer.location == f"/staff/mails?state=failed&done={done}"
    assert (message.state, message.settled) == (state, settled)


def test_second_decision_is_told_and_changes_nothing(
    browser_of: BrowserOf, add: Callable[..., int], transaction: UnitOfWork
) -> None:
    message_id = add(**UNDECIDED)
    browser = browser_of(Role.MANAGER)
    browser.send(f"/staff/mails/{message_id}/again")

    answer = browser.send(f"/staff/mails/{message_id}/again")

    with transaction() as session:
        copies = session.scalars(select(Message.copy).order_by(Message.id)).all()
    assert answer.status_code == 409
    assert Page.read(answer).alert == "Über diese E-Mail hat schon jemand entschieden."
    assert copies == [1, 2]


def test_mail_that_is_of_no_use_can_only_be_left(
    browser_of: BrowserOf, add: Callable[..., int]
) -> None:
    message_id = add(**FAILED | {"expires_at": NOW})
    browser = browser_of(Role.MANAGER)
    html = browser.get("/staff/mails").get_data(as_text=True)

    answer = browser.send(f"/staff/mails/{message_id}/again")

    assert "/again" not in html
    assert f"/staff/mails/{message_id}/leave" in html
    assert answer.status_code == 409


def test_mail_that_is_tried_again_by_itself_needs_nobody(
    browser_of: BrowserOf, add: Callable[..., int]
) -> None:
    add(**UNDECIDED | {"unknowns": 1})

    page = browser_of(Role.MANAGER).open("/staff/mails?state=unknown")

    assert "Sie wird von selbst noch einmal gesendet" in page.text
    assert "Noch einmal senden" not in page.text


@pytest.mark.parametrize(
    ("state", "empty"),
    [
        ("failed", "Hier ist nichts zu entscheiden."),
        ("queued", "Keine E-Mail wartet."),
        ("sent", "Noch ist keine E-Mail hinausgegangen."),
        ("nonsense", "Keine E-Mail wartet."),
    ],
)
def test_empty_lists_say_what_that_means(browser_of: BrowserOf, state: str, empty: str) -> None:
    assert empty in browser_of(Role.MANAGER).open(f"/staff/mails?state={state}").text


@pytest.mark.parametrize("state", [MessageState.FAILED, MessageState.QUEUED])
def test_mail_that_only_a_newer_release_knows_is_listed_and_left_alone(
    browser_of: BrowserOf, add: Callable[..., int], transaction: UnitOfWork, state: MessageState
) -> None:
    message_id = add(**FAILED | {"state": state})
    with transaction() as session:
        session.get_one(Message, message_id).kind = "pigeon"
        public_id = session.scalars(select(Booking.public_id)).one()
    manager = browser_of(Role.MANAGER)

    texts = [
        manager.open(address).text
        for address in (f"/staff/mails?state={state}", f"/staff/bookings/{public_id}")
    ]
    refused = manager.send(f"/staff/mails/{message_id}/again")

    assert [text for text in texts if "pigeon" not in text] == []
    assert refused.status_code == 409


def test_long_lists_have_pages(
    browser_of: BrowserOf, add: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mails_page, "PAGE_SIZE", 2)
    for _ in range(3):
        add(**FAILED)
    browser = browser_of(Role.MANAGER)

    first = browser.open("/staff/mails?state=failed")
    (older,) = [link for link in first.links if "before=" in link]
    second = browser.open(older)

    assert "lead2@" in first.text
    assert "lead0@" not in first.text
    assert "lead0@" in second.text
    assert "lead1@" not in second.text


def test_queries_do_not_grow_with_the_mails(browser_of: BrowserOf, add: Callable[..., int]) -> None:
    browser = browser_of(Role.MANAGER)
    add(**FAILED)
    with statements_on(Engine) as with_one:
        browser.open("/staff/mails")
    for _ in range(2):
        add(**FAILED)

    with statements_on(Engine) as with_three:
        browser.open("/staff/mails")

    assert len(with_three) == len(with_one) > 0


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "Die Test-E-Mail wartet."),
        ({"state": MessageState.SENT, "sent_at": NOW}, "hat die Test-E-Mail an manager@"),
        (
            {"state": MessageState.FAILED, "last_error": "UnreachableError: gaierror"},
            "nicht hinausgegangen. Unser Mailserver ist nicht zu erreichen.",
        ),
    ],
)
def test_test_mail_goes_to_oneself_and_its_fate_is_told(
    browser_of: BrowserOf,
    staffed: Staffed,
    transaction: UnitOfWork,
    changes: dict[str, Any],
    told: str,
) -> None:
    browser = browser_of(Role.MANAGER)

    answer = browser.send("/staff/mails/test")

    with transaction() as session:
        message = session.scalars(select(Message)).one()
        assert (message.kind, message.staff_id) == ("test", staffed[Role.MANAGER].id)
        for name, value in changes.items():
            setattr(message, name, value)
    assert answer.location == f"/staff/mails?test={message.id}"
    assert told in browser.open(answer.location).text
    assert told not in browser_of(Role.ADMIN).open(answer.location).text


@pytest.mark.settings(RATE_LIMITS="on")
def test_test_mails_are_limited(browser_of: BrowserOf) -> None:
    browser = browser_of(Role.MANAGER)

    answers = [browser.send("/staff/mails/test").status_code for _ in range(6)]

    assert answers == [303] * 5 + [429]


def test_pages_warn_when_no_worker_ticks(browser_of: BrowserOf, transaction: UnitOfWork) -> None:
    browser = browser_of(Role.MANAGER)
    seen = [browser.open("/staff/account").text]
    for ticked_at in (NOW - 3 * MINUTE, NOW - MINUTE):
        with transaction() as session:
            beat("one", role=ProcessRole.WORKER, now=ticked_at, session=session)
        seen.append(browser.open("/staff/account").text)

    assert [NO_WORKER in text for text in seen] == [True, True, False]
    assert NO_WORKER not in browser_of(Role.HOST).open("/staff/account").text


def test_pages_warn_of_mails_to_decide_about(
    browser_of: BrowserOf, add: Callable[..., int]
) -> None:
    add(**FAILED)
    add(**UNDECIDED)
    add(**FAILED | {"settled": True})
    warning = "2 E-Mails sind möglicherweise nicht angekommen."

    assert warning in browser_of(Role.ADMIN).open("/staff/account").text
    assert warning not in browser_of(Role.HOST).open("/staff/account").text


def test_processes_are_listed_with_what_is_odd_about_them(
    browser_of: BrowserOf, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        beat("old-worker", role=ProcessRole.WORKER, now=NOW - 3 * MINUTE, session=session)
        beat("new-web", role=ProcessRole.WEB, now=NOW, session=session)

    text = browser_of(Role.MANAGER).open("/staff/mails").text

    assert "old-worker Sendet E-Mails Mo., 23.11.2026" in text
    assert text.count("stumm") == 1
    assert "new-web Beantwortet Anfragen" in text


def test_every_kind_of_mail_has_a_name(app: Flask) -> None:
    assert set(KIND_NAMES) == set(app.extensions["composers"])
