"""What differs for one segment: when it is offered, by whom it may be had, when it is reminded."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.availability.explain import ReasonCode
from booking.bookings.refusals import SlotNotOfferedError
from booking.bookings.reschedule import reschedule_booking
from booking.bookings.slots import list_slots, list_slots_of
from booking.bookings.successors import list_successors
from booking.event_types.models import EventType
from booking.outbox.models import Message
from booking.segment import Segment
from booking.staff.models import Staff
from tests.bookings_at_work import confirm, hold
from tests.factories import (
    NOW,
    START,
    make_event_type,
    make_organisation,
    make_segment_rule,
    make_staff,
)

TUESDAY = 1
TEN_TO_ELEVEN = [[TUESDAY, 600, 660]]
AT_TEN, AT_HALF_PAST = START, START + timedelta(minutes=30)
AT_ELEVEN = START + timedelta(hours=1)


@pytest.fixture
def hosts(session: Session) -> list[Staff]:
    make_organisation(session)
    return [make_staff(session), make_staff(session)]


@pytest.fixture
def event_type(session: Session, hosts: list[Staff]) -> EventType:
    """Anybody on any day but teams, who come on Tuesdays from ten to eleven."""
    event_type = make_event_type(session, hosts=hosts)
    make_segment_rule(
        session,
        event_type=event_type,
        segment=Segment.TEAM,
        hours=TEN_TO_ELEVEN,
        minimum_notice_minutes=1500,
        max_per_day=1,
        reminders_minutes_before=[240],
    )
    return event_type


def offered(
    event_type: EventType, segment: Segment | None, *, session: Session, now: datetime = NOW
) -> list[datetime]:
    midnight = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
    slots = list_slots(
        event_type,
        segment=segment,
        start=midnight,
        end=midnight + timedelta(days=1),
        now=now,
        session=session,
    )
    return [slot.start for slot in slots]


def test_each_segment_is_offered_its_own_times(event_type: EventType, session: Session) -> None:
    everything = [START + n * timedelta(minutes=30) for n in range(-2, 14)]

    assert offered(event_type, Segment.TEAM, session=session) == [AT_TEN, AT_HALF_PAST]
    assert offered(event_type, Segment.INDIVIDUAL, session=session) == everything
    assert offered(event_type, None, session=session) == everything
    later = NOW + timedelta(minutes=15)
    assert offered(event_type, Segment.TEAM, session=session, now=later) == [AT_HALF_PAST]


def test_named_hosts_are_offered_by_the_rules_of_the_segment(
    event_type: EventType, hosts: list[Staff], session: Session
) -> None:
    def first_two(segment: Segment | None) -> list[datetime]:
        ids = [hosts[0].id]
        slots = list_slots_of(event_type, segment=segment, host_ids=ids, now=NOW, session=session)
        return [slot.start for slot in slots][:2]

    today = NOW + timedelta(hours=2)
    assert first_two(Segment.TEAM) == [AT_TEN, AT_HALF_PAST]
    assert first_two(Segment.INDIVIDUAL) == [today, today + timedelta(minutes=30)]
    assert first_two(None) == [today, today + timedelta(minutes=30)]


def test_what_a_segment_is_not_offered_it_cannot_have(
    event_type: EventType, session: Session
) -> None:
    with pytest.raises(SlotNotOfferedError) as refused:
        hold(event_type, start=AT_ELEVEN, segment=Segment.TEAM, session=session)

    assert {reason.code for reason in refused.value.reasons} == {ReasonCode.SEGMENT_HOURS}
    assert [slot.start for slot in refused.value.alternatives][:2] == [AT_TEN, AT_HALF_PAST]
    booking = confirm(event_type, start=AT_TEN, segment=Segment.TEAM, session=session).booking
    with pytest.raises(SlotNotOfferedError):
        reschedule_booking(booking, start=AT_ELEVEN, now=NOW, session=session)
    reschedule_booking(booking, start=AT_HALF_PAST, now=NOW, session=session)
    assert booking.meeting.starts_at == AT_HALF_PAST


def test_limit_of_a_segment_counts_every_demo_of_the_event_type(
    session: Session,
) -> None:
    make_organisation(session)
    event_type = make_event_type(session, hosts=[make_staff(session)])
    make_segment_rule(session, event_type=event_type, segment=Segment.TEAM, max_per_day=1)
    confirm(event_type, start=AT_TEN, segment=Segment.INDIVIDUAL, session=session)

    assert offered(event_type, Segment.TEAM, session=session) == []
    assert AT_ELEVEN in offered(event_type, Segment.INDIVIDUAL, session=session)


def test_reminders_come_by_the_plan_of_the_segment(event_type: EventType, session: Session) -> None:
    confirm(event_type, start=AT_TEN, segment=Segment.TEAM, session=session)
    confirm(event_type, start=AT_HALF_PAST, email="other@kunde.example", session=session)

    reminders = session.scalars(select(Message).where(Message.kind == "reminder"))
    assert sorted(message.facts["minutes_before"] for message in reminders) == [60, 240]


def test_hours_of_the_segment_do_not_bind_where_the_time_stands_already(
    event_type: EventType, session: Session
) -> None:
    booking = confirm(event_type, start=AT_ELEVEN, session=session).booking
    booking.segment = Segment.TEAM

    (successor,) = list_successors(booking, now=NOW, session=session)

    assert successor.is_free
