"""Corrects for whom a demo is: leads choose in a hurry. What they chose is kept beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booking.errors import FieldError, InvalidFieldsError
from booking.event_types.models import EventType
from booking.history import record

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.bookings.models import Booking
    from booking.segment import Segment


def correct_segment(
    booking: Booking, *, segment: Segment, actor: str, now: datetime, session: Session
) -> None:
    """Let ``booking``, which was loaded for a change, count as ``segment``; its host stays.

    To its present one: nothing happens.

    Raises:
        InvalidFieldsError: the event type is not for that segment.
    """
    event_type = session.get_one(EventType, booking.meeting.event_type_id)
    if segment not in event_type.segments:
        raise InvalidFieldsError([FieldError("segment", "not_offered")])
    if segment is booking.segment:
        return
    record(
        "segment_corrected",
        subject=booking,
        actor=actor,
        facts={"from": booking.segment, "to": segment},
        now=now,
        session=session,
    )
    booking.segment = segment
    session.flush()
