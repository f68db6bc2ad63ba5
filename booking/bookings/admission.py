"""What must hold before a lead may book, whatever the time asked for."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from booking.bookings.disown import is_disowned
from booking.bookings.lifecycle import MOST_BOOKINGS_A_DAY, MOST_OPEN_BOOKINGS, BookingState
from booking.bookings.models import Booking, Meeting
from booking.bookings.refusals import (
    AddressSuppressedError,
    AlreadyBookedError,
    NoticeChangedError,
    TooManyOpenError,
)
from booking.errors import FieldError, InvalidFieldsError, RateLimitedError
from booking.event_types.models import LocationKind
from booking.leads.intake import normalise_address
from booking.leads.models import Lead
from booking.organisation.find import get_organisation
from booking.organisation.models import PrivacyNotice
from booking.staff.models import Staff

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from booking.bookings.answers import Answers
    from booking.bookings.placement import Search
    from booking.installation import Installation
    from booking.leads.intake import LeadDetails

DAY = timedelta(days=1)


def check_admission(
    lead: Lead,
    *,
    search: Search,
    details: LeadDetails,
    answers: Answers,
    hold: Booking | None,
    session: Session,
    installation: Installation,
) -> None:
    """Let the booking through, or say why not. ``lead`` is locked, so that the counts hold.

    Raises:
        AddressSuppressedError: the address's owner wants none of this.
        InvalidFieldsError: fields and answers that do not fit the event type, an address of our
            own, a notice that never was, a hold for another start.
        NoticeChangedError: the notice that was shown is not the present one.
        AlreadyBookedError: this lead has this very time already.
        TooManyOpenError: this lead has three bookings still to come.
        RateLimitedError: its mailbox was booked with four times in 24 hours.
    """
    _refuse_suppressed(lead, search=search, session=session)
    errors = [
        *_segment_errors(search),
        *_address_errors(lead, session=session, installation=installation),
        *_location_errors(search, details=details),
        *answers.errors,
        *_notice_errors(details, session=session),
        *_hold_errors(hold, search=search),
    ]
    if errors:
        raise InvalidFieldsError(errors)
    _refuse_old_notice(details, session=session)
    _refuse_one_more(lead, search=search, session=session)


def check_lead(lead: Lead, *, search: Search, session: Session, installation: Installation) -> None:
    """Let ``lead``, which is locked, have a booking that is there already, or say why not.

    Raises:
        AddressSuppressedError, InvalidFieldsError, AlreadyBookedError, TooManyOpenError,
            RateLimitedError: as ``check_admission``.
    """
    _refuse_suppressed(lead, search=search, session=session)
    if errors := _address_errors(lead, session=session, installation=installation):
        raise InvalidFieldsError(errors)
    _refuse_one_more(lead, search=search, session=session)


def is_hold_for(hold: Booking, *, search: Search) -> bool:
    """Tell whether ``hold`` is for the start and the event type that are asked for."""
    wanted = (search.start, search.event_type.id)
    return (hold.meeting.starts_at, hold.meeting.event_type_id) == wanted


def _segment_errors(search: Search) -> list[FieldError]:
    if search.segment not in search.event_type.segments:
        return [FieldError("segment", "not_offered")]
    return []


def _hold_errors(hold: Booking | None, *, search: Search) -> list[FieldError]:
    if hold is not None and not is_hold_for(hold, search=search):
        return [FieldError("hold", "other_slot")]
    return []


def _location_errors(search: Search, *, details: LeadDetails) -> list[FieldError]:
    if search.event_type.location_kind is LocationKind.PHONE and not details.phone:
        return [FieldError("phone", "required")]
    return []


def _address_errors(
    lead: Lead, *, session: Session, installation: Installation
) -> list[FieldError]:
    """Refuse the service's own address and the staff's: their mails would come back to us."""
    ours = normalise_address(installation.sender)
    of_staff = select(Staff.id).where(func.lower(Staff.email) == lead.address)
    if lead.address == ours or session.scalar(of_staff) is not None:
        return [FieldError("email", "own_address")]
    return []


def _notice_errors(details: LeadDetails, *, session: Session) -> list[FieldError]:
    version = details.notice_version
    if version is not None and session.get(PrivacyNotice, version) is None:
        return [FieldError("notice_version", "unknown")]
    return []


def _refuse_suppressed(lead: Lead, *, search: Search, session: Session) -> None:
    if any(is_disowned(alias, now=search.now) for alias in _aliases(lead, session=session)):
        raise AddressSuppressedError


def _refuse_one_more(lead: Lead, *, search: Search, session: Session) -> None:
    _refuse_same_slot(lead, search=search, session=session)
    _refuse_too_many(lead, search=search, session=session)
    _refuse_too_many_a_day(lead, search=search, session=session)


def _aliases(lead: Lead, *, session: Session) -> Sequence[Lead]:
    """Return all leads whose mails end up where those of ``lead`` do."""
    return session.scalars(select(Lead).where(Lead.mailbox == lead.mailbox)).all()


def _refuse_old_notice(details: LeadDetails, *, session: Session) -> None:
    present = get_organisation(session=session).notice_version
    if details.notice_version not in {None, present}:
        raise NoticeChangedError


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


def _refuse_too_many_a_day(lead: Lead, *, search: Search, session: Session) -> None:
    lately = session.scalars(
        select(Booking.confirmed_at)
        .where(
            Booking.lead_id.in_([alias.id for alias in _aliases(lead, session=session)]),
            Booking.confirmed_at > search.now - DAY,
        )
        .order_by(Booking.confirmed_at.desc())
    ).all()
    if len(lately) >= MOST_BOOKINGS_A_DAY:
        oldest = lately[MOST_BOOKINGS_A_DAY - 1]
        assert oldest is not None  # noqa: S101 - the comparison has left NULL out
        raise RateLimitedError(retry_at=oldest + DAY)
