"""The same person or company again goes to the same host, where that is switched on."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from booking.bookings.cancel import cancel_booking
from booking.bookings.models import Booking
from booking.event_types.models import EventType
from booking.history import LEAD
from booking.leads.models import Lead
from booking.segment import Segment
from booking.staff.models import Staff
from tests.bookings_at_work import confirm, hold
from tests.factories import (
    NOW,
    START,
    make_busy_time,
    make_event_type,
    make_organisation,
    make_pool_member,
    make_staff,
)

NEXT_DAY = START + timedelta(days=1)
HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
def hosts(session: Session) -> list[Staff]:
    """Anna, Ben and Cem; fair shares alone would give them the first three bookings in turn."""
    make_organisation(session)
    return [make_staff(session, name=name) for name in ("Anna", "Ben", "Cem")]


@pytest.fixture
def event_type(hosts: list[Staff], session: Session) -> EventType:
    return make_event_type(session, hosts=hosts, prefer_known_host=True)


def book(event_type: EventType, *, session: Session, **changes: Any) -> Booking:
    return confirm(event_type, session=session, **changes).booking


def host_of(booking: Booking) -> int:
    (host,) = booking.meeting.hosts
    return host.host_id


@pytest.mark.parametrize(
    ("first", "again"),
    [
        ("erika@web.de", "erika@web.de"),
        ("erika@web.de", "Erika+demo@web.de"),
        ("erika@kunde.de", "joerg@KUNDE.de"),
    ],
)
def test_who_is_known_goes_to_the_same_host(
    event_type: EventType, session: Session, first: str, again: str
) -> None:
    before = book(event_type, session=session, email=first)

    booking = book(event_type, session=session, email=again, start=NEXT_DAY)

    assert host_of(booking) == host_of(before)
    assert booking.assignment["rule"] == "known_host"
    assert booking.assignment["chosen"] == host_of(before)


@pytest.mark.parametrize(
    ("first", "again"),
    [
        ("erika@gmx.de", "joerg@gmx.de"),
        ("erika@kunde.de", "erika@mail.kunde.de"),
        ("erika@kunde.de", "erika@kunde.example"),
    ],
)
def test_strangers_go_to_whose_turn_it_is(
    event_type: EventType, session: Session, first: str, again: str
) -> None:
    before = book(event_type, session=session, email=first)

    booking = book(event_type, session=session, email=again, start=NEXT_DAY)

    assert host_of(booking) != host_of(before)
    assert booking.assignment["rule"] == "fair_share"


def test_it_is_off_unless_it_is_switched_on(hosts: list[Staff], session: Session) -> None:
    event_type = make_event_type(session, hosts=hosts)
    before = book(event_type, session=session)

    booking = book(event_type, session=session, start=NEXT_DAY)

    assert host_of(booking) != host_of(before)
    assert booking.assignment["rule"] == "fair_share"


def test_known_host_who_is_not_free_is_passed_over(
    event_type: EventType, hosts: list[Staff], session: Session
) -> None:
    before = book(event_type, session=session)
    known = next(host for host in hosts if host.id == host_of(before))
    make_busy_time(session, staff=known, start=NEXT_DAY, end=NEXT_DAY + HALF_AN_HOUR)

    booking = book(event_type, session=session, start=NEXT_DAY)

    assert host_of(booking) != known.id
    assert booking.assignment["rule"] == "fair_share"


def test_known_host_who_has_left_or_takes_another_segment_is_passed_over(
    event_type: EventType, hosts: list[Staff], session: Session
) -> None:
    before = book(event_type, session=session)
    known = next(host for host in hosts if host.id == host_of(before))
    known.active = False
    session.flush()

    after_leaving = book(event_type, session=session, start=NEXT_DAY)
    teams_only = make_event_type(session, hosts=[], prefer_known_host=True)
    make_pool_member(session, event_type=teams_only, host=hosts[2], segment=Segment.TEAM)
    other_segment = book(teams_only, session=session, segment="team", start=NEXT_DAY + HALF_AN_HOUR)

    assert host_of(after_leaving) != known.id
    assert host_of(other_segment) == hosts[2].id


def test_of_several_known_hosts_the_one_with_the_latest_demo_is_asked_first(
    hosts: list[Staff], session: Session
) -> None:
    anna, ben, _ = hosts
    for host, start in ((anna, START), (ben, NEXT_DAY)):
        book(make_event_type(session, hosts=[host]), session=session, start=start)
    event_type = make_event_type(session, hosts=hosts, prefer_known_host=True)

    booking = book(event_type, session=session, start=NEXT_DAY + HALF_AN_HOUR)

    ranks = {one["host_id"]: one["rank"] for one in booking.assignment["candidates"]}
    assert (ranks[ben.id], ranks[anna.id]) == (1, 2)
    assert host_of(booking) == ben.id


def test_cancelled_demo_makes_nobody_known(event_type: EventType, session: Session) -> None:
    before = book(event_type, session=session)
    cancel_booking(before, reason=None, now=NOW, session=session, actor=LEAD)

    booking = book(event_type, session=session, start=NEXT_DAY)

    assert booking.assignment["rule"] == "fair_share"


def test_hold_made_before_it_was_known_for_whom_gives_way_to_the_known_host(
    event_type: EventType, session: Session
) -> None:
    before = book(event_type, session=session)
    held = hold(event_type, session=session, start=NEXT_DAY)

    booking = book(event_type, session=session, start=NEXT_DAY, hold_token=held.token)

    assert host_of(booking) == host_of(before)
    assert booking.assignment["rule"] == "known_host"


def test_hold_stays_where_it_is_if_the_known_host_is_not_free(
    event_type: EventType, hosts: list[Staff], session: Session
) -> None:
    before = book(event_type, session=session)
    known = next(host for host in hosts if host.id == host_of(before))
    make_busy_time(session, staff=known, start=NEXT_DAY, end=NEXT_DAY + HALF_AN_HOUR)
    held = hold(event_type, session=session, start=NEXT_DAY)
    keeper = [host.id for host in hosts if host.id != known.id]

    booking = book(event_type, session=session, start=NEXT_DAY, hold_token=held.token)

    assert host_of(booking) in keeper
    assert booking.assignment["rule"] == "fair_share"


def test_lead_that_an_older_process_has_added_gets_its_domain(
    event_type: EventType, session: Session
) -> None:
    book(event_type, session=session)
    session.execute(update(Lead).values(domain=None, mailbox=None))
    session.expire_all()

    again = book(event_type, session=session, start=NEXT_DAY)

    assert again.assignment["rule"] == "known_host"
    assert session.get_one(Lead, again.lead_id).domain == "kunde.de"
