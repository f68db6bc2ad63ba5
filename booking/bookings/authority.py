"""What staff may that leads may not: which rules they set aside, and until when."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from booking.availability.explain import ReasonCode
from booking.bookings.lifecycle import BookingState
from booking.bookings.refusals import AlreadyCancelledError, TooLateError
from booking.errors import FieldError, InvalidFieldsError
from booking.time_zone import YEARS

if TYPE_CHECKING:
    from datetime import datetime

    from booking.bookings.models import Booking
    from booking.bookings.refusals import SlotUnavailableError

BY_DEFAULT = frozenset({ReasonCode.OFF_GRID})
"""The grid is for those who choose from a list; staff may name any minute."""

ONCE_SETTLED = BY_DEFAULT | {ReasonCode.NOTICE, ReasonCode.HORIZON, ReasonCode.SEGMENT_HOURS}
"""What counts no more where the time stands already and only its host changes."""

OVERRULABLE = ONCE_SETTLED | {
    ReasonCode.OUTSIDE_HOURS,
    ReasonCode.OVERRIDE,
    ReasonCode.CLOSED_DAY,
    ReasonCode.PUBLIC_HOLIDAY,
    ReasonCode.LIMIT,
}
"""What staff set aside by saying so; absences, busy times and other bookings stay."""


def can_be_overruled(refusal: SlotUnavailableError, *, needs_all: bool) -> bool:
    """Tell whether staff get the time after all by saying so: of one host, or of all asked."""
    against: defaultdict[int, set[ReasonCode]] = defaultdict(set)
    for reason in refusal.reasons:
        against[reason.host_id].add(reason.code)
    judged = [OVERRULABLE.issuperset(codes) for codes in against.values()]
    return bool(judged) and (all(judged) if needs_all else any(judged))


def require_to_come(booking: Booking, *, now: datetime) -> None:
    """Insist that ``booking`` still takes place, and has not begun.

    Raises:
        AlreadyCancelledError: it was cancelled.
        TooLateError: it has begun, or is over.
    """
    if booking.state is BookingState.CANCELLED:
        raise AlreadyCancelledError
    if now >= booking.meeting.starts_at:
        raise TooLateError


def require_future(start: datetime, *, now: datetime) -> None:
    """Insist that ``start`` (UTC) lies ahead, whatever rules are set aside.

    Raises:
        InvalidFieldsError: it does not, or lies in a year that nobody may name.
    """
    if start <= now:
        raise InvalidFieldsError([FieldError("time", "over")])
    if start.year not in YEARS:
        raise InvalidFieldsError([FieldError("date", "out_of_range")])
