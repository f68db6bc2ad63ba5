"""Holds a slot for a few minutes while somebody types: a courtesy, not a condition of booking."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from booking.bookings.lapsed_holds import delete_hold
from booking.bookings.lifecycle import BookingState
from booking.bookings.models import Booking, Meeting
from booking.bookings.placement import Search, place_meeting, reserved_hosts
from booking.bookings.tokens import Purpose, find_booking, issue_token
from booking.errors import FieldError, InvalidFieldsError
from booking.staff.calendar_lock import lock_calendars

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from booking.event_types.models import EventType
    from booking.installation import Installation
    from booking.segment import Segment


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """What the asker learns of a hold; ``expires_at`` is UTC."""

    token: str
    expires_at: datetime


def hold_slot(
    event_type: EventType,
    *,
    start: datetime,
    segment: Segment,
    now: datetime,
    session: Session,
    installation: Installation,
) -> Hold:
    """Keep ``start`` (UTC) for ``event_type.hold_minutes``; nobody's name is known yet.

    Raises:
        InvalidFieldsError: the event type is not for this segment.
        SlotTakenError, SlotNotOfferedError: the time cannot be had.
    """
    booking = reserve_slot(
        Search(event_type=event_type, segment=segment, start=start, now=now),
        session=session,
        installation=installation,
    )
    token = issue_token(
        booking, purpose=Purpose.HOLD, now=now, session=session, installation=installation
    )
    return Hold(token=token, expires_at=hold_expiry(event_type, now=now))


def release_hold(token: str, *, session: Session) -> None:
    """Let a held slot go at once; a token that opens no hold is passed over."""
    hold = find_booking(token, purpose=Purpose.HOLD, session=session)
    if hold is not None:
        drop_hold(hold, session=session)


def drop_hold(hold: Booking, *, session: Session) -> None:
    """Delete ``hold`` unless it was confirmed, or deleted, meanwhile."""
    lock_calendars(reserved_hosts(hold.meeting, session=session), session=session)
    is_still_held = select(Booking.id).where(
        Booking.id == hold.id, Booking.state == BookingState.HELD
    )
    if session.scalar(is_still_held) is not None:
        delete_hold(hold.id, session=session)


def reserve_slot(search: Search, *, session: Session, installation: Installation) -> Booking:
    """Write a new meeting and a booking in state ``held`` at the asked time.

    Raises:
        InvalidFieldsError: the event type is not for this segment.
        SlotTakenError, SlotNotOfferedError: the time cannot be had.
    """
    if search.segment not in search.event_type.segments:
        raise InvalidFieldsError([FieldError("segment", "not_offered")])
    meeting = Meeting(
        event_type_id=search.event_type.id,
        uid=f"{uuid.uuid4()}@{installation.mail_domain}",
        organizer=installation.sender,
        starts_at=search.start,
        ends_at=search.end,
        room=secrets.token_urlsafe(16),
        created_at=search.now,
    )
    session.add(meeting)
    session.flush()
    why = place_meeting(meeting, search=search, session=session)
    booking = Booking(
        public_id=secrets.token_urlsafe(16),
        meeting=meeting,
        state=BookingState.HELD,
        hold_expires_at=hold_expiry(search.event_type, now=search.now),
        segment=search.segment,
        original_segment=search.segment,
        first_starts_at=search.start,
        assignment=why,
        created_at=search.now,
    )
    session.add(booking)
    session.flush()
    return booking


def hold_expiry(event_type: EventType, *, now: datetime) -> datetime:
    """Return when a hold made now lapses."""
    return now + timedelta(minutes=event_type.hold_minutes)
