"""Blocking time: the demos in it are told of first, and the calendar is locked."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.availability.interval import Interval
from booking.bookings.lifecycle import BookingState
from booking.bookings.models import Booking, Meeting, MeetingHost
from booking.bookings.take_time_off import Decision, Deed, UndecidedDemosError, take_time_off
from booking.bookings.touched_demos import list_touched
from booking.history import HistoryEntry, record, version_of
from booking.outbox.models import Message, Recipient
from booking.staff.block_time import give_time_back
from booking.staff.models import Staff, TimeOff
from tests.bookings_at_work import let_anybody
from tests.factories import (
    NOW,
    START,
    make_booking,
    make_busy_time,
    make_event_type,
    make_meeting,
    make_organisation,
    make_staff,
    make_time_off,
)
from tests.statements import statements_on

AFTERNOON = Interval(START, START + timedelta(hours=4))


@pytest.fixture
def host(session: Session) -> Staff:
    """A host with a demo in AFTERNOON, one that has been cancelled, and one after it."""
    host = make_staff(session)
    event_type = make_event_type(session, hosts=[host])
    for hours, changes in (
        (1, {"public_id": "inside"}),
        (2, {"public_id": "cancelled", "state": BookingState.CANCELLED}),
        (4, {"public_id": "after"}),
    ):
        start = START + timedelta(hours=hours)
        meeting = make_meeting(session, event_type=event_type, hosts=[host], start=start)
        meeting.hosts[0].active = changes.get("state") is not BookingState.CANCELLED
        make_booking(session, meeting=meeting, **changes)
    return host


@pytest.fixture
def team(session: Session) -> tuple[Staff, Staff]:
    """A host with three demos in AFTERNOON, and a colleague from the same pool."""
    make_organisation(session)
    host, colleague = make_staff(session), make_staff(session)
    event_type = make_event_type(session, hosts=[host, colleague])
    for hours, public_id in enumerate(("first", "second", "third")):
        start = START + timedelta(hours=hours)
        meeting = make_meeting(session, event_type=event_type, hosts=[host], start=start)
        make_booking(session, meeting=meeting, public_id=public_id)
    return host, colleague


def hosts_of_demos(session: Session) -> dict[str, int]:
    rows = session.execute(
        select(Booking.public_id, MeetingHost.host_id)
        .join(Meeting, Booking.meeting_id == Meeting.id)
        .join(MeetingHost, MeetingHost.meeting_id == Meeting.id)
    )
    return dict(rows.all())


def block(host: Staff, session: Session, **decisions: Decision) -> None:
    take_time_off(
        host,
        interval=AFTERNOON,
        note="Zahnarzt",
        decisions=decisions,
        authorise=let_anybody,
        actor="staff:7",
        now=NOW,
        session=session,
    )


def kept(version: int = 0) -> Decision:
    return Decision(deed=Deed.KEEP, version=version)


def absences(session: Session) -> list[TimeOff]:
    return list(session.scalars(select(TimeOff)))


def undo(session: Session) -> None:
    """End the transaction as its edge does after a refusal."""
    session.rollback()


def test_time_with_demos_is_not_blocked_before_it_is_decided_what_becomes_of_them(
    host: Staff, session: Session
) -> None:
    with pytest.raises(UndecidedDemosError):
        block(host, session, after=kept())

    assert absences(session) == []


def test_time_is_blocked_once_it_is_decided(host: Staff, session: Session) -> None:
    block(host, session, inside=kept())
    block(host, session, inside=kept())

    time_off = session.scalars(select(TimeOff)).one()
    entry = session.scalars(select(HistoryEntry)).one()
    session.refresh(host)
    assert (time_off.staff_id, time_off.starts_at, time_off.ends_at, time_off.note) == (
        host.id,
        AFTERNOON.start,
        AFTERNOON.end,
        "Zahnarzt",
    )
    assert host.calendar_version >= 1
    assert (entry.actor, entry.action, entry.subject, entry.subject_id, entry.facts) == (
        "staff:7",
        "time_blocked",
        "staff",
        host.id,
        {
            "time_off": time_off.id,
            "start": AFTERNOON.start.isoformat(),
            "end": AFTERNOON.end.isoformat(),
        },
    )


def test_demo_that_is_over_is_not_in_the_way(host: Staff, session: Session) -> None:
    take_time_off(
        host,
        interval=AFTERNOON,
        note="",
        decisions={},
        authorise=let_anybody,
        actor="staff:7",
        now=START + timedelta(hours=3),
        session=session,
    )

    assert len(absences(session)) == 1


def test_everything_decided_is_done_at_once(team: tuple[Staff, Staff], session: Session) -> None:
    host, colleague = team

    block(
        host,
        session,
        first=Decision(deed=Deed.HAND_OVER, version=0, to=colleague.id),
        second=Decision(deed=Deed.ASK, version=0),
        third=kept(),
    )

    entries = session.scalars(select(HistoryEntry).order_by(HistoryEntry.id)).all()
    assert [(entry.action, entry.subject, entry.actor) for entry in entries] == [
        ("handed_over", "booking", "staff:7"),
        ("move_asked", "booking", "staff:7"),
        ("time_blocked", "staff", "staff:7"),
    ]
    assert hosts_of_demos(session) == {"first": colleague.id, "second": host.id, "third": host.id}
    mails = session.scalars(select(Message).where(Message.kind == "move_asked")).all()
    assert [(mail.recipient, mail.sequence, mail.expires_at) for mail in mails] == [
        (Recipient.LEAD, 0, START + timedelta(hours=1))
    ]
    assert len(absences(session)) == 1


def test_time_that_is_blocked_already_is_not_blocked_again_but_all_decided_is_done(
    team: tuple[Staff, Staff], session: Session
) -> None:
    host, colleague = team
    block(host, session, first=kept(), second=kept(), third=kept())
    decided = {
        "first": Decision(deed=Deed.HAND_OVER, version=0, to=colleague.id),
        "second": Decision(deed=Deed.ASK, version=0),
        "third": kept(),
    }

    block(host, session, **decided)
    # The form is sent twice: what has changed since is what was decided.
    block(host, session, **decided)
    with pytest.raises(UndecidedDemosError) as raised:
        block(host, session, second=Decision(deed=Deed.HAND_OVER, version=0, to=1), third=kept())

    actions = session.scalars(select(HistoryEntry.action).order_by(HistoryEntry.id)).all()
    assert actions == ["time_blocked", "handed_over", "move_asked"]
    assert hosts_of_demos(session) == {"first": colleague.id, "second": host.id, "third": host.id}
    assert raised.value.changed.keys() == {"second"}
    assert len(absences(session)) == 1


def test_lead_is_asked_once_and_time_within_an_absence_is_no_second_one(
    host: Staff, session: Session
) -> None:
    inside = session.scalars(select(Booking).where(Booking.public_id == "inside")).one()
    for hours in (4, 3, 5):
        take_time_off(
            host,
            interval=Interval(START, START + timedelta(hours=hours)),
            note=f"{hours} hours",
            decisions={
                "inside": Decision(deed=Deed.ASK, version=version_of(inside, session=session)),
                "after": kept(),
            },
            authorise=let_anybody,
            actor="staff:7",
            now=NOW,
            session=session,
        )

    mails = session.scalars(select(Message).where(Message.kind == "move_asked")).all()
    assert [mail.sequence for mail in mails] == [0]
    assert [one.note for one in absences(session)] == ["4 hours", "5 hours"]


@pytest.mark.parametrize("version", [-1, 999_999_999])
def test_version_that_never_was_is_none(
    team: tuple[Staff, Staff], session: Session, version: int
) -> None:
    host, _ = team

    with pytest.raises(UndecidedDemosError) as raised:
        block(host, session, first=kept(version), second=kept(), third=kept())

    assert raised.value.changed == {"first": ()}
    assert absences(session) == []


def test_one_that_cannot_be_done_leaves_all_undone(
    team: tuple[Staff, Staff], session: Session
) -> None:
    host, colleague = team
    make_busy_time(
        session,
        staff=colleague,
        start=START + timedelta(hours=1),
        end=START + timedelta(hours=2),
    )
    session.commit()

    with pytest.raises(UndecidedDemosError) as raised:
        block(
            host,
            session,
            first=Decision(deed=Deed.HAND_OVER, version=0, to=colleague.id),
            second=Decision(deed=Deed.HAND_OVER, version=0, to=colleague.id),
            third=Decision(deed=Deed.HAND_OVER, version=0, to=host.id),
        )
    undo(session)

    assert {
        public_id: [reason.code for reason in reasons]
        for public_id, reasons in raised.value.refused.items()
    } == {"second": ["busy"], "third": []}
    assert hosts_of_demos(session) == {"first": host.id, "second": host.id, "third": host.id}
    assert (absences(session), session.scalars(select(Message)).all()) == ([], [])


def test_demo_that_has_changed_meanwhile_is_told(
    team: tuple[Staff, Staff], session: Session
) -> None:
    host, _ = team
    second = session.scalars(select(Booking).where(Booking.public_id == "second")).one()
    facts = {"from": "individual", "to": "team"}
    record(
        "segment_corrected", subject=second, actor="staff:9", facts=facts, now=NOW, session=session
    )

    with pytest.raises(UndecidedDemosError) as raised:
        block(host, session, first=kept(), second=kept(), third=kept())

    told = {
        public_id: [entry.action for entry in entries]
        for public_id, entries in raised.value.changed.items()
    }
    assert told == {"second": ["segment_corrected"]}
    assert absences(session) == []


def test_lead_who_could_not_move_any_more_is_not_asked(host: Staff, session: Session) -> None:
    with pytest.raises(UndecidedDemosError) as raised:
        take_time_off(
            host,
            interval=AFTERNOON,
            note="",
            decisions={"inside": Decision(deed=Deed.ASK, version=0)},
            authorise=let_anybody,
            actor="staff:7",
            now=START - timedelta(minutes=9),
            session=session,
        )

    assert raised.value.refused == {"inside": ()}


def test_colleagues_are_proposed_by_turn_and_not_one_for_all(session: Session) -> None:
    host, one, other, outside = (make_staff(session) for _ in range(4))
    event_type = make_event_type(session, hosts=[host, one, other])
    for hours in range(3):
        start = START + timedelta(hours=hours)
        meeting = make_meeting(session, event_type=event_type, hosts=[host], start=start)
        make_booking(session, meeting=meeting, public_id=f"demo-{hours}")
    make_time_off(
        session, staff=one, start=START + timedelta(hours=2), end=START + timedelta(hours=3)
    )

    touched = list_touched(host, interval=AFTERNOON, now=NOW, session=session)

    assert [
        (demo.public_id, demo.proposed, [free.staff.id for free in demo.free]) for demo in touched
    ] == [
        ("demo-0", one.id, [one.id, other.id, outside.id]),
        ("demo-1", other.id, [one.id, other.id, outside.id]),
        ("demo-2", other.id, [other.id, outside.id]),
    ]


def test_proposals_take_as_many_queries_for_three_demos_as_for_one(
    team: tuple[Staff, Staff], session: Session
) -> None:
    host, _ = team
    counts = []
    for hours in (1, 4):
        session.expire_all()
        session.refresh(host)
        interval = Interval(START, START + timedelta(hours=hours))
        with statements_on(session.get_bind().engine) as statements:
            touched = list_touched(host, interval=interval, now=NOW, session=session)
        counts.append((len(touched), len(statements)))

    (few, of_few), (many, of_many) = counts
    assert (few, many) == (1, 3)
    assert of_few == of_many


def test_time_is_given_back_once(session: Session) -> None:
    host = make_staff(session)
    time_off = make_time_off(session, staff=host, start=AFTERNOON.start, end=AFTERNOON.end)

    for _ in range(2):
        give_time_back(time_off, actor="staff:7", now=NOW, session=session)

    actions = session.scalars(select(HistoryEntry.action)).all()
    session.refresh(host)
    assert session.scalars(select(TimeOff)).all() == []
    assert (actions, host.calendar_version) == (["time_given_back"], 2)
