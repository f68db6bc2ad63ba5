"""Whether a time is offered, and what stands against whom."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from booking.availability.policy import HostsNeeded
from booking.bookings.slots import list_slots
from booking.bookings.why import Answer, ask_why
from booking.event_types.models import EventType
from booking.segment import Segment
from booking.staff.models import Staff
from tests.factories import (
    NOW,
    START,
    make_booking,
    make_event_type,
    make_meeting,
    make_organisation,
    make_pool_member,
    make_staff,
    make_time_off,
)


@pytest.fixture
def team(session: Session) -> tuple[EventType, Staff, Staff, Staff]:
    """Two hosts for teams, who have a demo and are away at START, and one for individuals alone."""
    make_organisation(session)
    one, other, third = (make_staff(session, name=name) for name in ("Anna", "Ben", "Cem"))
    event_type = make_event_type(session, hosts=[one, other], segments=[Segment.TEAM])
    make_pool_member(session, event_type=event_type, host=third, segment=Segment.INDIVIDUAL)
    meeting = make_meeting(session, event_type=event_type, hosts=[one])
    make_booking(session, meeting=meeting, segment=Segment.TEAM, public_id="in-the-way")
    make_time_off(session, staff=other, start=START, end=START + timedelta(hours=1))
    return event_type, one, other, third


def told(answer: Answer) -> list[tuple[str, list[str], list[str], int]]:
    return [
        (
            one.host.name,
            [reason.code.value for reason in one.reasons],
            [booking.public_id for booking in one.bookings],
            len(one.time_off),
        )
        for one in answer.hosts
    ]


def ask(event_type: EventType, session: Session, *, hours: int = 0) -> Answer:
    return ask_why(
        event_type,
        segment=Segment.TEAM,
        start=START + timedelta(hours=hours),
        now=NOW,
        session=session,
    )


def test_every_reason_of_every_host_is_told_with_what_it_is(
    team: tuple[EventType, Staff, Staff, Staff], session: Session
) -> None:
    event_type = team[0]

    answer = ask(event_type, session)

    assert told(answer) == [
        ("Anna", ["booked"], ["in-the-way"], 0),
        ("Ben", ["time_off"], [], 1),
        ("Cem", ["segment"], [], 0),
    ]
    assert (answer.is_offered, answer.takers) == (False, ())
    offered = list_slots(
        event_type,
        segment=Segment.TEAM,
        start=NOW,
        end=START + timedelta(days=1),
        now=NOW,
        session=session,
    )
    assert set(answer.alternatives) <= set(offered)
    assert [slot.start - START for slot in answer.alternatives] == [
        timedelta(minutes=minutes) for minutes in (-60, -30, 30)
    ]


def test_who_would_get_it_is_told(
    team: tuple[EventType, Staff, Staff, Staff], session: Session
) -> None:
    event_type, one, other, _ = team

    at_eleven, at_half_past_ten = ask(event_type, session, hours=1), ask(event_type, session)
    event_type.hosts_needed = HostsNeeded.ALL
    of_all = ask(event_type, session, hours=1)
    of_all_but_one = ask(event_type, session)
    event_type.published = False
    of_unpublished = ask(event_type, session, hours=1)

    # Anna has a demo already.
    assert (at_eleven.is_offered, at_eleven.takers) == (True, (other,))
    assert [(name, codes) for name, codes, _, _ in told(at_eleven)] == [
        ("Anna", []),
        ("Ben", []),
        ("Cem", ["segment"]),
    ]
    assert at_half_past_ten.takers == ()
    assert (of_all.is_offered, of_all.takers) == (True, (one, other))
    assert of_all_but_one.is_offered is False
    assert of_unpublished.is_offered is False


def test_buffers_of_other_demos_are_told_by_their_demos(session: Session) -> None:
    make_organisation(session)
    host = make_staff(session)
    event_type = make_event_type(session, hosts=[host])
    with_buffer = make_event_type(session, hosts=[host], buffer_after_minutes=60)
    make_booking(
        session,
        meeting=make_meeting(session, event_type=with_buffer, hosts=[host]),
        public_id="with-buffer",
    )

    answer = ask(event_type, session, hours=1)

    assert told(answer) == [(host.name, ["booked"], ["with-buffer"], 0)]
