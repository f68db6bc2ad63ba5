"""The team's page: inviting, changing roles, letting nobody lock everybody out."""

from sqlalchemy import select

from booking.accounts.change_access import access_version
from booking.accounts.models import SignInLink, StaffSession
from booking.bookings.cancel import cancel_booking
from booking.bookings.models import Booking
from booking.history import HistoryEntry
from booking.outbox.models import Message
from booking.staff.models import CalendarFeed, Role, Staff
from tests.bookings_at_work import confirm
from tests.factories import NOW, make_event_type
from tests.fixtures.application import UnitOfWork
from tests.fixtures.staff import BrowserOf, Staffed
from tests.pages import Page


def test_invited_colleague_gets_a_link_and_no_working_hours(
    browser_of: BrowserOf, staffed: Staffed, transaction: UnitOfWork
) -> None:
    answer = browser_of(Role.ADMIN).send(
        "/staff/team", name="Jana Novák", email="Jana@beispiel.example", role="manager"
    )

    with transaction() as session:
        jana = session.scalars(select(Staff).where(Staff.name == "Jana Novák")).one()
        mail = session.scalars(select(Message)).one()
        entry = session.scalars(select(HistoryEntry).where(HistoryEntry.action == "invited")).one()
        link = session.scalars(select(SignInLink)).one()
    assert answer.location == "/staff/team?done=invited"
    assert (jana.email, jana.role, jana.active, jana.time_zone) == (
        "Jana@beispiel.example",
        Role.MANAGER,
        True,
        "Europe/Berlin",
    )
    assert (mail.kind, mail.staff_id, mail.facts) == ("invitation", jana.id, {"link": link.id})
    assert (entry.actor, entry.facts) == (f"staff:{staffed[Role.ADMIN].id}", {"role": "manager"})


def test_invitation_never_touches_somebody_who_is_there(
    browser_of: BrowserOf, staffed: Staffed, transaction: UnitOfWork
) -> None:
    answer = browser_of(Role.ADMIN).send(
        "/staff/team", name="Somebody", email="HOST@beispiel.example", role="admin"
    )

    page = Page.read(answer)
    with transaction() as session:
        host = session.get_one(Staff, staffed[Role.HOST].id)
        mails = session.scalars(select(Message)).all()
    assert answer.status_code == 422
    assert "Diese E-Mail-Adresse hat schon jemand." in page.text
    assert (page.fields["name"], page.fields["email"]) == ("Somebody", "HOST@beispiel.example")
    assert (host.name, host.role, mails) == ("host name", Role.HOST, [])


def test_every_fault_of_an_invitation_is_told_at_once(browser_of: BrowserOf) -> None:
    answer = browser_of(Role.ADMIN).send("/staff/team", name="", email="jana@", role="owner")

    page = Page.read(answer)
    assert answer.status_code == 422
    assert page.text.count("Bitte füllen Sie dieses Feld aus.") >= 1
    assert "name@example.com" in page.text
    assert "Bitte wählen Sie einen der möglichen Werte." in page.text


def test_who_leaves_is_signed_out_at_once_and_their_links_die(
    browser_of: BrowserOf, staffed: Staffed, transaction: UnitOfWork
) -> None:
    host, admin = browser_of(Role.HOST), browser_of(Role.ADMIN)
    host_id = staffed[Role.HOST].id
    admin.send(f"/staff/team/{host_id}/invite")
    host.send("/staff/account/feed", detail="busy")

    answer = admin.send(f"/staff/team/{host_id}/access", role="host", version="0")

    with transaction() as session:
        left = session.get_one(Staff, host_id)
        sessions = session.scalars(
            select(StaffSession).where(StaffSession.staff_id == host_id)
        ).all()
        link = session.scalars(select(SignInLink)).one()
        feeds = session.scalars(select(CalendarFeed)).all()
    assert answer.location == "/staff/team?done=changed"
    assert (left.active, sessions, feeds) == (False, [], [])
    assert link.used_at is not None
    assert host.get("/staff/").status_code == 303


def test_last_admin_cannot_step_down(
    browser_of: BrowserOf, staffed: Staffed, transaction: UnitOfWork
) -> None:
    admin, admin_id = browser_of(Role.ADMIN), staffed[Role.ADMIN].id

    answers = [
        admin.send(f"/staff/team/{admin_id}/access", role="host", active="on", version="0"),
        admin.send(f"/staff/team/{admin_id}/access", role="admin", version="0"),
    ]

    with transaction() as session:
        still = session.get_one(Staff, admin_id)
    assert [answer.status_code for answer in answers] == [409, 409]
    assert Page.read(answers[0]).alert == (
        "Mindestens eine aktive Person muss die Rolle Administration behalten."
    )
    assert (still.role, still.active) == (Role.ADMIN, True)


def test_change_of_role_counts_from_the_next_page_on(
    browser_of: BrowserOf, staffed: Staffed
) -> None:
    host, admin = browser_of(Role.HOST), browser_of(Role.ADMIN)
    before = host.get("/staff/team").status_code

    admin.send(
        f"/staff/team/{staffed[Role.HOST].id}/access", role="admin", active="on", version="0"
    )

    assert (before, host.get("/staff/team").status_code) == (403, 200)


def test_unknown_staff_member_is_nobody(browser_of: BrowserOf) -> None:
    admin = browser_of(Role.ADMIN)

    answers = [
        admin.send("/staff/team/4711/access", role="host", active="on", version="0"),
        admin.send("/staff/team/4711/invite"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404]


def test_stale_form_brings_no_leaver_back(
    browser_of: BrowserOf, staffed: Staffed, transaction: UnitOfWork
) -> None:
    admin, host_id = browser_of(Role.ADMIN), staffed[Role.HOST].id
    address = f"/staff/team/{host_id}/access"
    admin.send(address, role="host", version="0")

    stale = admin.send(address, role="manager", active="on", version="0")
    with transaction() as session:
        version = access_version(host_id, session=session)
    shown = f'name="version" value="{version}"' in admin.get("/staff/team").text
    again = admin.send(address, role="manager", active="on", version=str(version))

    with transaction() as session:
        host = session.get_one(Staff, host_id)
        changes = session.scalars(
            select(HistoryEntry.facts).where(HistoryEntry.action == "access_changed")
        ).all()
    assert (stale.status_code, shown, again.status_code) == (409, True, 303)
    assert Page.read(stale).alert.startswith("Inzwischen hat jemand diesen Zugang geändert.")
    assert [change["after"]["active"] for change in changes] == [False, True]
    assert (host.role, host.active) == (Role.MANAGER, True)


def test_demos_of_somebody_who_has_left_are_told_until_they_are_handed_over(
    browser_of: BrowserOf, staffed: Staffed, transaction: UnitOfWork
) -> None:
    host_id = staffed[Role.HOST].id
    with transaction() as session:
        host = session.get_one(Staff, host_id)
        confirm(make_event_type(session, hosts=[host]), session=session)
        host.active = False

    pages = {role: browser_of(role).open("/staff/leads") for role in (Role.MANAGER, Role.ADMIN)}
    with transaction() as session:
        booking = session.scalars(select(Booking)).one()
        cancel_booking(booking, reason=None, now=NOW, session=session)

    told = "1 künftige Demo liegt noch bei host name, die Person arbeitet nicht mehr hier."
    assert [told in page.text for page in pages.values()] == [True, True]
    assert f"/staff/calendar?view=list&host={host_id}" in pages[Role.ADMIN].links
    assert told not in browser_of(Role.MANAGER).open("/staff/leads").text


def test_who_has_no_demos_yet_can_be_given_hours(browser_of: BrowserOf, staffed: Staffed) -> None:
    page = browser_of(Role.ADMIN).get(f"/staff/hours?host={staffed[Role.HOST].id}")

    assert f'<option value="{staffed[Role.MANAGER].id}"' in page.get_data(as_text=True)
