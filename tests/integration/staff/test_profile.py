"""Name and meeting address of a host: one's own, and for administrators everybody's."""

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from booking.bookings.models import Booking
from booking.bookings.summary import summarise
from booking.history import HistoryEntry
from booking.staff.models import Role, Staff
from tests.bookings_at_work import confirm
from tests.factories import make_event_type, make_staff
from tests.fixtures.application import UnitOfWork
from tests.fixtures.staff import BrowserOf, StaffBrowser, Staffed
from tests.pages import Page

OWN = "/staff/account/profile"
ROOM = "https://meet.beispiel.example/jana/{meeting}"
NO_LINK = "ihre Leads erhalten keinen Link zur Teilnahme"


def save(browser: StaffBrowser, address: str = OWN, **changes: str) -> TestResponse:
    """Send the form as it was first shown to a host, but for ``changes``."""
    shown = {"name": "host name", "meeting_url": "https://meet.example/{meeting}", "version": "0"}
    return browser.send(address, **shown | changes)


def read(
    staff: Staff, transaction: UnitOfWork
) -> tuple[tuple[str, str | None], list[HistoryEntry]]:
    """Return name and meeting address, and what was recorded about them."""
    with transaction() as session:
        entries = session.scalars(
            select(HistoryEntry)
            .where(HistoryEntry.action == "profile_changed")
            .order_by(HistoryEntry.id)
        ).all()
        stored = session.get_one(Staff, staff.id)
        return (stored.name, stored.meeting_url), list(entries)


def test_everybody_changes_their_own_and_the_history_keeps_no_name(
    browser_of: BrowserOf, staffed: Staffed, transaction: UnitOfWork
) -> None:
    browser, host = browser_of(Role.HOST), staffed[Role.HOST]
    shown = browser.open("/staff/account").fields

    answer = save(browser, name=" Jana Novák ", meeting_url=f" {ROOM} ")

    stored, (entry,) = read(host, transaction)
    page = browser.open("/staff/account")
    assert (shown["name"], shown["meeting_url"]) == ("host name", "https://meet.example/{meeting}")
    assert answer.location == "/staff/account?done=saved"
    assert stored == ("Jana Novák", ROOM)
    assert (entry.actor, entry.subject, entry.subject_id, entry.facts) == (
        f"staff:{host.id}",
        "staff",
        host.id,
        {"changed": ["name", "meeting_url"]},
    )
    assert (page.fields["name"], page.fields["meeting_url"]) == ("Jana Novák", ROOM)
    assert "Jana Novák" in page.text


def test_administrators_change_everybodys(
    browser_of: BrowserOf, staffed: Staffed, transaction: UnitOfWork
) -> None:
    browser, host = browser_of(Role.ADMIN), staffed[Role.HOST]
    address = f"/staff/team/{host.id}"

    answer = save(browser, address, meeting_url="")

    stored, (entry,) = read(host, transaction)
    told = browser.open("/staff/audit").text
    assert address in browser.open("/staff/team").links
    assert answer.location == f"{address}?done=saved"
    assert browser.open(address).fields["meeting_url"] == ""
    assert stored == ("host name", None)
    assert (entry.actor, entry.facts) == (
        f"staff:{staffed[Role.ADMIN].id}",
        {"changed": ["meeting_url"]},
    )
    assert "hat einen Namen oder die Adresse eines Videogesprächs geändert" in told
    assert browser.get("/staff/team/4711").status_code == 404


@pytest.mark.parametrize("role", [Role.HOST, Role.MANAGER])
def test_others_are_not_theirs_to_change(
    browser_of: BrowserOf, staffed: Staffed, transaction: UnitOfWork, role: Role
) -> None:
    admin = staffed[Role.ADMIN]

    answer = save(browser_of(role), f"/staff/team/{admin.id}", name="Somebody else")

    assert answer.status_code == 403
    assert read(admin, transaction)[0][0] == "admin name"


def test_what_is_saved_as_it_was_leaves_no_trace(
    browser_of: BrowserOf, staffed: Staffed, transaction: UnitOfWork
) -> None:
    save(browser_of(Role.HOST))

    assert read(staffed[Role.HOST], transaction)[1] == []


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("name", "", "Bitte füllen Sie dieses Feld aus."),
        ("name", "x" * 101, "höchstens 100 Zeichen"),
        ("name", "Jana https://x.example", "Internetadressen"),
        ("meeting_url", "meet.example/jana", "https:// beginnt"),
        ("meeting_url", "https://meet.example/{room}", "{meeting}"),
        ("meeting_url", "https://{meeting}.example/", "{meeting}"),
        ("meeting_url", "https://meet.example/" + "x" * 500, "höchstens 500 Zeichen"),
    ],
)
def test_faults_are_told_at_their_field_and_nothing_is_lost(
    browser_of: BrowserOf,
    staffed: Staffed,
    transaction: UnitOfWork,
    *,
    field: str,
    value: str,
    told: str,
) -> None:
    typed = {"name": "Jana", "meeting_url": ROOM, field: value}

    answers = [
        save(browser_of(Role.HOST), **typed),
        save(browser_of(Role.ADMIN), f"/staff/team/{staffed[Role.HOST].id}", **typed),
    ]

    pages = [Page.read(answer) for answer in answers]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert [told in page.alert and f"#{field}" in page.links for page in pages] == [True, True]
    assert [{name: page.fields[name] for name in typed} for page in pages] == [typed, typed]
    assert read(staffed[Role.HOST], transaction)[1] == []


def test_stale_form_is_told_and_can_be_saved_over(
    browser_of: BrowserOf, staffed: Staffed, transaction: UnitOfWork
) -> None:
    own, admin, host = browser_of(Role.HOST), browser_of(Role.ADMIN), staffed[Role.HOST]
    address = f"/staff/team/{host.id}"
    save(own, meeting_url=ROOM)

    answer = save(admin, address, name="Jana Novák")

    page = Page.read(answer)
    kept, _ = read(host, transaction)
    again = admin.send(address, **page.fields)
    assert (answer.status_code, kept) == (409, ("host name", ROOM))
    assert page.alert.startswith("Jemand hat das inzwischen geändert.")
    assert "host name hat einen Namen oder die Adresse eines Videogesprächs geändert" in page.text
    assert (page.fields["name"], again.status_code) == ("Jana Novák", 303)
    assert read(host, transaction)[0] == ("Jana Novák", "https://meet.example/{meeting}")


def test_demo_that_is_booked_takes_place_at_the_new_address(
    browser_of: BrowserOf, staffed: Staffed, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        host = session.get_one(Staff, staffed[Role.HOST].id)
        confirm(make_event_type(session, hosts=[host]), session=session)

    save(browser_of(Role.HOST), meeting_url="https://meet.beispiel.example/jana")

    with transaction() as session:
        summary = summarise(session.scalars(select(Booking)).one(), session=session)
    assert summary.join_url == "https://meet.beispiel.example/jana"


def test_hosts_of_video_calls_without_an_address_are_named(
    browser_of: BrowserOf, staffed: Staffed, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        manager = session.get_one(Staff, staffed[Role.MANAGER].id)
        jana = make_staff(session, name="Jana Novák", meeting_url=None)
        left = make_staff(session, name="Bela Berg", meeting_url=None, active=False)
        manager.meeting_url = None
        make_staff(session, name="Carla Cruz", meeting_url=None)
        event_type = make_event_type(session, hosts=[jana, left, manager])
    address = f"/staff/event-types/{event_type.id}/hosts"

    admins, managers = (browser_of(role).open(address) for role in (Role.ADMIN, Role.MANAGER))

    assert f"{NO_LINK}: Jana Novák, manager name" in admins.text
    assert [f"/staff/team/{host.id}" in admins.links for host in (jana, left, manager)] == [
        True,
        False,
        True,
    ]
    assert f"{NO_LINK}: Jana Novák, manager name Eintragen können sie es" in managers.text
    assert "/staff/account" in managers.links
    assert f"/staff/team/{jana.id}" not in managers.links


@pytest.mark.parametrize(
    "place",
    [
        {"location_url": "https://meet.example/one"},
        {"location_kind": "phone"},
        {"location_kind": "address", "location_url": "Musterweg 1"},
    ],
)
def test_hosts_need_no_address_where_the_demo_is_elsewhere(
    browser_of: BrowserOf, staffed: Staffed, transaction: UnitOfWork, place: dict[str, str]
) -> None:
    with transaction() as session:
        host = session.get_one(Staff, staffed[Role.HOST].id)
        host.meeting_url = None
        event_type = make_event_type(session, hosts=[host], **place)

    page = browser_of(Role.ADMIN).open(f"/staff/event-types/{event_type.id}/hosts")

    assert NO_LINK not in page.text
