"""Staff and lead change one booking at one moment: nobody overwrites what they have not seen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from threading import Barrier, Event, Thread

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.availability.interval import Interval
from booking.bookings.authority import ONCE_SETTLED
from booking.bookings.hand_over import hand_over
from booking.bookings.models import Booking, MeetingHost
from booking.bookings.refusals import ChangedMeanwhileError
from booking.bookings.reschedule import reschedule_booking
from booking.bookings.seen import open_seen
from booking.bookings.take_time_off import Decision, Deed, UndecidedDemosError, take_time_off
from booking.bookings.tokens import Purpose, get_booking
from booking.errors import BookingError
from booking.event_types.models import EventType
from booking.history import version_of
from booking.invariants.check import find_violations
from booking.staff.models import Staff, TimeOff
from tests.bookings_at_work import confirm, let_anybody
from tests.factories import (
    NOW,
    START,
    make_booking,
    make_event_type,
    make_meeting,
    make_organisation,
    make_staff,
)
from tests.fixtures.application import UnitOfWork

LATER = START + timedelta(hours=1)
Act = Callable[[Session], None]


@dataclass
class Pair:
    """A booking of one of two colleagues, as somebody has seen it."""

    token: str
    public_id: str
    version: int
    host: int
    colleague: int


def at_once(acts: Sequence[Act], *, transaction: UnitOfWork) -> list[BookingError | None]:
    """Do all of ``acts`` at one moment, each in a transaction; return how each was refused."""
    barrier = Barrier(len(acts))
    refusals: list[BookingError | None] = [None] * len(acts)

    def run(number: int, act: Act) -> None:
        barrier.wait()
        try:
            with transaction() as session:
                act(session)
        except BookingError as refusal:
            refusals[number] = refusal

    threads = [Thread(target=run, args=(number, act)) for number, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refusals


def handing_over(seen: Pair, *, to: int) -> Act:
    def act(session: Session) -> None:
        hand_over(
            open_seen(seen.public_id, version=seen.version, authorise=let_anybody, session=session),
            leaving=seen.host,
            to=to,
            overruled=ONCE_SETTLED,
            actor="staff:1",
            now=NOW,
            session=session,
        )

    return act


def moving(token: str) -> Act:
    def act(session: Session) -> None:
        booking = get_booking(token, purpose=Purpose.MANAGE, session=session, for_change=True)
        reschedule_booking(booking, start=LATER, now=NOW, session=session)

    return act


def violations(session: Session) -> list[object]:
    return list(find_violations(now=NOW, lease=timedelta(minutes=5), session=session))


@pytest.fixture
def pair(transaction: UnitOfWork) -> Pair:
    with transaction() as session:
        make_organisation(session)
        hosts = [make_staff(session), make_staff(session)]
        made = confirm(make_event_type(session, hosts=hosts), session=session)
        host = made.booking.meeting.hosts[0].host_id
        return Pair(
            token=made.token,
            public_id=made.booking.public_id,
            version=version_of(made.booking, session=session),
            host=host,
            colleague=next(one.id for one in hosts if one.id != host),
        )


@pytest.mark.parametrize("lead_is_first", [True, False])
def test_demo_that_its_lead_moves_is_handed_over_as_it_was_seen_or_not_at_all(
    pair: Pair, transaction: UnitOfWork, lead_is_first: bool
) -> None:
    acts = [moving(pair.token), handing_over(pair, to=pair.colleague)]

    refusals = at_once(acts if lead_is_first else acts[::-1], transaction=transaction)

    with transaction() as session:
        booking = session.scalars(select(Booking)).one()
        hosts = [row.host_id for row in booking.meeting.hosts]
        assert violations(session) == []
    refused = [refusal for refusal in refusals if refusal is not None]
    assert {type(refusal) for refusal in refused} <= {ChangedMeanwhileError}
    assert booking.meeting.starts_at == LATER
    assert hosts == [pair.host if refused else pair.colleague]


def test_demo_that_two_hand_over_at_once_goes_to_one_of_the_two(
    pair: Pair, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        other = make_staff(session).id
    successors = [pair.colleague, other]

    refusals = at_once([handing_over(pair, to=to) for to in successors], transaction=transaction)

    with transaction() as session:
        booking = session.scalars(select(Booking)).one()
        hosts = [row.host_id for row in booking.meeting.hosts]
        assert violations(session) == []
    assert sorted(type(refusal).__name__ for refusal in refusals) == [
        "ChangedMeanwhileError",
        "NoneType",
    ]
    assert hosts == [successors[refusals.index(None)]]


def test_colleague_to_whom_two_demos_are_handed_over_at_once_gets_one(
    pair: Pair, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        alone = make_staff(session)
        made = confirm(
            make_event_type(session, hosts=[alone]), session=session, email="max@kunde.de"
        )
        second = Pair(
            token=made.token,
            public_id=made.booking.public_id,
            version=version_of(made.booking, session=session),
            host=alone.id,
            colleague=pair.colleague,
        )

    refusals = at_once(
        [handing_over(one, to=pair.colleague) for one in (pair, second)], transaction=transaction
    )

    with transaction() as session:
        given = session.scalars(
            select(MeetingHost).where(MeetingHost.host_id == pair.colleague, MeetingHost.active)
        ).all()
        assert violations(session) == []
    assert sorted(type(refusal).__name__ for refusal in refusals) == ["NoneType", "SlotTakenError"]
    assert len(given) == 1


def test_two_who_hand_their_demos_to_each_other_are_never_both_away(
    transaction: UnitOfWork,
) -> None:
    with transaction() as session:
        make_organisation(session)
        hosts = [make_staff(session), make_staff(session)]
        event_type = make_event_type(session, hosts=hosts)
        for number, host in enumerate(hosts):
            start = START + number * timedelta(hours=1)
            meeting = make_meeting(session, event_type=event_type, hosts=[host], start=start)
            make_booking(session, meeting=meeting, public_id=f"demo-{number}")
        ids = [host.id for host in hosts]

    def leaving(number: int) -> Act:
        decision = Decision(deed=Deed.HAND_OVER, version=0, to=ids[1 - number])

        def act(session: Session) -> None:
            take_time_off(
                session.get_one(Staff, ids[number]),
                interval=Interval(START, START + timedelta(hours=4)),
                note="",
                decisions={f"demo-{number}": decision},
                authorise=let_anybody,
                actor=f"staff:{ids[number]}",
                now=NOW,
                session=session,
            )

        return act

    refusals = at_once([leaving(0), leaving(1)], transaction=transaction)

    with transaction() as session:
        away = session.scalars(select(TimeOff.staff_id)).all()
        giving = session.scalars(select(MeetingHost.host_id)).all()
    assert sorted(type(refusal) for refusal in refusals if refusal) == [UndecidedDemosError]
    assert len(away) == 1
    assert set(giving) == set(ids) - set(away)


def test_demo_that_is_just_being_booked_is_in_the_way(transaction: UnitOfWork) -> None:
    with transaction() as session:
        make_organisation(session)
        host_id = make_staff(session).id
        make_event_type(session, hosts=[session.get_one(Staff, host_id)])
    is_booked, refusals = Event(), []

    def leave() -> None:
        is_booked.wait()
        try:
            with transaction() as session:
                take_time_off(
                    session.get_one(Staff, host_id),
                    interval=Interval(START, START + timedelta(hours=4)),
                    note="",
                    decisions={},
                    authorise=let_anybody,
                    actor="staff:1",
                    now=NOW,
                    session=session,
                )
        except BookingError as refusal:
            refusals.append(type(refusal))

    leaving = Thread(target=leave)
    leaving.start()
    with transaction() as session:
        confirm(session.scalars(select(EventType)).one(), session=session)
        is_booked.set()
        # Long enough for the other to look, if it did not wait for this to end.
        leaving.join(timeout=0.5)
    leaving.join()

    assert refusals == [UndecidedDemosError]
