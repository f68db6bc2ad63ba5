"""What is offered, why something is not, and who gets it."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from booking.availability.explain import Reason, ReasonCode
from booking.availability.policy import HostsNeeded
from booking.bookings.refusals import SlotNotOfferedError, SlotTakenError
from booking.bookings.slots import explain_start, list_slots
from booking.segment import Segment
from tests.bookings_at_work import confirm, hold
from tests.factories import (
    NOW,
    START,
    make_busy_time,
    make_event_type,
    make_organisation,
    make_pool_member,
    make_staff,
    make_time_off,
)
from tests.statements import statements_on

if TYPE_CHECKING:
    from booking.staff.models import Staff


def test_list_slots_offers_the_working_day(session: Session) -> None:
    make_organisation(session)
    event_type = make_event_type(session, hosts=[make_staff(session)])
    midnight = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)

    slots = list_slots(
        event_type,
        segment=Segment.TEAM,
        start=midnight,
        end=midnight + timedelta(days=1),
        now=NOW,
        session=session,
    )

    first = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
    assert [slot.start for slot in slots] == [first + n * timedelta(minutes=30) for n in range(16)]


def test_list_slots_of_a_segment_are_those_of_its_hosts(session: Session) -> None:
    make_organisation(session)
    early = make_staff(session, hours=[(1, "08:00", "09:00")])
    late = make_staff(session, hours=[(1, "18:00", "19:00")])
    event_type = make_event_type(session, hosts=[])
    make_pool_member(session, event_type=event_type, host=early, segment=Segment.INDIVIDUAL)
    make_pool_member(session, event_type=event_type, host=late, segment=Segment.TEAM)

    def hours(segment: Segment | None) -> list[int]:
        slots = list_slots(
            event_type,
            segment=segment,
            start=START - timedelta(hours=9),
            end=START + timedelta(hours=12),
            now=NOW,
            session=session,
        )
        return [slot.start.hour for slot in slots]

    assert hours(Segment.INDIVIDUAL) == [7, 7]
    assert hours(Segment.TEAM) == [17, 17]
    assert hours(None) == [7, 7, 17, 17]


def test_list_slots_leaves_out_who_has_left(session: Session) -> None:
    make_organisation(session)
    event_type = make_event_type(session, hosts=[make_staff(session, active=False)])

    slots = list_slots(
        event_type,
        segment=None,
        start=NOW,
        end=NOW + timedelta(days=30),
        now=NOW,
        session=session,
    )

    assert slots == []


def test_explain_start_names_every_host(session: Session) -> None:
    make_organisation(session)
    busy, absent, booked, other = (make_staff(session) for _ in range(4))
    make_busy_time(session, staff=busy, start=START, end=START + timedelta(minutes=10))
    make_time_off(session, staff=absent, start=NOW, end=NOW + timedelta(days=9))
    event_type = make_event_type(session, hosts=[])
    make_pool_member(session, event_type=event_type, host=booked, segment=Segment.INDIVIDUAL)
    confirm(event_type, session=session)
    for host in (busy, absent):
        make_pool_member(session, event_type=event_type, host=host, segment=Segment.INDIVIDUAL)
    make_pool_member(session, event_type=event_type, host=other, segment=Segment.TEAM)

    reasons = explain_start(
        event_type, segment=Segment.INDIVIDUAL, start=START, now=NOW, session=session
    )

    assert set(reasons) == {
        Reason(ReasonCode.BUSY, busy.id),
        Reason(ReasonCode.TIME_OFF, absent.id),
        Reason(ReasonCode.BOOKED, booked.id, taken=True),
        Reason(ReasonCode.SEGMENT, other.id),
    }


def test_list_slots_of_all_hosts_without_a_segment_are_those_of_any_segment(
    session: Session,
) -> None:
    make_organisation(session)
    early = make_staff(session, hours=[(1, "08:00", "09:00")])
    late = make_staff(session, hours=[(1, "18:00", "19:00")])
    event_type = make_event_type(session, hosts=[], hosts_needed=HostsNeeded.ALL)
    make_pool_member(session, event_type=event_type, host=early, segment=Segment.INDIVIDUAL)
    make_pool_member(session, event_type=event_type, host=late, segment=Segment.TEAM)

    slots = list_slots(
        event_type,
        segment=None,
        start=START - timedelta(hours=9),
        end=START + timedelta(hours=12),
        now=NOW,
        session=session,
    )

    assert [slot.start.hour for slot in slots] == [7, 7, 17, 17]


def test_all_hosts_means_all_who_have_not_left(session: Session) -> None:
    make_organisation(session)
    present = [make_staff(session), make_staff(session)]
    event_type = make_event_type(
        session,
        hosts=[*present, make_staff(session, active=False)],
        hosts_needed=HostsNeeded.ALL,
    )

    made = confirm(event_type, session=session)

    assert [row.host_id for row in made.booking.meeting.hosts] == [host.id for host in present]


def test_time_beside_somebodys_busy_time_is_not_offered_rather_than_taken(
    session: Session,
) -> None:
    make_organisation(session)
    host = make_staff(session)
    event_type = make_event_type(session, hosts=[host], buffer_after_minutes=15)
    end = START + timedelta(minutes=30)
    make_busy_time(session, staff=host, start=end, end=end + timedelta(minutes=30))

    with pytest.raises(SlotNotOfferedError):
        confirm(event_type, session=session)


def test_time_of_all_hosts_is_taken_only_where_each_of_them_would_have_had_it(
    session: Session,
) -> None:
    make_organisation(session)
    one, other = make_staff(session), make_staff(session)
    alone = make_event_type(session, hosts=[one], slug="alone")
    together = make_event_type(
        session, hosts=[one, other], slug="together", hosts_needed=HostsNeeded.ALL
    )
    confirm(alone, session=session)

    with pytest.raises(SlotTakenError):
        confirm(together, session=session, email="max@kunde.de")
    make_time_off(session, staff=other, start=NOW, end=NOW + timedelta(days=9))
    with pytest.raises(SlotNotOfferedError):
        confirm(together, session=session, email="max@kunde.de")


@pytest.mark.parametrize("number_of_hosts", [1, 3])
def test_list_slots_asks_a_constant_number_of_questions(
    session: Session, number_of_hosts: int
) -> None:
    make_organisation(session, holiday_region="DE-BE")
    hosts = [make_staff(session) for _ in range(number_of_hosts)]
    event_type = make_event_type(session, hosts=hosts)

    with statements_on(session.get_bind().engine) as statements:
        list_slots(
            event_type,
            segment=Segment.TEAM,
            start=NOW,
            end=NOW + timedelta(days=30),
            now=NOW,
            session=session,
        )

    # The pool, the hosts, the company's days, and one each for hours, overrides, time off, busy
    # times, reservations.
    assert len(statements) == 8


def test_pool_shares_bookings_by_weight(session: Session) -> None:
    make_organisation(session)
    light, heavy = make_staff(session), make_staff(session)
    event_type = make_event_type(session, hosts=[])
    for host, weight in ((light, 1), (heavy, 2)):
        make_pool_member(
            session, event_type=event_type, host=host, segment=Segment.INDIVIDUAL, weight=weight
        )

    chosen: list[Staff] = []
    for number in range(6):
        made = confirm(
            event_type,
            session=session,
            email=f"lead-{number}@kunde.de",
            start=START + number * timedelta(minutes=30),
            now=NOW + timedelta(minutes=number),
        )
        chosen.append(made.booking.meeting.hosts[0].host_id)

    assert sorted(chosen) == sorted([light.id] * 2 + [heavy.id] * 4)


def test_lapsed_hold_is_no_share_of_a_pool(session: Session) -> None:
    make_organisation(session)
    first, second = make_staff(session), make_staff(session)
    event_type = make_event_type(session, hosts=[first, second])
    hold(event_type, session=session)

    made = confirm(
        event_type,
        session=session,
        start=START + timedelta(hours=1),
        now=NOW + timedelta(minutes=5),
    )

    assert [row.host_id for row in made.booking.meeting.hosts] == [first.id]


def test_limit_a_day_counts_holds_as_well(session: Session) -> None:
    make_organisation(session)
    event_type = make_event_type(session, hosts=[make_staff(session)], max_per_day=2)
    confirm(event_type, session=session)
    hold(event_type, session=session, start=START + timedelta(hours=1))

    reasons = explain_start(
        event_type,
        segment=Segment.INDIVIDUAL,
        start=START + timedelta(hours=2),
        now=NOW,
        session=session,
    )

    assert [reason.code for reason in reasons] == [ReasonCode.LIMIT]
