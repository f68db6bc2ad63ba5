"""What nobody types but somebody sends: each is answered, and none of it is a failure of ours."""

from typing import Any

import pytest
from sqlalchemy import select

from booking.accounts.change_access import access_version
from booking.accounts.models import Password, SignInLink
from booking.availability.explain import ReasonCode
from booking.bookings.authority import OVERRULABLE
from booking.staff.models import Role, Staff
from booking.web.staff.booking_words import REASONS
from tests.factories import make_event_type
from tests.fixtures.application import UnitOfWork
from tests.fixtures.staff import PASSWORD, BrowserOf, NewBrowser, Staffed
from tests.pages import OWN_PAGE

HUGE = "9" * 30
NEW_PASSWORD = "ganz andere Worte dieses Mal"


@pytest.mark.parametrize(
    "address",
    [f"/staff/leads/{HUGE}", f"/staff/wishes/{HUGE}", f"/staff/audit?number={HUGE}",
     f"/staff/audit?before={HUGE}", f"/staff/mails?before={HUGE}", f"/staff/mails?test={HUGE}",
     "/staff/numbers?locale=en&endpoint=x&_method=POST", "/staff/numbers?_anchor=x&_scheme=ftp"],
)  # fmt: skip
def test_address_that_nobody_was_given_is_answered(browser_of: BrowserOf, address: str) -> None:
    assert browser_of(Role.ADMIN).get(address).status_code in {200, 404}


@pytest.mark.parametrize(
    "address",
    ["/staff/audit?who=a%00", "/staff/numbers?source=%00", "/staff/bookings/%00",
     "/staff/leads?q=%00", "/staff/leads?after=%00", "/staff/leads?source=%00",
     "/staff/leads?q%00=a", "/staff/audit?who=a&who=%00"],
)  # fmt: skip
def test_nul_is_refused(browser_of: BrowserOf, address: str) -> None:
    assert browser_of(Role.ADMIN).get(address).status_code == 400


@pytest.mark.parametrize("fields", [{"do-a\0": "keep"}, {"onto": ["d1", "\0"]}])
def test_nul_is_refused_in_names_and_in_values_that_are_repeated(
    browser_of: BrowserOf, fields: dict[str, Any]
) -> None:
    host = browser_of(Role.HOST)
    data = {"csrf": host.csrf, "from": "2027-01-01T00:00", "to": "2027-01-02T00:00"} | fields

    answer = host.client.post("/staff/time-off?host=1", data=data, headers=OWN_PAGE)

    assert answer.status_code == 400


@pytest.mark.parametrize(
    "address",
    ["/demo", "/demo/wish", "/api/v1/event-types/demo/slots?segment=team", "/api/v1/bookings",
     "/api/v1/holds"],
)  # fmt: skip
@pytest.mark.parametrize("sent", ["answers.x%00=a", "utm_source=a&utm_source=%00", "hold=%00"])
def test_nul_is_no_failure_of_ours_where_prospects_come(
    staffed: Staffed,
    new_browser: NewBrowser,
    transaction: UnitOfWork,
    address: str,
    sent: str,
) -> None:
    with transaction() as session:
        make_event_type(session, hosts=[staffed[Role.HOST]], slug="demo")
    joined = f"{address}{'&' if '?' in address else '?'}{sent}"
    form = {"data": sent, "content_type": "application/x-www-form-urlencoded"}
    client = new_browser().client

    answers = [client.get(joined), client.post(joined, headers=OWN_PAGE, **form)]

    assert {answer.status_code // 100 for answer in answers} <= {2, 3, 4}


@pytest.mark.parametrize("address", ["/staff/sign-in", "/staff/forgotten"])
def test_nul_is_refused_from_strangers(new_browser: NewBrowser, address: str) -> None:
    answer = new_browser().client.post(
        address, data={"email": "a\0@x.example", "password": PASSWORD}, headers=OWN_PAGE
    )

    assert answer.status_code == 400


@pytest.mark.settings(RATE_LIMITS="on")
def test_one_network_cannot_try_every_account(new_browser: NewBrowser, staffed: Staffed) -> None:
    answers = [new_browser().sign_in(f"{n}@beispiel.example").status_code for n in range(61)]

    assert (answers[:60], answers[60]) == ([422] * 60, 429)
    assert new_browser().sign_in(staffed[Role.HOST].email).status_code == 429


def test_new_password_ends_the_links_that_were_mailed(
    browser_of: BrowserOf, new_browser: NewBrowser, staffed: Staffed, transaction: UnitOfWork
) -> None:
    new_browser().client.post(
        "/staff/forgotten", data={"email": staffed[Role.HOST].email}, headers=OWN_PAGE
    )

    browser_of(Role.HOST).send("/staff/account/password", present=PASSWORD, password=NEW_PASSWORD)

    with transaction() as session:
        [link] = session.scalars(select(SignInLink)).all()
    assert link.used_at is not None


def test_signing_in_ends_the_session_the_browser_carried(
    browser_of: BrowserOf, staffed: Staffed
) -> None:
    browser = browser_of(Role.HOST)
    former = browser.client.get_cookie(
        "halbstunde_staff", domain="termine.example.com", path="/staff"
    )
    assert former is not None

    browser.sign_in(staffed[Role.ADMIN].email)

    browser.client.set_cookie(
        "halbstunde_staff", former.value, domain="termine.example.com", path="/staff"
    )
    assert browser.get("/staff/").status_code == 303


def test_who_left_needs_a_new_invitation_to_come_back(
    browser_of: BrowserOf, staffed: Staffed, transaction: UnitOfWork
) -> None:
    admin, host_id = browser_of(Role.ADMIN), staffed[Role.HOST].id

    admin.send(f"/staff/team/{host_id}/access", role="host", version="0")
    with transaction() as session:
        version = str(access_version(host_id, session=session))
    admin.send(f"/staff/team/{host_id}/access", role="host", active="on", version=version)

    with transaction() as session:
        assert session.get_one(Staff, host_id).active
        assert session.get(Password, host_id) is None


def test_every_reason_has_words_and_taken_time_is_never_set_aside() -> None:
    assert set(REASONS) == set(ReasonCode)
    taken = {ReasonCode.BOOKED, ReasonCode.BUFFER, ReasonCode.BUSY, ReasonCode.TIME_OFF}
    assert not taken & OVERRULABLE
