"""Days on which the company, or the region of a host, gives no demos."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.availability.explain import Reason, ReasonCode
from booking.bookings.closed_demos import find_demos_on_closed_days
from booking.bookings.models import MeetingHost
from booking.bookings.offered import record_offered_minutes
from booking.bookings.refusals import SlotNotOfferedError
from booking.bookings.slots import explain_start, list_slots
from booking.event_types.models import EventType
from booking.segment import Segment
from booking.staff.models import OfferedMinutes, Staff
from tests.bookings_at_work import confirm
from tests.factories import (
    NOW,
    START,
    make_closing_day,
    make_date_override,
    make_event_type,
    make_organisation,
    make_staff,
)

EPIPHANY = date(2027, 1, 6)
"""A Wednesday; a public holiday in Bavaria, not in Berlin."""
TEN = datetime(2027, 1, 6, 9, 0, tzinfo=UTC)


def starts_on(event_type: EventType, day: date, *, session: Session) -> list[str]:
    """Return the offered starts of a day in Berlin, as "10:00"."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=1)
    slots = list_slots(
        event_type,
        segment=Segment.TEAM,
        start=midnight,
        end=midnight + timedelta(days=1),
        now=NOW,
        session=session,
    )
    return [f"{slot.start + timedelta(hours=1):%H:%M}" for slot in slots]


def reasons_at(event_type: EventType, start: datetime, *, session: Session) -> list[Reason]:
    return explain_start(event_type, segment=Segment.TEAM, start=start, now=NOW, session=session)


@pytest.fixture
def bavarian(session: Session) -> Staff:
    """Works two hours a day, of which the second is shared with Berlin."""
    make_organisation(session, holiday_region="DE-BE")
    return make_staff(session, holiday_region="DE-BY", hours=[(2, "09:00", "11:00")])


def test_holiday_of_one_host_leaves_the_times_of_the_other(
    session: Session, bavarian: Staff
) -> None:
    berliner = make_staff(session, hours=[(2, "10:00", "12:00")])
    event_type = make_event_type(session, hosts=[bavarian, berliner])

    on_epiphany = starts_on(event_type, EPIPHANY, session=session)
    week_after = starts_on(event_type, EPIPHANY + timedelta(days=7), session=session)

    assert on_epiphany == ["10:00", "10:30", "11:00", "11:30"]
    assert week_after == ["09:00", "09:30", *on_epiphany]
    assert reasons_at(event_type, TEN, session=session) == [
        Reason(ReasonCode.PUBLIC_HOLIDAY, bavarian.id, name="Heilige Drei Könige")
    ]


@pytest.mark.parametrize(
    ("own", "company", "offered"),
    [
        (None, "DE-BY", 0),
        (None, "DE-BE", 4),
        (None, "", 4),
        ("", "DE-BY", 4),
        ("DE-BY", "", 0),
        ("DE-BE", "DE-BY", 4),
    ],
)
def test_region_of_a_host_is_the_companys_unless_it_is_said(
    session: Session, own: str | None, company: str, offered: int
) -> None:
    make_organisation(session, holiday_region=company)
    host = make_staff(session, holiday_region=own, hours=[(2, "10:00", "12:00")])
    event_type = make_event_type(session, hosts=[host])

    assert len(starts_on(event_type, EPIPHANY, session=session)) == offered


def test_closing_day_closes_for_everybody_but_who_has_chosen_hours(session: Session) -> None:
    make_organisation(session)
    closed, chosen = (make_staff(session, hours=[(2, "09:00", "12:00")]) for _ in range(2))
    make_closing_day(session, EPIPHANY, note="Klausurtag")
    make_date_override(session, staff=chosen, day=EPIPHANY, hours=[("14:00", "15:00")])
    event_type = make_event_type(session, hosts=[closed, chosen])

    assert starts_on(event_type, EPIPHANY, session=session) == ["14:00", "14:30"]
    assert reasons_at(event_type, TEN, session=session) == [
        Reason(ReasonCode.CLOSED_DAY, closed.id, name="Klausurtag"),
        Reason(ReasonCode.OVERRIDE, chosen.id),
    ]


def test_holiday_is_named_in_the_language_of_the_company(session: Session) -> None:
    make_organisation(session, holiday_region="DE-BY", locale="en")
    event_type = make_event_type(session, hosts=[make_staff(session)])

    assert [reason.name for reason in reasons_at(event_type, TEN, session=session)] == ["Epiphany"]


def test_closed_day_of_each_host_is_a_date_of_their_own_calendar(session: Session) -> None:
    make_organisation(session)
    make_closing_day(session, EPIPHANY)
    hours = [(2, "08:00", "09:00"), (3, "08:00", "09:00")]
    event_type = make_event_type(
        session, hosts=[make_staff(session, time_zone="Pacific/Auckland", hours=hours)]
    )

    # Wednesday 08:00 in Auckland is Tuesday 20:00 in Berlin.
    assert starts_on(event_type, EPIPHANY - timedelta(days=1), session=session) == []
    assert starts_on(event_type, EPIPHANY, session=session) == ["20:00", "20:30"]


def test_time_on_a_closed_day_cannot_be_booked(session: Session) -> None:
    make_organisation(session)
    make_closing_day(session, START.date())
    event_type = make_event_type(session, hosts=[make_staff(session)])

    with pytest.raises(SlotNotOfferedError) as refused:
        confirm(event_type, session=session)

    assert [reason.code for reason in refused.value.reasons] == [ReasonCode.CLOSED_DAY]
    assert {slot.start.date() for slot in refused.value.alternatives} == {NOW.date()}


def test_demo_that_is_booked_already_stays_and_is_found(session: Session) -> None:
    make_organisation(session)
    hosts = [make_staff(session) for _ in range(2)]
    event_type = make_event_type(session, hosts=hosts)
    meetings = {}
    for email in ("erika@kunde.de", "max@kunde.de"):
        meeting = confirm(event_type, session=session, email=email).booking.meeting
        host_id = select(MeetingHost.host_id).where(MeetingHost.meeting_id == meeting.id)
        meetings[session.scalar(host_id)] = meeting.id
    assert find_demos_on_closed_days(now=NOW, session=session) == set()

    make_closing_day(session, START.date())
    make_date_override(session, staff=hosts[1], day=START.date(), hours=[("10:00", "11:00")])

    assert find_demos_on_closed_days(now=NOW, session=session) == {meetings[hosts[0].id]}
    assert find_demos_on_closed_days(now=START, session=session) == set()


def test_closed_day_offers_no_minutes(session: Session) -> None:
    make_organisation(session)
    make_closing_day(session, NOW.date())
    make_staff(session)

    record_offered_minutes(now=NOW, session=session)

    assert session.scalars(select(OfferedMinutes)).one().minutes == 0
