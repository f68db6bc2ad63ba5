"""Confirms a booking: lead, time, state, history and every mail in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from booking.bookings.admission import check_admission, is_hold_for
from booking.bookings.answers import read_answers
from booking.bookings.hold import find_hold, reserve_slot
from booking.bookings.lifecycle import BookingState
from booking.bookings.notify import notify_confirmed
from booking.bookings.placement import Search, known_hosts, reserved_hosts
from booking.bookings.tokens import Purpose, issue_token
from booking.event_types.find import questions_of
from booking.history import LEAD, record
from booking.leads.find import find_or_add_lead
from booking.organisation.find import get_organisation

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.bookings.answers import Answers
    from booking.bookings.models import Booking
    from booking.event_types.models import EventType
    from booking.installation import Installation
    from booking.leads.intake import LeadDetails


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """The booking made, and the token of the link that manages it."""

    booking: Booking
    token: str


def confirm_booking(
    event_type: EventType,
    *,
    start: datetime,
    details: LeadDetails,
    hold_token: str | None,
    hold_may_move: bool = False,
    now: datetime,
    session: Session,
    installation: Installation,
) -> Confirmation:
    """Book ``start`` (UTC) for the lead of ``details``.

    A hold makes sure that the time is still there; without one, or with a lapsed one, the booking
    goes through if the time is free. ``hold_may_move``: a hold for another start is given up for
    this one.

    Raises:
        InvalidFieldsError: a field or an answer does not fit the event type, or the hold is for
            another start.
        AddressSuppressedError, NoticeChangedError, AlreadyBookedError, TooManyOpenError,
            RateLimitedError: see ``check_admission``.
        SlotTakenError, SlotNotOfferedError: the time cannot be had.
    """
    lead = find_or_add_lead(details.email, now=now, session=session)
    search = Search(event_type=event_type, segment=details.segment, start=start, now=now, lead=lead)
    hold = find_hold(hold_token, session=session)
    answers = read_answers(
        details.answers, questions=questions_of(event_type), segment=details.segment
    )
    check_admission(
        lead,
        search=search,
        details=details,
        answers=answers,
        hold=None if hold_may_move else hold,
        session=session,
        installation=installation,
    )

    booking = hold
    if booking is None or not _keeps(booking, search=search, session=session):
        booking = reserve_slot(search, former=hold, session=session, installation=installation)
    _write_details(
        booking, details=details, answers=answers, lead_id=lead.id, now=now, session=session
    )

    manage_token, _ = (
        issue_token(booking, purpose=purpose, now=now, session=session, installation=installation)
        for purpose in (Purpose.MANAGE, Purpose.DISOWN)
    )
    record(
        "confirmed",
        subject=booking,
        actor=LEAD,
        facts={
            "start": start.isoformat(),
            "segment": details.segment,
            "hosts": reserved_hosts(booking.meeting, session=session),
            "assignment": booking.assignment,
        },
        now=now,
        session=session,
    )
    notify_confirmed(booking, event_type=event_type, now=now, session=session)
    return Confirmation(booking=booking, token=manage_token)


def _keeps(hold: Booking, *, search: Search, session: Session) -> bool:
    """Tell whether ``hold``, which is locked, still keeps exactly what is asked for."""
    assert hold.hold_expires_at is not None  # noqa: S101 - the table insists on it for holds
    return (
        is_hold_for(hold, search=search)
        # Another segment may have another pool: its hosts are asked anew.
        and hold.segment is search.segment
        and hold.hold_expires_at > search.now
        and _is_with_known_host(hold, search=search, session=session)
    )


def _is_with_known_host(hold: Booking, *, search: Search, session: Session) -> bool:
    """Tell whether nobody is to be asked before the host who keeps the time.

    The hold was made before anybody knew for whom.
    """
    first = known_hosts(search, session=session)[:1]
    return not first or first == reserved_hosts(hold.meeting, session=session)


def _write_details(
    booking: Booking,
    *,
    details: LeadDetails,
    answers: Answers,
    lead_id: int,
    now: datetime,
    session: Session,
) -> None:
    organisation = get_organisation(session=session)
    booking.state = BookingState.CONFIRMED
    booking.confirmed_at = now
    booking.hold_expires_at = None
    booking.lead_id = lead_id
    booking.name = details.name
    booking.email = details.email
    booking.company = details.company
    booking.team_size = details.team_size
    booking.phone = details.phone
    booking.notes = details.notes
    booking.answers = dict(answers.given)
    booking.source = details.source
    booking.time_zone = details.time_zone or organisation.time_zone
    booking.locale = details.locale or organisation.locale
    booking.notice_version = details.notice_version or organisation.notice_version
    booking.marketing_opt_in = details.marketing_opt_in
    session.flush()
