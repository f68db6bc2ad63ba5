"""One-time links: how they are asked for, what they open, and when they no longer do."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from booking import clock as product_clock
from booking.accounts.invite import MOST_RESETS, request_reset
from booking.accounts.links import address_of_link, issue_link
from booking.accounts.models import LinkPurpose, SignInLink
from booking.installation import Installation
from booking.outbox.models import Message
from booking.staff.models import Role, Staff
from tests.environment import BASE_URL
from tests.fixtures.application import UnitOfWork
from tests.fixtures.staff import PASSWORD, BrowserOf, NewBrowser, Staffed
from tests.pages import OWN_PAGE, Page, open_page
from tests.statements import statements_on

NewLink = Callable[[Role], str]

NEW_PASSWORD = "ganz andere Worte dieses Mal"


@pytest.fixture
def new_link(staffed: Staffed, transaction: UnitOfWork, installation: Installation) -> NewLink:
    """Issue a link for the staff member of that role; return its path."""

    def issue(role: Role) -> str:
        with transaction() as session:
            link = issue_link(
                session.get_one(Staff, staffed[role].id),
                purpose=LinkPurpose.RESET,
                now=product_clock.now(),
                session=session,
                installation=installation,
            )
            return address_of_link(link, installation=installation).removeprefix(BASE_URL)

    return issue


def test_link_sets_a_password_signs_in_and_signs_all_others_out(
    new_browser: NewBrowser, browser_of: BrowserOf, new_link: NewLink, staffed: Staffed
) -> None:
    other, browser = browser_of(Role.HOST), new_browser()
    link = new_link(Role.HOST)

    opened = [open_page(browser.client, link) for _ in range(3)]
    answer = browser.client.post(link, data={"password": NEW_PASSWORD}, headers=OWN_PAGE)

    assert "Willkommen, host name" in opened[-1].text
    assert answer.location == "/staff/"
    assert browser.get("/staff/").status_code == 200
    assert other.get("/staff/").status_code == 303
    assert new_browser().sign_in(staffed[Role.HOST].email, PASSWORD).status_code == 422
    assert new_browser().sign_in(staffed[Role.HOST].email, NEW_PASSWORD).status_code == 303


def test_link_works_once(new_browser: NewBrowser, new_link: NewLink) -> None:
    link = new_link(Role.HOST)
    first, second = new_browser(), new_browser()

    answers = [
        browser.client.post(link, data={"password": NEW_PASSWORD}, headers=OWN_PAGE)
        for browser in (first, second)
    ]

    assert [answer.status_code for answer in answers] == [303, 410]
    assert "Lassen Sie sich einen neuen senden." in Page.read(answers[1]).text
    assert first.get(link).status_code == 410


def test_use_of_one_link_ends_the_others(new_browser: NewBrowser, new_link: NewLink) -> None:
    older, newer = new_link(Role.HOST), new_link(Role.HOST)
    opened = [new_browser().get(link).status_code for link in (older, newer)]

    new_browser().client.post(older, data={"password": NEW_PASSWORD}, headers=OWN_PAGE)

    assert opened == [200, 200]
    assert [new_browser().get(link).status_code for link in (older, newer)] == [410, 410]


def test_reset_takes_the_same_work_whoever_has_the_address(
    staffed: Staffed, transaction: UnitOfWork, installation: Installation
) -> None:
    """What is asked of the database, to the end of the transaction, is what takes the time."""

    def work_for(email: str) -> list[str]:
        with transaction() as session, statements_on(session.connection()) as asked:
            request_reset(
                email, now=product_clock.now(), session=session, installation=installation
            )
        return [one.text for one in asked if not one.text.startswith(("RELEASE", "ROLLBACK"))]

    email = staffed[Role.HOST].email
    mailed = [work_for(email) for _ in range(MOST_RESETS)]
    once_more, unknown = work_for(email), work_for("nobody@beispiel.example")
    with transaction() as session:
        session.get_one(Staff, staffed[Role.HOST].id).active = False
        mails = len(session.scalars(select(Message)).all())
    has_left = work_for(email)

    assert mails == MOST_RESETS
    assert any("INSERT INTO message" in text for text in unknown)
    assert [*mailed, once_more, unknown, has_left] == [unknown] * (MOST_RESETS + 3)


def test_stranger_can_neither_void_nor_multiply_the_links_of_an_account(
    new_browser: NewBrowser,
    new_link: NewLink,
    staffed: Staffed,
    transaction: UnitOfWork,
    clock: time_machine.Traveller,
) -> None:
    mine, host = new_link(Role.HOST), staffed[Role.HOST]

    def ask() -> list[str | None]:
        asked = {"data": {"email": host.email}, "headers": OWN_PAGE}
        return [new_browser().client.post("/staff/forgotten", **asked).location for _ in range(4)]

    def count_mails() -> int:
        with transaction() as session:
            return len(session.scalars(select(Message)).all())

    answers, mails = ask(), [count_mails()]
    opened = new_browser().get(mine).status_code
    clock.shift(timedelta(hours=1))
    ask()
    mails.append(count_mails())

    assert set(answers) == {"/staff/forgotten?sent=yes"}
    assert mails == [2, 5]
    assert opened == 200


@pytest.mark.parametrize(("later", "status"), [(59, 200), (60, 410)])
def test_link_lasts_an_hour(
    new_browser: NewBrowser,
    new_link: NewLink,
    clock: time_machine.Traveller,
    later: int,
    status: int,
) -> None:
    link = new_link(Role.HOST)

    clock.shift(timedelta(minutes=later))

    assert new_browser().get(link).status_code == status


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("zu kurz", "Das ist zu kurz: Bitte verwenden Sie mindestens 12 Zeichen."),
        ("", "Das ist zu kurz: Bitte verwenden Sie mindestens 12 Zeichen."),
        ("x" * 257, "Das ist zu lang: Möglich sind höchstens 256 Zeichen."),
        (
            "host@beispiel.example",
            "Bitte wählen Sie ein Passwort, das Ihre E-Mail-Adresse nicht enthält.",
        ),
    ],
)
def test_unusable_password_is_told_and_the_link_stays(
    new_browser: NewBrowser, new_link: NewLink, password: str, fault: str
) -> None:
    link, browser = new_link(Role.HOST), new_browser()

    answer = browser.client.post(link, data={"password": password}, headers=OWN_PAGE)

    assert answer.status_code == 422
    assert fault in Page.read(answer).text
    assert browser.get(link).status_code == 200


def test_link_of_somebody_who_left_opens_nothing(
    new_browser: NewBrowser, new_link: NewLink, staffed: Staffed, transaction: UnitOfWork
) -> None:
    link = new_link(Role.HOST)

    with transaction() as session:
        session.get_one(Staff, staffed[Role.HOST].id).active = False

    assert new_browser().get(link).status_code == 410


def test_reset_is_mailed_to_staff_and_the_answer_tells_nothing(
    new_browser: NewBrowser, staffed: Staffed, transaction: UnitOfWork
) -> None:
    browser = new_browser()

    answers = [
        browser.client.post("/staff/forgotten", data={"email": email}, headers=OWN_PAGE)
        for email in (staffed[Role.HOST].email.upper(), "nobody@beispiel.example", "")
    ]

    with transaction() as session:
        mails = session.scalars(select(Message)).all()
        links = session.scalars(select(SignInLink)).all()
    assert {answer.location for answer in answers} == {"/staff/forgotten?sent=yes"}
    assert [(mail.kind, mail.staff_id) for mail in mails] == [("reset", staffed[Role.HOST].id)]
    assert [mail.expires_at for mail in mails] == [link.expires_at for link in links]
