"""Signing in and out: by password, with sessions that live in the database."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from booking.accounts.models import Password, StaffSession
from booking.accounts.sessions import IDLE, LASTS
from booking.staff.models import Role, Staff
from tests.fixtures.application import UnitOfWork
from tests.fixtures.staff import COOKIE, ITS_PLACE, PASSWORD, BrowserOf, NewBrowser, Staffed
from tests.pages import Page, open_page, path_of


def test_sign_in_leads_to_the_page_that_was_wanted(
    new_browser: NewBrowser, staffed: Staffed
) -> None:
    browser = new_browser()

    asked = browser.get("/staff/account?locale=en")
    page = open_page(browser.client, asked.location)
    answer = browser.sign_in(staffed[Role.HOST].email, next=page.fields["next"])

    assert asked.status_code == 303
    assert path_of(asked.location) == "/staff/sign-in"
    assert answer.location == "/staff/account?locale=en"


@pytest.mark.parametrize(
    "elsewhere",
    ["//evil.example", "/\\evil.example", "///evil.example", "/\t/evil.example",
     "https:evil.example", "javascript:alert(1)", "/staff/\\evil", "/demo", ""],
)  # fmt: skip
def test_sign_in_never_leads_elsewhere(
    new_browser: NewBrowser, staffed: Staffed, elsewhere: str
) -> None:
    answer = new_browser().sign_in(staffed[Role.HOST].email, next=elsewhere)

    assert answer.location == "/staff/"


def test_address_may_be_capitalised_differently(new_browser: NewBrowser, staffed: Staffed) -> None:
    answer = new_browser().sign_in(staffed[Role.HOST].email.upper())

    assert answer.status_code == 303


def test_wrong_password_and_unknown_address_look_the_same(
    new_browser: NewBrowser, staffed: Staffed
) -> None:
    wrong = new_browser().sign_in(staffed[Role.HOST].email, "some other words in a row")
    unknown = new_browser().sign_in("nobody@beispiel.example", PASSWORD)

    pages = [Page.read(answer) for answer in (wrong, unknown)]
    assert [answer.status_code for answer in (wrong, unknown)] == [422, 422]
    assert pages[0].alert == "E-Mail-Adresse und Passwort gehören nicht zusammen."
    assert pages[0].text == pages[1].text
    assert pages[0].fields["email"] == staffed[Role.HOST].email
    assert pages[0].fields["password"] == ""


def test_overlong_password_is_refused_before_it_is_hashed(
    new_browser: NewBrowser, staffed: Staffed
) -> None:
    answer = new_browser().sign_in(staffed[Role.HOST].email, "x" * 60_000)

    assert answer.status_code == 422


def test_who_has_left_is_signed_out_and_not_let_in(
    browser_of: BrowserOf, staffed: Staffed, transaction: UnitOfWork
) -> None:
    browser = browser_of(Role.HOST)

    with transaction() as session:
        session.get_one(Staff, staffed[Role.HOST].id).active = False

    assert browser.get("/staff/").status_code == 303
    assert browser.sign_in(staffed[Role.HOST].email).status_code == 422


def test_signing_out_ends_the_session_for_good(browser_of: BrowserOf) -> None:
    browser = browser_of(Role.HOST)
    cookie = browser.client.get_cookie(COOKIE, **ITS_PLACE)
    assert cookie is not None

    answer = browser.send("/staff/sign-out")

    browser.client.set_cookie(COOKIE, cookie.value, **ITS_PLACE)
    assert path_of(answer.location) == "/staff/sign-in"
    assert browser.get("/staff/").status_code == 303


def test_cookie_is_for_the_console_alone_and_unknown_to_scripts(
    new_browser: NewBrowser, staffed: Staffed
) -> None:
    browser = new_browser()
    browser.client.set_cookie(COOKIE, "planted", **ITS_PLACE)

    answer = browser.sign_in(staffed[Role.HOST].email)

    name, _, rest = answer.headers["Set-Cookie"].partition("=")
    value, *attributes = rest.split("; ")
    assert name == "halbstunde_staff"
    assert value != "planted"
    assert {"Secure", "HttpOnly", "Path=/staff", "SameSite=Lax"} <= set(attributes)


@pytest.mark.parametrize(
    ("later", "status"),
    [
        (IDLE - timedelta(minutes=1), 200),
        (IDLE, 303),
        (LASTS, 303),
    ],
)
def test_session_ends_when_it_is_not_used(
    browser_of: BrowserOf, clock: time_machine.Traveller, later: timedelta, status: int
) -> None:
    browser = browser_of(Role.HOST)

    clock.shift(later)

    assert browser.get("/staff/").status_code == status


def test_session_in_use_ends_after_thirty_days(
    browser_of: BrowserOf, clock: time_machine.Traveller
) -> None:
    browser = browser_of(Role.HOST)

    seen = []
    for _ in range(6):
        clock.shift(timedelta(days=5))
        seen.append(browser.get("/staff/").status_code)

    assert seen == [200, 200, 200, 200, 200, 303]


def test_hash_with_outdated_parameters_is_replaced(
    new_browser: NewBrowser, staffed: Staffed, transaction: UnitOfWork
) -> None:
    from argon2 import PasswordHasher  # noqa: PLC0415 - this test alone needs other parameters

    outdated = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    host_id = staffed[Role.HOST].id
    with transaction() as session:
        session.get_one(Password, host_id).hash = outdated

    answers = [new_browser().sign_in(staffed[Role.HOST].email) for _ in range(2)]

    with transaction() as session:
        kept = session.get_one(Password, host_id).hash
        sessions = session.scalar(select(func.count()).select_from(StaffSession))
    assert [answer.status_code for answer in answers] == [303, 303]
    assert "m=19456,t=2,p=1" in kept
    assert sessions == 2


@pytest.mark.settings(RATE_LIMITS="on")
def test_guessing_at_one_account_is_stopped_and_others_are_left_alone(
    new_browser: NewBrowser, staffed: Staffed
) -> None:
    host, admin = staffed[Role.HOST].email, staffed[Role.ADMIN].email
    guessed = [new_browser().sign_in(host, f"guess number {n}").status_code for n in range(11)]

    right, other = new_browser().sign_in(host), new_browser().sign_in(admin)

    from_elsewhere = new_browser()
    from_elsewhere.client.environ_base["REMOTE_ADDR"] = "198.51.100.7"
    assert guessed == [422] * 10 + [429]
    assert right.status_code == 429
    assert Page.read(right).fields["email"] == host
    assert int(right.headers["Retry-After"]) > 0
    assert other.status_code == 303
    assert from_elsewhere.sign_in(host).status_code == 303
