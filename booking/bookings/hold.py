"""Holds a slot for a few minutes while somebody types: a courtesy, not a condition of booking."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

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
    instead_of: str | None = None,
    now: datetime,
    session: Session,
    installation: Installation,
) -> Hold:
    """Keep ``start`` (UTC) for ``event_type.hold_minutes``; nobody's name is known yet.

    The hold whose token is ``instead_of`` moves there, if there is one: it keeps its token, and
    what it held stays held until the new time is had.

    Raises:
        InvalidFieldsError: the event type is not for this segment.
        SlotTakenError, SlotNotOfferedError: the time cannot be had.
    """
    if segment not in event_type.segments:
        raise InvalidFieldsError([FieldError("segment", "not_offered")])
    search = Search(event_type=event_type, segment=segment, start=start, now=now)
    former = find_hold(instead_of, session=session)
    booking = reserve_slot(search, former=former, session=session, installation=installation)
    token = instead_of if former else None
    if token is None:
        token = issue_token(
            booking, purpose=Purpose.HOLD, now=now, session=session, installation=installation
        )
    return Hold(token=token, expires_at=hold_expiry(search))


def find_hold(token: str | None, *, session: Session) -> Booking | None:
    """Return the hold that ``token`` opens, lapsed or not, locked; None where there is none."""
    if token is None:
        return None
    hold = find_booking(token, purpose=Purpose.HOLD, session=session, for_change=True)
    return hold if hold and hold.state is BookingState.HELD else None


def release_hold(token: str, *, session: Session) -> bool:
    """Let a held slot go at once; False: the token opens no hold, and nothing happens."""
    hold = find_hold(token, session=session)
    if hold is None:
        return False
    lock_calendars(reserved_hosts(hold.meeting, session=session), session=session)
    delete_hold(hold.id, session=session)
    return True


def reserve_slot(
    search: Search, *, former: Booking | None, session: Session, installation: Installation
) -> Booking:
    """Return a booking in state ``held`` at the asked time: ``former``, moved, or a new one.

    Whose turn it is is asked anew: nobody was told yet who would have given ``former``.

    Raises:
        SlotTakenError, SlotNotOfferedError: the time cannot be had.
    """
    meeting = former.meeting if former else _new_meeting(search, installation=installation)
    session.add(meeting)
    session.flush()
    why = place_meeting(meeting, search=replace(search, keeps_host=False), session=session)
    meeting.event_type_id = search.event_type.id
    meeting.starts_at, meeting.ends_at = search.start, search.end
    booking = former or Booking(public_id=secrets.token_urlsafe(16), meeting=meeting)
    booking.state = BookingState.HELD
    booking.hold_expires_at = hold_expiry(search)
    booking.segment = booking.original_segment = search.segment
    booking.first_starts_at = search.start
    booking.assignment = why
    booking.created_at = search.now
    session.add(booking)
    session.flush()
    return booking


def hold_expiry(search: Search) -> datetime:
    """Return when a hold made now lapses."""
    return search.now + timedelta(minutes=search.event_type.hold_minutes)


def _new_meeting(search: Search, *, installation: Installation) -> Meeting:
    return Meeting(
        event_type_id=search.event_type.id,
        uid=f"{uuid.uuid4()}@{installation.mail_domain}",
        organizer=installation.sender,
        starts_at=search.start,
        ends_at=search.end,
        room=secrets.token_urlsafe(16),
        created_at=search.now,
    )
