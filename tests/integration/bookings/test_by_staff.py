"""What staff do with a booking: move it, hand it over, book for a lead, mend what was typed."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.availability.explain import ReasonCode
from booking.bookings.authority import BY_DEFAULT, ONCE_SETTLED, OVERRULABLE, can_be_overruled
from booking.bookings.book_for_lead import book_for_lead
from booking.bookings.cancel import cancel_booking
from booking.bookings.correct_address import correct_address
from booking.bookings.correct_segment import correct_segment
from booking.bookings.hand_over import hand_over
from booking.bookings.models import Booking, BookingToken
from booking.bookings.move_by_staff import move_by_staff
from booking.bookings.placement import Search
from booking.bookings.refusals import (
    AlreadyBookedError,
    AlreadyCancelledError,
    ChangedMeanwhileError,
    SlotNotOfferedError,
    SlotTakenError,
    TooLateError,
)
from booking.bookings.renew_links import renew_links
from booking.bookings.reschedule import reschedule_booking
from booking.bookings.seen import open_seen
from booking.bookings.successors import list_successors
from booking.bookings.tokens import Purpose, find_booking
from booking.errors import InvalidFieldsError, NotFoundError
from booking.event_types.models import EventType
from booking.history import HistoryEntry, version_of
from booking.invariants.check import find_violations
from booking.leads.models import Lead
from booking.outbox.models import Message, MessageState
from booking.segment import Segment
from booking.staff.models import Staff
from tests.bookings_at_work import INSTALLATION, confirm, details, let_anybody, let_mails_leave
from tests.factories import (
    NOW,
    START,
    make_busy_time,
    make_event_type,
    make_organisation,
    make_question,
    make_staff,
)

ANNA = "staff:1"
EVENING = START + timedelta(hours=10)
LATER = START + timedelta(hours=1)
TOO_FAR = datetime(3000, 1, 1, tzinfo=UTC)
LEASE = timedelta(minutes=5)


@pytest.fixture
def hosts(session: Session) -> list[Staff]:
    make_organisation(session)
    return [make_staff(session) for _ in range(3)]


@pytest.fixture
def event_type(session: Session, hosts: list[Staff]) -> EventType:
    return make_event_type(session, hosts=hosts[:2])


@pytest.fixture
def booking(event_type: EventType, session: Session) -> Booking:
    booking = confirm(event_type, session=session).booking
    let_mails_leave(session)
    return booking


def host_of(booking: Booking) -> int:
    return booking.meeting.hosts[0].host_id


def mails(session: Session) -> list[str]:
    """Return which mails are still to be sent, but for reminders."""
    queued = session.scalars(
        select(Message).where(Message.state == MessageState.QUEUED, Message.kind != "reminder")
    )
    return sorted(f"{message.kind} {message.recipient}" for message in queued)


def last_entry(action: str, *, session: Session) -> HistoryEntry:
    return session.scalars(
        select(HistoryEntry).where(HistoryEntry.action == action).order_by(HistoryEntry.id.desc())
    ).first()  # type: ignore[return-value]  # there is one


def violations(session: Session) -> list[object]:
    session.flush()
    return list(find_violations(now=NOW, lease=LEASE, session=session))


def test_staff_move_outside_the_hours_only_by_saying_so(booking: Booking, session: Session) -> None:
    asked = {"actor": ANNA, "now": NOW, "session": session}

    with pytest.raises(SlotNotOfferedError) as refusal:
        move_by_staff(booking, start=EVENING, overruled=BY_DEFAULT, **asked)
    host_id = host_of(booking)
    move_by_staff(booking, start=EVENING, overruled=OVERRULABLE, **asked)

    assert [reason.code for reason in refusal.value.reasons] == [ReasonCode.OUTSIDE_HOURS]
    assert can_be_overruled(refusal.value, needs_all=True)
    assert (booking.meeting.starts_at, booking.meeting.sequence) == (EVENING, 1)
    assert (booking.changes, host_of(booking)) == (0, host_id)
    assert mails(session) == ["moved host", "moved lead"]
    entry = last_entry("moved", session=session)
    assert (entry.actor, entry.facts["to"]["start"]) == (ANNA, EVENING.isoformat())
    told = session.scalars(select(Message).where(Message.kind == "moved")).first()
    assert told is not None
    assert told.facts["by"] == ANNA
    assert violations(session) == []


def test_staff_may_name_a_minute_off_the_grid(booking: Booking, session: Session) -> None:
    start = START + timedelta(minutes=7)

    move_by_staff(booking, start=start, overruled=BY_DEFAULT, actor=ANNA, now=NOW, session=session)

    assert booking.meeting.starts_at == start


def test_staff_never_move_onto_another_booking_nor_into_an_absence(
    hosts: list[Staff], session: Session
) -> None:
    event_type = make_event_type(session, hosts=hosts[:1])
    one = confirm(event_type, session=session).booking
    confirm(event_type, session=session, email="max@kunde.de", start=LATER)
    busy = START + timedelta(hours=3)
    make_busy_time(session, staff=hosts[0], start=busy, end=busy + timedelta(hours=1))
    asked = {"overruled": OVERRULABLE, "actor": ANNA, "now": NOW, "session": session}

    with pytest.raises(SlotTakenError) as taken:
        move_by_staff(one, start=LATER, **asked)
    with pytest.raises(SlotNotOfferedError) as away:
        move_by_staff(one, start=busy, **asked)

    assert not can_be_overruled(taken.value, needs_all=True)
    assert not can_be_overruled(away.value, needs_all=True)
    assert one.meeting.starts_at == START
    assert violations(session) == []


def test_staff_change_nothing_that_has_begun_is_cancelled_or_lies_in_the_past(
    booking: Booking, hosts: list[Staff], session: Session
) -> None:
    late = {"actor": ANNA, "now": START, "session": session}
    to = next(host.id for host in hosts if host.id != host_of(booking))

    with pytest.raises(TooLateError):
        move_by_staff(booking, start=LATER, overruled=OVERRULABLE, **late)
    with pytest.raises(TooLateError):
        hand_over(booking, leaving=host_of(booking), to=to, overruled=ONCE_SETTLED, **late)
    with pytest.raises(TooLateError):
        renew_links(booking, installation=INSTALLATION, **late)
    with pytest.raises(InvalidFieldsError, match="time: over"):
        move_by_staff(
            booking, start=NOW, overruled=OVERRULABLE, actor=ANNA, now=NOW, session=session
        )
    with pytest.raises(InvalidFieldsError, match="date: out_of_range"):
        move_by_staff(
            booking, start=TOO_FAR, overruled=OVERRULABLE, actor=ANNA, now=NOW, session=session
        )
    cancel_booking(booking, reason=None, now=NOW, session=session)
    with pytest.raises(AlreadyCancelledError):
        move_by_staff(
            booking, start=LATER, overruled=OVERRULABLE, actor=ANNA, now=NOW, session=session
        )

    assert booking.meeting.starts_at == START


def test_move_to_the_present_time_is_no_news(booking: Booking, session: Session) -> None:
    move_by_staff(booking, start=START, overruled=OVERRULABLE, actor=ANNA, now=NOW, session=session)

    assert (booking.meeting.sequence, mails(session)) == (0, [])


def test_handed_over_demo_keeps_uid_and_time_and_everybody_is_told(
    booking: Booking, hosts: list[Staff], session: Session
) -> None:
    uid, leaving = booking.meeting.uid, host_of(booking)
    # The third is not in the pool.
    to = hosts[2].id

    hand_over(
        booking,
        leaving=leaving,
        to=to,
        overruled=ONCE_SETTLED,
        actor=ANNA,
        now=NOW,
        session=session,
    )

    meeting = booking.meeting
    assert (meeting.uid, meeting.sequence, meeting.starts_at) == (uid, 1, START)
    assert [host.host_id for host in meeting.hosts] == [to]
    assert booking.assignment == {"rule": "chosen", "hosts": [to]}
    assert mails(session) == ["confirmation host", "handed_over lead", "uninvited host"]
    told = session.scalars(select(Message).where(Message.kind == "uninvited")).one()
    assert (told.staff_id, told.facts["host_ids"]) == (leaving, [to])
    assert last_entry("handed_over", session=session).facts == {
        "from": {"start": START.isoformat(), "hosts": [leaving]},
        "to": {"start": START.isoformat(), "hosts": [to]},
        "sequence": 1,
    }
    assert violations(session) == []


def test_demo_handed_over_and_back_at_once_is_news_to_nobody(
    booking: Booking, hosts: list[Staff], session: Session
) -> None:
    first, second = host_of(booking), hosts[2].id
    asked = {"overruled": ONCE_SETTLED, "actor": ANNA, "now": NOW, "session": session}

    hand_over(booking, leaving=first, to=second, **asked)
    hand_over(booking, leaving=second, to=first, **asked)

    assert (booking.meeting.sequence, mails(session)) == (2, [])
    assert violations(session) == []


def test_lead_who_heard_of_the_successor_hears_of_the_way_back(
    booking: Booking, hosts: list[Staff], session: Session
) -> None:
    first, second = host_of(booking), hosts[2].id
    asked = {"overruled": ONCE_SETTLED, "actor": ANNA, "session": session}
    hand_over(booking, leaving=first, to=second, now=NOW, **asked)
    let_mails_leave(session, now=NOW + timedelta(minutes=1))

    hand_over(booking, leaving=second, to=first, now=NOW + timedelta(minutes=2), **asked)

    assert mails(session) == ["confirmation host", "handed_over lead", "uninvited host"]
    assert violations(session) == []


def test_demo_is_handed_over_to_nobody_who_is_booked_or_has_left(
    event_type: EventType, hosts: list[Staff], session: Session
) -> None:
    one = confirm(event_type, session=session).booking
    other = confirm(event_type, session=session, email="max@kunde.de").booking
    hosts[2].active = False
    asked = {"overruled": OVERRULABLE, "actor": ANNA, "now": NOW, "session": session}

    with pytest.raises(SlotTakenError):
        hand_over(one, leaving=host_of(one), to=host_of(other), **asked)
    with pytest.raises(InvalidFieldsError):
        hand_over(one, leaving=host_of(one), to=hosts[2].id, **asked)
    with pytest.raises(InvalidFieldsError):
        hand_over(one, leaving=host_of(other), to=hosts[2].id, **asked)

    assert host_of(one) != host_of(other)
    assert violations(session) == []


def test_successors_are_ranked_by_freedom_then_by_whose_turn_it_is(
    booking: Booking, hosts: list[Staff], session: Session
) -> None:
    colleague = next(host for host in hosts[:2] if host.id != host_of(booking))
    away = make_staff(session, hours=())
    busy = make_staff(session)
    make_busy_time(session, staff=busy, start=START, end=LATER)

    successors = list_successors(booking, now=NOW, session=session)

    assert [(one.staff.id, one.rank, one.obstacles, one.is_possible) for one in successors] == [
        (colleague.id, 1, (), True),
        (hosts[2].id, None, (), True),
        (away.id, None, (ReasonCode.OUTSIDE_HOURS,), True),
        (busy.id, None, (ReasonCode.BUSY,), False),
    ]


def search_for(event_type: EventType, **changes: object) -> Search:
    asked = {"segment": Segment.INDIVIDUAL, "start": START, "now": NOW} | changes
    return Search(event_type=event_type, **asked)  # type: ignore[arg-type]  # as a test asks


def test_booking_for_a_lead_names_who_booked_and_mails_as_usual(
    event_type: EventType, hosts: list[Staff], session: Session
) -> None:
    search = search_for(event_type, host_ids=(hosts[2].id,), start=EVENING, overruled=OVERRULABLE)

    booking = book_for_lead(
        search, details=details(), actor=ANNA, session=session, installation=INSTALLATION
    )

    assert (booking.meeting.starts_at, host_of(booking)) == (EVENING, hosts[2].id)
    assert (booking.marketing_opt_in, booking.email) == (False, "erika@kunde.de")
    entry = last_entry("confirmed", session=session)
    assert (entry.actor, entry.facts["notice"]) == (ANNA, "told")
    assert entry.facts["assignment"] == {"rule": "chosen", "hosts": [hosts[2].id]}
    assert mails(session) == ["confirmation host", "confirmation lead"]
    assert violations(session) == []


def test_booking_for_a_lead_knows_no_limits_of_leads_but_their_wish_to_be_left_alone(
    event_type: EventType, session: Session
) -> None:
    event_type.questions = [make_question("crm", required=True)]
    asked = {"actor": ANNA, "session": session, "installation": INSTALLATION}
    for hour in range(5):
        start = START + timedelta(hours=hour)
        book_for_lead(search_for(event_type, start=start), details=details(), **asked)

    with pytest.raises(AlreadyBookedError):
        book_for_lead(search_for(event_type), details=details(), **asked)
    lead = session.scalars(select(Lead)).one()
    lead.suppressed_until = NOW + timedelta(days=1)
    last = START + timedelta(hours=5)
    with pytest.raises(InvalidFieldsError, match="email: suppressed"):
        book_for_lead(search_for(event_type, start=last), details=details(), **asked)
    ours = details(email=INSTALLATION.sender)
    with pytest.raises(InvalidFieldsError, match="email: own_address"):
        book_for_lead(search_for(event_type, start=last), details=ours, **asked)

    assert len(session.scalars(select(Booking)).all()) == 5
    assert violations(session) == []


def test_address_is_corrected_by_staff_at_any_time(booking: Booking, session: Session) -> None:
    now = NOW + timedelta(hours=3)
    asked = {
        "authorise": let_anybody,
        "actor": ANNA,
        "now": now,
        "session": session,
        "installation": INSTALLATION,
    }
    version = version_of(booking, session=session)

    correct_address(booking.public_id, version=version, email="erika@firma.example", **asked)
    with pytest.raises(ChangedMeanwhileError) as refusal:
        correct_address(booking.public_id, version=version, email="else@firma.example", **asked)

    assert (booking.email, booking.meeting.sequence) == ("erika@firma.example", 1)
    assert mails(session) == ["confirmation lead", "readdressed host", "withdrawn lead"]
    assert [(entry.action, entry.actor) for entry in refusal.value.entries] == [
        ("readdressed", ANNA)
    ]
    revoked = select(BookingToken).where(BookingToken.revoked_at == now)
    assert len(session.scalars(revoked).all()) == 2
    assert violations(session) == []


def test_address_of_a_lead_who_wants_no_bookings_is_not_taken(
    booking: Booking, session: Session
) -> None:
    session.add(
        Lead(
            address="left@alone.example",
            mailbox="left@alone.example",
            created_at=NOW,
            suppressed_until=NOW + timedelta(days=1),
        )
    )
    session.flush()
    asked = {
        "version": version_of(booking, session=session),
        "authorise": let_anybody,
        "actor": ANNA,
        "now": NOW,
        "session": session,
        "installation": INSTALLATION,
    }

    with pytest.raises(InvalidFieldsError, match="email: suppressed"):
        correct_address(booking.public_id, email="left@alone.example", **asked)
    correct_address(booking.public_id, email="ERIKA@kunde.de", **asked)
    cancel_booking(booking, reason=None, now=NOW, session=session)
    asked["version"] = version_of(booking, session=session)
    with pytest.raises(AlreadyCancelledError):
        correct_address(booking.public_id, email="erika@firma.example", **asked)

    assert (booking.email, booking.meeting.sequence) == ("erika@kunde.de", 1)


def test_segment_is_corrected_and_what_was_chosen_is_kept(
    booking: Booking, session: Session
) -> None:
    for _ in range(2):
        correct_segment(booking, segment=Segment.TEAM, actor=ANNA, now=NOW, session=session)
    event_type = session.get_one(EventType, booking.meeting.event_type_id)
    event_type.segments = ["team"]
    with pytest.raises(InvalidFieldsError):
        correct_segment(booking, segment=Segment.INDIVIDUAL, actor=ANNA, now=NOW, session=session)

    assert (booking.segment, booking.original_segment) == (Segment.TEAM, Segment.INDIVIDUAL)
    facts = session.scalars(
        select(HistoryEntry.facts).where(HistoryEntry.action == "segment_corrected")
    ).all()
    assert facts == [{"from": "individual", "to": "team"}]
    assert violations(session) == []


def test_renewed_links_are_mailed_and_the_former_ones_open_nothing(
    event_type: EventType, session: Session
) -> None:
    made = confirm(event_type, session=session)
    let_mails_leave(session)

    for _ in range(2):
        renew_links(made.booking, actor=ANNA, now=NOW, session=session, installation=INSTALLATION)

    session.flush()
    assert find_booking(made.token, purpose=Purpose.MANAGE, session=session) is None
    assert mails(session) == ["link lead", "link lead"]
    assert violations(session) == []


def test_address_is_not_corrected_by_whoever_may_not_change_the_booking_any_more(
    booking: Booking, session: Session
) -> None:
    """Who gives it is asked when it is locked: between page and change it may be handed over."""
    asked_about = []

    def refuse(locked: Booking) -> None:
        asked_about.append(locked)
        raise NotFoundError

    with pytest.raises(NotFoundError):
        correct_address(
            booking.public_id,
            version=version_of(booking, session=session),
            authorise=refuse,
            email="erika@firma.example",
            actor=ANNA,
            now=NOW,
            session=session,
            installation=INSTALLATION,
        )

    assert (asked_about, booking.email) == ([booking], "erika@kunde.de")


def test_booking_that_has_changed_since_is_not_opened(booking: Booking, session: Session) -> None:
    version = version_of(booking, session=session)
    asked = {"version": version, "authorise": let_anybody, "session": session}
    assert open_seen(booking.public_id, **asked) is booking

    reschedule_booking(booking, start=LATER, now=NOW, session=session)

    with pytest.raises(ChangedMeanwhileError) as refusal:
        open_seen(booking.public_id, **asked)
    with pytest.raises(NotFoundError):
        open_seen("nothing", **asked)
    assert [entry.action for entry in refusal.value.entries] == ["moved"]
