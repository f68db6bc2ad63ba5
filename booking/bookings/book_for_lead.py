"""Books on behalf of a lead who has called or written: staff type what the lead would."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booking.bookings.admission import check_lead_for_staff, find_location_faults
from booking.bookings.answers import read_answers
from booking.bookings.authority import require_future
from booking.bookings.conclude import conclude
from booking.bookings.hold import reserve_slot
from booking.bookings.lead_admission import find_address_faults, find_faults
from booking.errors import InvalidFieldsError
from booking.event_types.find import questions_of
from booking.leads.find import find_or_add_lead

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from booking.bookings.models import Booking
    from booking.bookings.placement import Search
    from booking.installation import Installation
    from booking.leads.intake import LeadDetails


def book_for_lead(
    search: Search,
    *,
    details: LeadDetails,
    actor: str,
    session: Session,
    installation: Installation,
) -> Booking:
    """Book what ``search`` finds for the lead of ``details``, who is mailed as after booking.

    What is asked of leads may be left open, and how much they have booked already does not matter.
    They were told of the privacy notice by phone, which the history notes, and have agreed to
    nothing beyond it.

    Raises:
        InvalidFieldsError: a field does not fit the event type, the start is over or too far
            ahead, or the owner of the address wants no bookings.
        AlreadyBookedError: this lead has this very time already.
        SlotTakenError, SlotNotOfferedError: more stands against the time than is overruled.
    """
    require_future(search.start, now=search.now)
    event_type = search.event_type
    lead = find_or_add_lead(details.email, now=search.now, session=session)
    answers = read_answers(
        details.answers, questions=questions_of(event_type), segment=search.segment
    )
    faults = [
        *find_faults(details, event_type=event_type, session=session),
        *find_address_faults(lead, session=session, installation=installation),
        *find_location_faults(search, details=details),
        *(fault for fault in answers.errors if fault.code != "required"),
    ]
    if faults:
        raise InvalidFieldsError(faults)
    check_lead_for_staff(lead, search=search, session=session, installation=installation)
    booking = reserve_slot(search, former=None, session=session, installation=installation)
    conclude(
        booking,
        event_type=event_type,
        details=details,
        answers=answers,
        lead=lead,
        actor=actor,
        facts={"notice": "told"},
        now=search.now,
        session=session,
        installation=installation,
    )
    return booking
