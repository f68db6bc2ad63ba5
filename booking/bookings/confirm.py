"""Confirms a booking: lead, time, state, history and every mail in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from booking.bookings.admission import check_admission
from booking.bookings.answers import read_answers
from booking.bookings.conclude import conclude
from booking.bookings.hold import find_hold, reserve_slot
from booking.bookings.kept import is_kept
from booking.bookings.lead_admission import refuse_own_address
from booking.bookings.placement import Search
from booking.event_types.find import questions_of
from booking.history import LEAD
from booking.leads.find import find_or_add_lead

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

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

    A hold keeps others from taking the time; without one, with a lapsed one, or where its host has
    gone away meanwhile, the booking goes through if the time is free. ``hold_may_move``: a hold
    for another start is given up for this one.

    Raises:
        InvalidFieldsError: a field or an answer does not fit the event type, the hold is for
            another start, or the address is one of ours.
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
    )

    booking = hold
    if booking is None or not is_kept(booking, search=search, session=session):
        booking = reserve_slot(search, former=hold, session=session, installation=installation)
    refuse_own_address(lead, session=session, installation=installation)
    manage_token = conclude(
        booking,
        event_type=event_type,
        details=details,
        answers=answers,
        lead=lead,
        actor=LEAD,
        now=now,
        session=session,
        installation=installation,
    )
    return Confirmation(booking=booking, token=manage_token)
