"""Confirms a booking: lead, time, state, history and every mail in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import update

from booking.bookings.admission import check_admission
from booking.bookings.hold import drop_hold, reserve_slot
from booking.bookings.lifecycle import BookingState
from booking.bookings.models import Booking
from booking.bookings.notify import notify_confirmed
from booking.bookings.placement import Search, reserved_hosts
from booking.bookings.tokens import Purpose, find_booking, issue_token
from booking.errors import FieldError, InvalidFieldsError
from booking.history import LEAD, record
from booking.leads.find import find_or_add_lead
from booking.organisation.find import get_organisation
from booking.staff.calendar_lock import lock_calendars

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

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
    now: datetime,
    session: Session,
    installation: Installation,
) -> Confirmation:
    """Book ``start`` (UTC) for the lead of ``details``.

    A hold makes sure that the time is still there; without one, or with a lapsed one, the booking
    goes through if the time is free.

    Raises:
        InvalidFieldsError: a field does not fit the event type, or the hold is for another start.
        NoticeChangedError, AlreadyBookedError, TooManyOpenError: see ``check_admission``.
        SlotTakenError, SlotNotOfferedError: the time cannot be had.
    """
    search = Search(event_type=event_type, segment=details.segment, start=start, now=now)
    lead = find_or_add_lead(details.email, now=now, session=session)
    check_admission(
        lead, search=search, details=details, session=session, installation=installation
    )

    booking = _confirm_hold(hold_token, lead_id=lead.id, search=search, session=session)
    if booking is None:
        booking = reserve_slot(search, session=session, installation=installation)
    _write_details(booking, details=details, lead_id=lead.id, now=now, session=session)

    token = issue_token(
        booking, purpose=Purpose.MANAGE, now=now, session=session, installation=installation
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
    return Confirmation(booking=booking, token=token)


def _confirm_hold(
    hold_token: str | None, *, lead_id: int, search: Search, session: Session
) -> Booking | None:
    """Turn the hold into a confirmed booking; None where there is none that could be."""
    hold = hold_token and find_booking(hold_token, purpose=Purpose.HOLD, session=session)
    if not hold:
        return None
    meeting = hold.meeting
    if (meeting.starts_at, meeting.event_type_id) != (search.start, search.event_type.id):
        raise InvalidFieldsError([FieldError("hold", "other_slot")])
    if hold.segment is not search.segment:
        # Another segment may have another pool: its hosts are asked anew.
        drop_hold(hold, session=session)
        return None
    lock_calendars(reserved_hosts(meeting, session=session), session=session)
    confirmed = session.scalar(
        update(Booking)
        .where(
            Booking.id == hold.id,
            Booking.state == BookingState.HELD,
            Booking.hold_expires_at > search.now,
        )
        .values(state=BookingState.CONFIRMED, lead_id=lead_id)
        .returning(Booking.id)
        .execution_options(synchronize_session=False)
    )
    return hold if confirmed is not None else None


def _write_details(
    booking: Booking, *, details: LeadDetails, lead_id: int, now: datetime, session: Session
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
    booking.answers = details.answers
    booking.source = details.source
    booking.time_zone = details.time_zone or organisation.time_zone
    booking.locale = details.locale or organisation.locale
    booking.notice_version = details.notice_version or organisation.notice_version
    booking.marketing_opt_in = details.marketing_opt_in
    session.flush()
