"""What must hold before a lead may book, whatever the time asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from booking.bookings.lead_admission import (
    DAY,
    find_faults,
    open_mailbox,
    refuse_old_notice,
    refuse_own_address,
    refuse_too_many_a_day,
)
from booking.bookings.lifecycle import MOST_BOOKINGS_A_DAY, MOST_OPEN_BOOKINGS, BookingState
from booking.bookings.models import Booking, Meeting
from booking.bookings.refusals import (
    AddressSuppressedError,
    AlreadyBookedError,
    TooManyOpenError,
)
from booking.errors import FieldError, InvalidFieldsError
from booking.event_types.models import LocationKind
from booking.history import HistoryEntry
from booking.leads.models import Lead

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.bookings.answers import Answers
    from booking.bookings.placement import Search
    from booking.installation import Installation
    from booking.leads.intake import LeadDetails

READDRESSED = "readdressed"
"""What the history says of a booking, and of the lead that has lost it, when its address was
corrected."""


def check_admission(
    lead: Lead,
    *,
    search: Search,
    details: LeadDetails,
    answers: Answers,
    hold: Booking | None,
    session: Session,
) -> None:
    """Let the booking through, or say why not. ``lead`` is locked with its mailbox: counts hold.

    Raises:
        AddressSuppressedError: the address's owner wants none of this.
        InvalidFieldsError: fields and answers that do not fit the event type, a notice that never
            was, a hold for another start.
        NoticeChangedError: the notice that was shown is not the present one.
        AlreadyBookedError: this lead has this very time already.
        TooManyOpenError: this lead has three bookings still to come.
        RateLimitedError: its mailbox was booked with four times in 24 hours.
    """
    faults = [
        *find_faults(details, event_type=search.event_type, session=session),
        *find_location_faults(search, details=details),
        *answers.errors,
        *_hold_faults(hold, search=search),
    ]
    if faults:
        raise InvalidFieldsError(faults)
    # After the faults, so that nobody learns from them whose address is suppressed.
    mailbox = open_mailbox(lead, now=search.now, session=session)
    refuse_old_notice(details, session=session)
    _refuse_one_more(lead, mailbox=mailbox, search=search, session=session)


def check_lead(lead: Lead, *, search: Search, session: Session, installation: Installation) -> None:
    """Let ``lead``, which is locked, have a booking that is there already, or say why not.

    Raises:
        AddressSuppressedError, AlreadyBookedError, TooManyOpenError, RateLimitedError: as
            ``check_admission``.
        InvalidFieldsError: the address is our own.
    """
    mailbox = open_mailbox(lead, now=search.now, session=session)
    _refuse_one_more(lead, mailbox=mailbox, search=search, session=session)
    refuse_own_address(lead, session=session, installation=installation)


def check_lead_for_staff(
    lead: Lead, *, search: Search, session: Session, installation: Installation
) -> None:
    """Let staff book for ``lead``, which is locked, however much it has booked already.

    Raises:
        InvalidFieldsError: the address is our own, or its owner wants none of this.
        AlreadyBookedError: this lead has this very time already.
    """
    refuse_own_address(lead, session=session, installation=installation)
    try:
        open_mailbox(lead, now=search.now, session=session)
    except AddressSuppressedError:
        raise InvalidFieldsError([FieldError("email", "suppressed")]) from None
    _refuse_same_slot(lead, search=search, session=session)


def is_hold_for(hold: Booking, *, search: Search) -> bool:
    """Tell whether ``hold`` is for the start and the event type that are asked for."""
    wanted = (search.start, search.event_type.id)
    return (hold.meeting.starts_at, hold.meeting.event_type_id) == wanted


def _hold_faults(hold: Booking | None, *, search: Search) -> list[FieldError]:
    if hold is not None and not is_hold_for(hold, search=search):
        return [FieldError("hold", "other_slot")]
    return []


def find_location_faults(search: Search, *, details: LeadDetails) -> list[FieldError]:
    """Insist on a number where the host calls."""
    if search.event_type.location_kind is LocationKind.PHONE and not details.phone:
        return [FieldError("phone", "required")]
    return []


def _refuse_one_more(
    lead: Lead, *, mailbox: Sequence[Lead], search: Search, session: Session
) -> None:
    _refuse_same_slot(lead, search=search, session=session)
    _refuse_too_many(lead, search=search, session=session)
    lately = _booked_lately(mailbox, now=search.now, session=session)
    refuse_too_many_a_day(lately, most=MOST_BOOKINGS_A_DAY)


def _refuse_same_slot(lead: Lead, *, search: Search, session: Session) -> None:
    same_slot = session.scalar(
        select(Booking.id)
        .join(Meeting, Booking.meeting_id == Meeting.id)
        .where(
            Booking.lead_id == lead.id,
            Booking.state == BookingState.CONFIRMED,
            Meeting.event_type_id == search.event_type.id,
            Meeting.starts_at == search.start,
        )
    )
    if same_slot is not None:
        raise AlreadyBookedError(booking_id=same_slot)


def _refuse_too_many(lead: Lead, *, search: Search, session: Session) -> None:
    still_to_come = session.scalars(
        select(func.count(Booking.id))
        .join(Meeting, Booking.meeting_id == Meeting.id)
        .where(
            Booking.lead_id == lead.id,
            Booking.state == BookingState.CONFIRMED,
            Meeting.starts_at > search.now,
        )
    ).one()
    if still_to_come >= MOST_OPEN_BOOKINGS:
        raise TooManyOpenError


def _booked_lately(mailbox: Sequence[Lead], *, now: datetime, session: Session) -> list[datetime]:
    """Return when ``mailbox`` was booked with in the last 24 hours, the latest first.

    A booking whose address was corrected counts for both, since both were mailed.
    """
    lead_ids = [lead.id for lead in mailbox]
    confirmed = session.scalars(
        select(Booking.confirmed_at).where(
            Booking.lead_id.in_(lead_ids), Booking.confirmed_at > now - DAY
        )
    )
    gone = session.scalars(
        select(HistoryEntry.at).where(
            HistoryEntry.subject == Lead.__tablename__,
            HistoryEntry.subject_id.in_(lead_ids),
            HistoryEntry.action == READDRESSED,
            HistoryEntry.at > now - DAY,
        )
    )
    return sorted((at for at in (*confirmed, *gone) if at is not None), reverse=True)
