"""One's own account: sessions and password."""

from sqlalchemy import select

from booking.accounts.models import StaffSession
from booking.staff.models import Role
from tests.fixtures.application import UnitOfWork
from tests.fixtures.staff import PASSWORD, BrowserOf, NewBrowser, Staffed
from tests.pages import OWN_PAGE, Page

NEW_PASSWORD = "ganz andere Worte dieses Mal"


def test_sessions_of_oneself_are_listed_and_can_be_ended(
    browser_of: BrowserOf, new_browser: NewBrowser, staffed: Staffed
) -> None:
    phone, desk = new_browser(), browser_of(Role.HOST)
    phone.client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (iPhone) Version/18.0 Safari/605.1"
    phone.sign_in(staffed[Role.HOST].email)
    page = desk.client.get("/staff/account").get_data(as_text=True)
    ends = page.split("/staff/account/sessions/")[1].partition("/")[0]

    answer = desk.send(f"/staff/account/sessions/{ends}/end")

    assert "Safari, iPhone" in page
    assert answer.location == "/staff/account?done=session"
    assert phone.get("/staff/").status_code == 303
    assert desk.get("/staff/").status_code == 200


def test_session_of_somebody_else_cannot_be_ended(
    browser_of: BrowserOf, staffed: Staffed, transaction: UnitOfWork
) -> None:
    host, admin = browser_of(Role.HOST), browser_of(Role.ADMIN)
    with transaction() as session:
        admins = session.scalars(
            select(StaffSession.id).where(StaffSession.staff_id == staffed[Role.ADMIN].id)
        ).one()

    answer = host.send(f"/staff/account/sessions/{admins}/end")

    assert answer.location == "/staff/account?done=session"
    assert host.get("/staff/").status_code == 200
    assert admin.get("/staff/").status_code == 200


def test_new_password_signs_every_other_browser_out(
    browser_of: BrowserOf, new_browser: NewBrowser, staffed: Staffed
) -> None:
    other, browser = browser_of(Role.HOST), browser_of(Role.HOST)

    answer = browser.send("/staff/account/password", present=PASSWORD, password=NEW_PASSWORD)

    assert answer.location == "/staff/account?done=password"
    assert browser.get("/staff/").status_code == 200
    assert other.get("/staff/").status_code == 303
    assert new_browser().sign_in(staffed[Role.HOST].email, NEW_PASSWORD).status_code == 303


def test_new_password_needs_the_present_one(browser_of: BrowserOf) -> None:
    answer = browser_of(Role.HOST).send(
        "/staff/account/password", present="not the present one", password=NEW_PASSWORD
    )

    assert answer.status_code == 422
    assert "Das ist nicht Ihr bisheriges Passwort." in Page.read(answer).text


def test_form_without_its_mark_changes_nothing(browser_of: BrowserOf) -> None:
    host, admin = browser_of(Role.HOST), browser_of(Role.ADMIN)

    answers = [
        host.client.post("/staff/sign-out", headers=OWN_PAGE),
        host.client.post("/staff/sign-out", data={"csrf": admin.csrf}, headers=OWN_PAGE),
        host.client.post(
            "/staff/sign-out", data={"csrf": host.csrf}, headers={"Sec-Fetch-Site": "cross-site"}
        ),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert host.get("/staff/").status_code == 200


def test_form_that_was_typed_before_the_session_ended_can_still_be_sent(
    browser_of: BrowserOf, staffed: Staffed
) -> None:
    browser = browser_of(Role.HOST)
    csrf = browser.csrf
    browser.send("/staff/sign-out")

    refused = browser.client.post(
        "/staff/account/sessions/99/end", data={"csrf": csrf}, headers=OWN_PAGE
    )
    browser.sign_in(staffed[Role.HOST].email)
    taken = browser.client.post(
        "/staff/account/sessions/99/end", data={"csrf": csrf}, headers=OWN_PAGE
    )

    assert (refused.status_code, taken.status_code) == (401, 303)
    assert "senden Sie die Seite noch einmal" in Page.read(refused).text
