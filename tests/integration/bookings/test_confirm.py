"""Confirming: everything that belongs to a booking is written at once, or nothing is."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.bookings.cancel import cancel_booking
from booking.bookings.lifecycle import BookingState
from booking.bookings.models import Booking, MeetingHost
from booking.bookings.refusals import (
    AlreadyBookedError,
    NoticeChangedError,
    SlotNotOfferedError,
    SlotTakenError,
    TooManyOpenError,
)
from booking.bookings.tokens import Purpose, get_booking
from booking.errors import BookingError, FieldError, InvalidFieldsError, RateLimitedError
from booking.event_types.models import EventType, LocationKind
from booking.history import HistoryEntry
from booking.leads.models import Lead
from booking.organisation.models import Organisation, PrivacyNotice
from booking.outbox.models import Message
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
    make_question,
    make_staff,
)

HALF_AN_HOUR = timedelta(minutes=30)
A_DAY = timedelta(days=1)
A_WEEK = timedelta(days=7)


@pytest.fixture
def event_type(session: Session) -> EventType:
    make_organisation(session)
    return make_event_type(session, hosts=[make_staff(session)])


def test_confirm_writes_the_booking_under_its_token(
    event_type: EventType, session: Session
) -> None:
    made = confirm(event_type, session=session)

    booking = get_booking(made.token, purpose=Purpose.MANAGE, session=session)
    assert booking is made.booking
    assert (booking.state, booking.name, booking.time_zone, booking.locale) == (
        BookingState.CONFIRMED,
        "Erika Mustermann",
        "Europe/Berlin",
        "de",
    )
    assert (booking.meeting.starts_at, booking.meeting.sequence) == (START, 0)


def test_confirm_writes_history_without_personal_values(
    event_type: EventType, session: Session
) -> None:
    made = confirm(event_type, session=session)

    entry = session.scalars(select(HistoryEntry)).one()
    assert (entry.action, entry.actor, entry.subject, entry.subject_id, entry.at) == (
        "confirmed",
        "lead",
        "booking",
        made.booking.id,
        NOW,
    )
    assert "Erika" not in str(entry.facts)
    assert "kunde.de" not in str(entry.facts)


def test_confirm_queues_confirmations_and_the_reminders_that_are_worth_it(
    event_type: EventType, session: Session
) -> None:
    made = confirm(event_type, session=session)

    host_id = session.scalars(select(MeetingHost.host_id)).one()
    number = made.booking.id
    rows = session.execute(select(Message.key, Message.due_at).order_by(Message.key))
    # The reminder of the day before would come an hour after the booking: it is left out.
    assert [tuple(row) for row in rows] == [
        (f"booking:{number}/0/confirmation/host-{host_id}/1", NOW),
        (f"booking:{number}/0/confirmation/lead/1", NOW),
        (f"booking:{number}/0/reminder-60/lead/1", START - timedelta(hours=1)),
    ]


def test_confirm_a_taken_slot_offers_the_nearest_others(
    event_type: EventType, session: Session
) -> None:
    confirm(event_type, session=session)

    with pytest.raises(SlotTakenError) as refused:
        confirm(event_type, session=session, email="max@kunde.de")

    assert [slot.start for slot in refused.value.alternatives] == [
        START - 2 * HALF_AN_HOUR,
        START - HALF_AN_HOUR,
        START + HALF_AN_HOUR,
    ]


@pytest.mark.parametrize(
    ("start", "code"),
    [
        (START + timedelta(minutes=7), "off_grid"),
        (START + timedelta(seconds=1), "off_grid"),
        (START - timedelta(days=7), "notice"),
        (START + timedelta(days=364), "horizon"),
        (START + timedelta(hours=12), "outside_hours"),
    ],
)
def test_confirm_a_time_that_is_not_offered_names_the_reason(
    event_type: EventType, session: Session, start: object, code: str
) -> None:
    with pytest.raises(SlotNotOfferedError) as refused:
        confirm(event_type, session=session, start=start)

    assert code in [reason.code for reason in refused.value.reasons]


def test_confirm_the_same_slot_twice_is_already_booked(
    event_type: EventType, session: Session
) -> None:
    made = confirm(event_type, session=session)

    with pytest.raises(AlreadyBookedError) as refused:
        confirm(event_type, session=session, email="Erika@KUNDE.de")

    assert refused.value.booking_id == made.booking.id


def test_confirm_a_fourth_open_booking_is_refused(event_type: EventType, session: Session) -> None:
    for number in range(3):
        confirm(event_type, session=session, start=START + number * HALF_AN_HOUR)

    with pytest.raises(TooManyOpenError):
        confirm(event_type, session=session, start=START + 3 * HALF_AN_HOUR)


def test_confirm_with_one_mailbox_four_times_a_day(event_type: EventType, session: Session) -> None:
    def book_and_cancel(tag: str, *, hours: int = 0) -> None:
        now = NOW + timedelta(hours=hours)
        email = f"Erika{tag}@kunde.de"
        made = confirm(event_type, session=session, email=email, start=START + A_WEEK, now=now)
        cancel_booking(made.booking, reason=None, now=now, session=session)

    for hours, tag in enumerate(["", "+a", "+b", "+c"]):
        book_and_cancel(tag, hours=hours)

    with pytest.raises(RateLimitedError) as refused:
        book_and_cancel("+d", hours=3)
    assert refused.value.retry_at == NOW + A_DAY
    book_and_cancel("+d", hours=24)
    with pytest.raises(RateLimitedError) as refused:
        book_and_cancel("+a", hours=24)
    assert refused.value.retry_at == NOW + A_DAY + timedelta(hours=1)


def test_confirm_after_a_cancellation_may_take_the_time_again(
    event_type: EventType, session: Session
) -> None:
    made = confirm(event_type, session=session)
    cancel_booking(made.booking, reason=None, now=NOW, session=session)

    again = confirm(event_type, session=session)

    assert again.booking.id != made.booking.id
    assert session.scalars(select(func.count(Lead.id))).one() == 1


@pytest.mark.parametrize("email", ["demo@termine.example.com", "HOST@beispiel.example"])
def test_confirm_with_an_address_of_our_own_is_refused(
    event_type: EventType, session: Session, email: str
) -> None:
    session.scalars(select(Staff)).one().email = "host@beispiel.example"

    with pytest.raises(InvalidFieldsError) as refused:
        confirm(event_type, session=session, email=email)

    assert refused.value.errors == (FieldError("email", "own_address"),)


def test_confirm_tells_who_is_staff_only_where_everybody_else_would_be_booked(
    event_type: EventType, session: Session
) -> None:
    host = session.scalars(select(Staff)).one()
    refusals = [
        {"start": START - A_WEEK},
        {"start": START + timedelta(minutes=7)},
        {"notice_version": "2031"},
    ]

    def refusal(email: str, **asked: Any) -> str:
        with pytest.raises(BookingError) as refused:
            confirm(event_type, session=session, email=email, **asked)
        return repr(refused.value)

    told = [refusal(host.email, **asked) for asked in refusals]

    assert told == [refusal("erika@kunde.de", **asked) for asked in refusals]
    assert "own_address" not in str(told)
    assert "own_address" in refusal(host.email)
    later = START + HALF_AN_HOUR
    held = hold(event_type, session=session, start=later)
    assert "own_address" in refusal(host.email, start=later, hold_token=held.token)


def test_confirm_by_phone_needs_a_number(session: Session) -> None:
    make_organisation(session)
    by_phone = make_event_type(
        session, hosts=[make_staff(session)], location_kind=LocationKind.PHONE
    )

    with pytest.raises(InvalidFieldsError) as refused:
        confirm(by_phone, session=session)

    assert refused.value.errors == (FieldError("phone", "required"),)


def test_confirm_tells_every_field_that_does_not_fit_at_once(session: Session) -> None:
    make_organisation(session)
    by_phone_for_teams = make_event_type(
        session,
        hosts=[make_staff(session)],
        location_kind=LocationKind.PHONE,
        segments=[Segment.TEAM],
        questions=[make_question("crm", required=True)],
    )
    held = hold(by_phone_for_teams, session=session, segment=Segment.TEAM)

    with pytest.raises(InvalidFieldsError) as refused:
        confirm(
            by_phone_for_teams,
            session=session,
            email="demo@termine.example.com",
            notice_version="2031",
            hold_token=held.token,
            start=START + HALF_AN_HOUR,
        )

    assert refused.value.errors == (
        FieldError("segment", "not_offered"),
        FieldError("notice_version", "unknown"),
        FieldError("phone", "required"),
        FieldError("answers.crm", "required"),
        FieldError("hold", "other_slot"),
    )


def test_confirm_for_a_segment_that_is_not_served_is_refused(session: Session) -> None:
    make_organisation(session)
    for_teams = make_event_type(session, hosts=[make_staff(session)], segments=[Segment.TEAM])

    with pytest.raises(InvalidFieldsError) as refused:
        confirm(for_teams, session=session)

    assert refused.value.errors == (FieldError("segment", "not_offered"),)


def test_confirm_under_an_old_notice_is_refused_and_under_no_notice_means_the_present(
    event_type: EventType, session: Session
) -> None:
    for version in ("2026-01", "2026-11"):
        session.add(PrivacyNotice(version=version, texts={}, sha256="", valid_from=NOW))
    session.scalars(select(Organisation)).one().notice_version = "2026-11"

    with pytest.raises(NoticeChangedError):
        confirm(event_type, session=session, notice_version="2026-01")
    with pytest.raises(InvalidFieldsError) as refused:
        confirm(event_type, session=session, notice_version="2031")
    made = confirm(event_type, session=session)

    assert refused.value.errors == (FieldError("notice_version", "unknown"),)
    assert made.booking.notice_version == "2026-11"


def test_confirm_a_hold_keeps_its_meeting(event_type: EventType, session: Session) -> None:
    held = hold(event_type, session=session)
    meeting_id = session.scalars(select(Booking.meeting_id)).one()

    made = confirm(event_type, session=session, hold_token=held.token)

    assert made.booking.meeting_id == meeting_id
    assert (made.booking.state, made.booking.hold_expires_at) == (BookingState.CONFIRMED, None)
    assert session.scalars(select(func.count(Booking.id))).one() == 1


def test_confirm_a_lapsed_hold_books_anew_while_the_slot_is_free(
    event_type: EventType, session: Session
) -> None:
    held = hold(event_type, session=session)

    made = confirm(
        event_type, session=session, hold_token=held.token, now=NOW + timedelta(minutes=5)
    )

    assert made.booking.state is BookingState.CONFIRMED
    assert session.scalars(select(func.count(Booking.id))).one() == 1


def test_confirm_a_hold_of_another_start_is_refused(
    event_type: EventType, session: Session
) -> None:
    held = hold(event_type, session=session)

    with pytest.raises(InvalidFieldsError) as refused:
        confirm(event_type, session=session, hold_token=held.token, start=START + HALF_AN_HOUR)

    assert refused.value.errors == (FieldError("hold", "other_slot"),)


def test_confirm_another_start_gives_up_a_hold_that_may_move(
    event_type: EventType, session: Session
) -> None:
    held = hold(event_type, session=session)

    made = confirm(
        event_type,
        session=session,
        hold_token=held.token,
        hold_may_move=True,
        start=START + HALF_AN_HOUR,
    )

    assert made.booking.meeting.starts_at == START + HALF_AN_HOUR
    assert session.scalars(select(func.count(Booking.id))).one() == 1
    confirm(event_type, session=session, email="max@kunde.de")


def test_confirm_a_hold_as_another_segment_asks_that_segments_hosts(session: Session) -> None:
    make_organisation(session)
    for_one, for_teams = make_staff(session), make_staff(session)
    event_type = make_event_type(session, hosts=[], slug="demo")
    make_pool_member(session, event_type=event_type, host=for_one, segment=Segment.INDIVIDUAL)
    make_pool_member(session, event_type=event_type, host=for_teams, segment=Segment.TEAM)
    held = hold(event_type, session=session)

    made = confirm(event_type, session=session, hold_token=held.token, segment="team")

    assert [row.host_id for row in made.booking.meeting.hosts] == [for_teams.id]
    assert session.scalars(select(func.count(Booking.id))).one() == 1


@pytest.mark.parametrize("is_next_busy", [False, True])
def test_confirm_a_hold_as_another_segment_asks_whose_turn_it_is(
    session: Session, is_next_busy: bool
) -> None:
    make_organisation(session)
    first, second = make_staff(session), make_staff(session)
    event_type = make_event_type(session, hosts=[first, second])
    later = START + 2 * HALF_AN_HOUR
    confirm(event_type, session=session, email="max@kunde.de", segment="team", start=later)
    held = hold(event_type, session=session)
    holder = session.scalars(select(Booking).where(Booking.state == BookingState.HELD)).one()
    before = [row.host_id for row in holder.meeting.hosts]
    if is_next_busy:
        make_busy_time(session, staff=second, start=START, end=START + HALF_AN_HOUR)

    made = confirm(event_type, session=session, hold_token=held.token, segment="team")

    assert before == [first.id]
    assert [row.host_id for row in made.booking.meeting.hosts] == [
        first.id if is_next_busy else second.id
    ]
    assert made.booking.assignment["rule"] == "fair_share"
    reserved = select(func.count(MeetingHost.id)).where(MeetingHost.meeting_id == holder.meeting_id)
    assert session.scalar(reserved) == 1


def test_confirm_with_a_manage_token_as_hold_is_no_hold(
    event_type: EventType, session: Session
) -> None:
    made = confirm(event_type, session=session)

    other = confirm(
        event_type,
        session=session,
        email="max@kunde.de",
        start=START + HALF_AN_HOUR,
        hold_token=made.token,
    )

    assert other.booking.id != made.booking.id
