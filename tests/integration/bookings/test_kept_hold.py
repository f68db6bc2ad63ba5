"""A hold keeps others away; its host may still go, and then somebody else is asked."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from booking.bookings.models import Booking, MeetingHost
from booking.bookings.refusals import SlotNotOfferedError
from booking.event_types.models import EventType, PoolMember
from booking.staff.models import Staff, WeeklyHours
from tests.bookings_at_work import confirm, hold
from tests.factories import (
    NOW,
    START,
    make_busy_time,
    make_closing_day,
    make_event_type,
    make_organisation,
    make_staff,
    make_time_off,
)

END = START + timedelta(minutes=30)


def leave(host: Staff, session: Session) -> None:
    host.active = False
    session.flush()


def be_away(host: Staff, session: Session) -> None:
    make_time_off(session, staff=host, start=START, end=END)


def be_busy(host: Staff, session: Session) -> None:
    make_busy_time(session, staff=host, start=START, end=END)


def stop_working(host: Staff, session: Session) -> None:
    session.execute(delete(WeeklyHours).where(WeeklyHours.staff_id == host.id))


def stop_giving(host: Staff, session: Session) -> None:
    session.execute(delete(PoolMember).where(PoolMember.host_id == host.id))


GOING = [leave, be_away, be_busy, stop_working, stop_giving]


@pytest.fixture
def held(session: Session) -> tuple[EventType, Staff, str]:
    """A hold with the only host there is."""
    make_organisation(session)
    host = make_staff(session)
    event_type = make_event_type(session, hosts=[host], slug="demo")
    return event_type, host, hold(event_type, session=session).token


@pytest.mark.parametrize("go", GOING)
def test_hold_whose_host_has_gone_is_refused_as_the_time_is(
    held: tuple[EventType, Staff, str], session: Session, go: Callable[[Staff, Session], None]
) -> None:
    event_type, host, token = held
    go(host, session)

    with pytest.raises(SlotNotOfferedError):
        confirm(event_type, session=session, hold_token=token)


@pytest.mark.parametrize("go", GOING)
def test_colleague_takes_over_a_hold_whose_host_has_gone(
    held: tuple[EventType, Staff, str], session: Session, go: Callable[[Staff, Session], None]
) -> None:
    event_type, host, token = held
    colleague = make_staff(session)
    for member in session.scalars(select(PoolMember).where(PoolMember.host_id == host.id)).all():
        session.add(
            PoolMember(
                event_type_id=event_type.id,
                host_id=colleague.id,
                segment=member.segment,
                weight=1,
                joined_at=NOW,
            )
        )
    session.flush()
    go(host, session)

    booking = confirm(event_type, session=session, hold_token=token).booking

    assert list(session.scalars(select(MeetingHost.host_id))) == [colleague.id]
    assert session.scalars(select(Booking)).one() is booking


def test_day_that_is_closed_meanwhile_ends_the_hold(
    held: tuple[EventType, Staff, str], session: Session
) -> None:
    event_type, _, token = held
    make_closing_day(session, START.date())

    with pytest.raises(SlotNotOfferedError):
        confirm(event_type, session=session, hold_token=token)


def test_notice_that_has_run_out_meanwhile_does_not_end_the_hold(
    held: tuple[EventType, Staff, str], session: Session
) -> None:
    event_type, host, _ = held
    late = START - timedelta(minutes=event_type.minimum_notice_minutes)
    token = hold(event_type, session=session, start=START, now=late).token

    booking = confirm(
        event_type, session=session, hold_token=token, now=late + timedelta(minutes=2)
    ).booking

    assert [row.host_id for row in booking.meeting.hosts] == [host.id]
