"""What the booking form does when it is sent: hold a time, or book it exactly once."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from booking.bookings.confirm import confirm_booking
from booking.bookings.hold import hold_slot, release_hold
from booking.bookings.idempotency import claim_key, keep_answer
from booking.event_types.find import get_event_type
from booking.wishes.offer_link import use_offer

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.bookings.hold import Hold
    from booking.installation import Installation
    from booking.leads.intake import LeadDetails
    from booking.segment import Segment

ROUTE = "booking-form"
BOOKED = 201


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One sending of the whole form."""

    slug: str
    start: datetime
    details: LeadDetails
    key: str
    hold: str | None
    """The token of what the visitor holds, be it for this start or for another."""
    wish_id: int | None = None
    """The wish whose offer has led here."""

    @property
    def body(self) -> bytes:
        """What makes two sendings the same."""
        details = self.details.model_dump(mode="json")
        return json.dumps([self.slug, self.start.isoformat(), details]).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """The booking that a form has made, now or at an earlier sending."""

    token: str
    is_as_sent: bool
    """False: the form was sent before, with other data, and that is what was booked."""


def choose_time(
    slug: str,
    *,
    start: datetime,
    segment: Segment,
    hold: str | None,
    now: datetime,
    session: Session,
    installation: Installation,
) -> Hold:
    """Hold ``start`` instead of what ``hold`` keeps.

    Raises:
        InvalidFieldsError: the segment is not offered.
        SlotTakenError, SlotNotOfferedError: the time cannot be had; the former hold is kept.
    """
    event_type = get_event_type(slug, session=session)
    return hold_slot(
        event_type,
        start=start,
        segment=segment,
        instead_of=hold,
        now=now,
        session=session,
        installation=installation,
    )


def book_once(
    submission: Submission, *, now: datetime, session: Session, installation: Installation
) -> Booked:
    """Book what the form says, unless this form has booked already.

    Raises:
        BookingError: as ``confirm_booking``.
    """
    event_type = get_event_type(submission.slug, session=session)
    kept = claim_key(
        submission.key,
        route=ROUTE,
        body=submission.body,
        now=now,
        session=session,
        installation=installation,
    )
    if kept:
        if submission.hold is not None:
            release_hold(submission.hold, session=session)
        return Booked(token=kept.body, is_as_sent=kept.same_request)
    confirmation = confirm_booking(
        event_type,
        start=submission.start,
        details=submission.details,
        hold_token=submission.hold,
        hold_may_move=True,
        now=now,
        session=session,
        installation=installation,
    )
    if submission.wish_id is not None:
        use_offer(submission.wish_id, booking=confirmation.booking, now=now, session=session)
    keep_answer(
        submission.key,
        route=ROUTE,
        status=BOOKED,
        body=confirmation.token,
        booking=confirmation.booking,
        session=session,
        installation=installation,
    )
    return Booked(token=confirmation.token, is_as_sent=True)
