"""What the figures are counted from, as the product's own actions leave it."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from booking.availability.interval import Interval
from booking.bookings.lifecycle import BookingState, Outcome
from booking.history import record
from booking.numbers.demo import Demo
from booking.numbers.facts import load_demos
from booking.numbers.fairness import Fairness, measure_fairness
from booking.numbers.period import Days
from booking.numbers.report import make_report
from booking.numbers.response import Response, measure_response
from booking.numbers.selection import By, Selection
from booking.numbers.share import Share
from booking.numbers.utilisation import measure_utilisation
from booking.outbox.models import MessageState
from booking.segment import Segment
from booking.staff.models import OfferedMinutes, Staff
from booking.time_zone import time_zone
from tests.factories import (
    NOW,
    START,
    make_booking,
    make_event_type,
    make_meeting,
    make_organisation,
    make_staff,
)
from tests.outbox import make_message
from tests.statements import statements_on
from tests.wishes_at_work import express

DAY = timedelta(days=1)
AROUND = Interval(START - DAY, START + DAY)


def test_demo_is_what_was_booked_and_became_of_it(session: Session) -> None:
    anna, ben = make_staff(session), make_staff(session)
    event_type = make_event_type(session, hosts=[anna, ben])
    meeting = make_meeting(session, event_type=event_type, hosts=[anna, ben])
    booking = make_booking(
        session,
        meeting=meeting,
        segment=Segment.TEAM,
        source={"utm_source": "newsletter", "utm_term": "ai"},
        outcome=Outcome.NO_SHOW,
        first_starts_at=START - 3 * DAY,
    )
    record("moved", subject=booking, actor="lead", facts={}, now=NOW, session=session)
    sent = {"booking_id": booking.id, "kind": "reminder", "state": MessageState.SENT}
    make_message(session, **sent, sent_at=START - DAY)
    make_message(session, **sent, sent_at=START)
    make_message(session, **sent | {"kind": "confirmation"}, sent_at=NOW)

    demos = load_demos(AROUND, session=session)

    assert demos == [
        Demo(
            lead_id=booking.lead_id or 0,
            host_ids=(anna.id, ben.id),
            segment=Segment.TEAM,
            source="newsletter",
            booked_at=NOW,
            first_start=START - 3 * DAY,
            start=START,
            end=START + timedelta(minutes=30),
            cancelled_at=None,
            was_cancelled_by_lead=False,
            was_moved=True,
            outcome=Outcome.NO_SHOW,
            reminders=1,
        )
    ]


def test_holds_and_other_times_are_left_out(session: Session) -> None:
    event_type = make_event_type(session, hosts=[make_staff(session), make_staff(session)])
    hosts = list(session.query(Staff).order_by(Staff.id))
    held = make_meeting(session, event_type=event_type, hosts=hosts[:1])
    make_booking(
        session, meeting=held, state=BookingState.HELD, hold_expires_at=START, confirmed_at=None
    )
    long_ago = make_meeting(
        session, event_type=event_type, hosts=hosts[1:], start=START - 100 * DAY
    )
    make_booking(session, meeting=long_ago, confirmed_at=NOW - 101 * DAY)

    assert load_demos(Interval(START, START + DAY), session=session) == []


def test_cancellation_is_the_leads_the_owners_or_ours(session: Session) -> None:
    host = make_staff(session)
    event_type = make_event_type(session, hosts=[host])
    for n, by in enumerate(("lead", "owner", f"staff:{host.id}")):
        meeting = make_meeting(
            session, event_type=event_type, hosts=[host], start=START + n * timedelta(hours=1)
        )
        make_booking(
            session,
            meeting=meeting,
            state=BookingState.CANCELLED,
            cancelled_by=by,
            cancelled_at=NOW,
        )

    demos = load_demos(AROUND, session=session)

    assert [demo.was_cancelled_by_lead for demo in demos] == [True, True, False]
    assert all(demo.was_cancelled for demo in demos)


def test_utilisation_is_booked_of_offered_minutes(session: Session) -> None:
    make_organisation(session)
    host, idle = make_staff(session), make_staff(session)
    event_type = make_event_type(session, hosts=[host, idle])
    make_booking(session, meeting=make_meeting(session, event_type=event_type, hosts=[host]))
    for staff in (host, idle):
        session.add(OfferedMinutes(staff_id=staff.id, local_date=date(2026, 11, 24), minutes=240))
    session.flush()

    shares = measure_utilisation(
        load_demos(AROUND, session=session),
        days=Days(date(2026, 11, 23), date(2026, 11, 29)),
        selection=Selection(),
        session=session,
    )

    assert shares == {
        (host.id, date(2026, 11, 24)): Share(30, 240),
        (idle.id, date(2026, 11, 24)): Share(0, 240),
    }


def test_fairness_sets_what_was_booked_beside_the_weights(session: Session) -> None:
    anna, ben = make_staff(session), make_staff(session)
    event_type = make_event_type(session, hosts=[anna, ben], segments=[Segment.TEAM])
    for n in range(3):
        meeting = make_meeting(
            session, event_type=event_type, hosts=[anna], start=START + n * timedelta(hours=1)
        )
        make_booking(session, meeting=meeting, segment=Segment.TEAM)

    rows = measure_fairness(
        load_demos(AROUND, session=session),
        period=Interval(NOW, NOW + DAY),
        session=session,
    )

    assert rows == [
        Fairness(host_id=anna.id, segment=Segment.TEAM, assigned=Share(3, 3), promised=Share(1, 2)),
        Fairness(host_id=ben.id, segment=Segment.TEAM, assigned=Share(0, 3), promised=Share(1, 2)),
    ]


def test_report_takes_as_many_queries_for_many_as_for_one(session: Session) -> None:
    make_organisation(session)
    host = make_staff(session)
    event_type = make_event_type(session, hosts=[host])

    taken = []
    for n in range(3):
        meeting = make_meeting(
            session, event_type=event_type, hosts=[host], start=START + n * timedelta(hours=1)
        )
        make_booking(session, meeting=meeting)
        with statements_on(session.get_bind().engine) as statements:
            make_report(
                Days(date(2026, 11, 16), date(2026, 11, 29)),
                selection=Selection(),
                by=By.HOST,
                zone=time_zone("Europe/Berlin"),
                now=NOW + 7 * DAY,
                session=session,
            )
        taken.append(len(statements))

    assert taken[0] == taken[2]


def test_response_is_measured_from_the_wish_to_its_first_answer(session: Session) -> None:
    make_organisation(session)
    event_type = make_event_type(session, hosts=[make_staff(session)])
    for number, hours in enumerate((2, 5, None)):
        wish = express(event_type, session=session, email=f"lead-{number}@kunde.example")
        wish.answered_at = wish.created_at + timedelta(hours=hours) if hours else None
    session.flush()

    response = measure_response(Interval(NOW, NOW + DAY), selection=Selection(), session=session)
    of_nobody = measure_response(
        Interval(NOW, NOW + DAY), selection=Selection(source="ad"), session=session
    )

    assert response == Response(
        answered=Share(2, 3), gap_median=timedelta(hours=2), gap_p90=timedelta(hours=5)
    )
    assert of_nobody == Response(answered=Share(0, 0), gap_median=None, gap_p90=None)
