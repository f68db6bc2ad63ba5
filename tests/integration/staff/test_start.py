"""The first page after signing in."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from booking.bookings.lifecycle import Outcome
from booking.bookings.models import Booking
from booking.staff.models import Role
from tests.factories import NOW, make_booking, make_event_type, make_meeting
from tests.fixtures.application import UnitOfWork
from tests.fixtures.staff import BrowserOf, Staffed


@pytest.fixture
def days(staffed: Staffed, transaction: UnitOfWork) -> None:
    """Give the host and the manager a demo each, yesterday, today, tomorrow and in nine days."""
    with transaction() as session:
        for role in (Role.HOST, Role.MANAGER):
            event_type = make_event_type(session, hosts=[staffed[role]])
            for number, day in ((-1, "Gestern"), (0, "Heute"), (1, "Morgen"), (9, "Später")):
                meeting = make_meeting(
                    session,
                    event_type=event_type,
                    hosts=[staffed[role]],
                    start=NOW + timedelta(days=number, hours=3),
                )
                make_booking(session, meeting=meeting, name=f"{day} von {role}")


@pytest.mark.usefixtures("days")
def test_own_demos_of_today_and_of_the_week_to_come(browser_of: BrowserOf) -> None:
    page = browser_of(Role.HOST).open("/staff/")

    today, _, coming = page.text.partition("Die nächsten sieben Tage")
    assert "1 Demo heute 12:00–12:30 Uhr (MEZ) Heute von host" in today.replace(
        "\N{NO-BREAK SPACE}", " "
    )
    assert "Morgen von host" in coming
    assert not any(other in page.text for other in ("Gestern", "Später", "manager"))
    assert "1 vergangene Demo hat noch kein Ergebnis" in page.text
    assert "/staff/calendar/unmarked" in page.links


@pytest.mark.usefixtures("days")
def test_manager_may_look_at_everybodys(browser_of: BrowserOf) -> None:
    browser = browser_of(Role.MANAGER)

    own, everybody = browser.open("/staff/"), browser.open("/staff/?host=all")

    assert "Heute von host" not in own.text
    assert "Heute von host host name" in everybody.text
    assert "Heute von manager manager name" in everybody.text
    assert "2 vergangene Demos haben noch kein Ergebnis" in everybody.text
    assert "/staff/calendar/unmarked?host=all" in everybody.links


@pytest.mark.usefixtures("days")
def test_host_sees_their_own_whatever_is_asked(browser_of: BrowserOf) -> None:
    page = browser_of(Role.HOST).open("/staff/?host=all")

    assert "manager" not in page.text
    assert "Eigene" not in page.text


@pytest.mark.usefixtures("staffed")
def test_empty_day_says_so(browser_of: BrowserOf) -> None:
    browser = browser_of(Role.ADMIN)

    assert "Für heute hat niemand bei Ihnen gebucht." in browser.open("/staff/").text
    assert "Für heute ist nichts gebucht." in browser.open("/staff/?host=all").text


@pytest.mark.usefixtures("days")
def test_outcome_is_noted_in_the_list_with_one_click(
    browser_of: BrowserOf, clock: time_machine.Traveller, transaction: UnitOfWork
) -> None:
    browser = browser_of(Role.MANAGER)
    clock.shift(timedelta(hours=4))
    offered = browser.open("/staff/?host=all").offers("outcome")
    page = browser.open("/staff/calendar/unmarked?host=all")
    with transaction() as session:
        public_id = session.scalars(
            select(Booking.public_id).where(Booking.name == "Heute von host")
        ).one()
    form = {"version": "0", "list": "start", "host": "all", "outcome": "attended"}

    noted = browser.send(f"/staff/bookings/{public_id}/outcome", **form)
    again = browser.send(f"/staff/bookings/{public_id}/outcome", **form | {"outcome": "no_show"})

    assert offered == ["attended", "no_show"] * 2
    assert page.offers("outcome") == ["attended", "no_show"] * 4
    assert noted.location == "/staff/?host=all&done=outcome"
    assert "Es ist vermerkt." in browser.open(noted.location).text
    assert again.status_code == 409
    with transaction() as session:
        outcomes = session.scalars(select(Booking.outcome).where(Booking.outcome.is_not(None)))
        assert list(outcomes) == [Outcome.ATTENDED]
