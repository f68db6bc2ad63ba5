"""Corrects the mail address of a booking that was just made: the lead had mistyped it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from booking.bookings.admission import READDRESSED, check_lead
from booking.bookings.confirm import Confirmation
from booking.bookings.give_to import give_to
from booking.bookings.lifecycle import MOST_ADDRESSES, BookingState, is_address_open
from booking.bookings.models import Booking
from booking.bookings.placement import Search
from booking.bookings.refusals import (
    AddressSettledError,
    AlreadyCancelledError,
    TooManyChangesError,
)
from booking.bookings.tokens import Purpose, get_booking
from booking.event_types.models import EventType
from booking.history import LEAD, HistoryEntry
from booking.leads.find import find_or_add_lead

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.installation import Installation


def readdress_booking(
    token: str, *, email: str, now: datetime, session: Session, installation: Installation
) -> Confirmation:
    """Let the booking that ``token`` manages belong to ``email``, under a new manage token.

    To its present address: nothing happens, and the token stays.

    Raises:
        NotFoundError: the token opens nothing, or no longer does.
        AlreadyCancelledError: it was cancelled.
        AddressSettledError: it was booked more than ten minutes ago, or the meeting has begun.
        TooManyChangesError: the address was corrected three times.
        AddressSuppressedError, InvalidFieldsError, AlreadyBookedError, TooManyOpenError,
            RateLimitedError: nobody may book with that address, see ``check_lead``.
    """
    # Leads are locked before bookings; nobody is added as one by a link that opens nothing.
    get_booking(token, purpose=Purpose.MANAGE, session=session)
    lead = find_or_add_lead(email, now=now, session=session)
    booking = get_booking(token, purpose=Purpose.MANAGE, session=session, for_change=True)
    if lead.id == booking.lead_id:
        return Confirmation(booking=booking, token=token)
    _check_change(booking, now=now, session=session)
    event_type = session.get_one(EventType, booking.meeting.event_type_id)
    search = Search(
        event_type=event_type, segment=booking.segment, start=booking.meeting.starts_at, now=now
    )
    check_lead(lead, search=search, session=session, installation=installation)

    manage_token = give_to(
        booking,
        lead=lead,
        email=email,
        actor=LEAD,
        now=now,
        session=session,
        installation=installation,
    )
    return Confirmation(booking=booking, token=manage_token)


def _check_change(booking: Booking, *, now: datetime, session: Session) -> None:
    if booking.state is BookingState.CANCELLED:
        raise AlreadyCancelledError
    assert booking.confirmed_at is not None  # noqa: S101 - a manage token is issued with it
    if not is_address_open(
        confirmed_at=booking.confirmed_at, start=booking.meeting.starts_at, now=now
    ):
        raise AddressSettledError
    corrections = select(func.count(HistoryEntry.id)).where(
        HistoryEntry.subject == Booking.__tablename__,
        HistoryEntry.subject_id == booking.id,
        HistoryEntry.action == READDRESSED,
    )
    if session.scalars(corrections).one() >= MOST_ADDRESSES:
        raise TooManyChangesError
