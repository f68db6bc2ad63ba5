"""Marks what became of a demo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booking.bookings.lifecycle import BookingState, Outcome
from booking.bookings.refusals import AlreadyCancelledError, NotStartedError
from booking.history import record

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.bookings.models import Booking


def mark_outcome(
    booking: Booking, *, outcome: Outcome | None, actor: str, now: datetime, session: Session
) -> None:
    """Write ``outcome`` (None takes the mark back) beside the state, which it does not change.

    Raises:
        AlreadyCancelledError: a cancelled demo has no outcome.
        NotStartedError: the demo is still to come.
    """
    if booking.state is BookingState.CANCELLED:
        raise AlreadyCancelledError
    if now < booking.meeting.starts_at:
        raise NotStartedError
    record(
        "outcome",
        subject=booking,
        actor=actor,
        facts={"from": booking.outcome, "to": outcome},
        now=now,
        session=session,
    )
    booking.outcome = outcome
    session.flush()
