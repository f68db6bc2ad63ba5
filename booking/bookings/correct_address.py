"""Corrects the mail address of a booking as staff may: at any time, and as often as it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booking.bookings.admission import check_lead_for_staff
from booking.bookings.give_to import give_to
from booking.bookings.lifecycle import BookingState
from booking.bookings.placement import Search
from booking.bookings.refusals import AlreadyCancelledError
from booking.bookings.seen import open_seen
from booking.event_types.models import EventType
from booking.leads.find import find_or_add_lead

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.bookings.models import Booking
    from booking.installation import Installation


def correct_address(
    public_id: str,
    *,
    version: int,
    authorise: Callable[[Booking], None],
    email: str,
    actor: str,
    now: datetime,
    session: Session,
    installation: Installation,
) -> None:
    """Let the booking, if it is as it was at ``version``, belong to ``email``, under a new link.

    To its present address: nothing happens.

    Raises:
        NotFoundError, ChangedMeanwhileError: see ``open_seen``.
        AlreadyCancelledError: it was cancelled.
        InvalidFieldsError, AlreadyBookedError: see ``check_lead_for_staff``.
    """
    # Leads are locked before bookings.
    lead = find_or_add_lead(email, now=now, session=session)
    booking = open_seen(public_id, version=version, authorise=authorise, session=session)
    if booking.state is BookingState.CANCELLED:
        raise AlreadyCancelledError
    if lead.id == booking.lead_id:
        return
    meeting = booking.meeting
    search = Search(
        event_type=session.get_one(EventType, meeting.event_type_id),
        segment=booking.segment,
        start=meeting.starts_at,
        now=now,
    )
    check_lead_for_staff(lead, search=search, session=session, installation=installation)
    give_to(
        booking,
        lead=lead,
        email=email,
        actor=actor,
        now=now,
        session=session,
        installation=installation,
    )
