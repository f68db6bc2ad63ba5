"""Every change of a booking has its history, and its invite one number more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select

from booking.bookings.lifecycle import BookingState
from booking.bookings.models import Booking, Meeting
from booking.history import HistoryEntry
from booking.invariants.violation import Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

SEQUENCE = HistoryEntry.facts["sequence"].as_integer()


def find_missing_history(session: Session) -> Iterator[Violation]:
    """Find bookings that were confirmed, cancelled or marked without an entry that says so."""
    happened = {
        "confirmed": (
            Booking.state.in_((BookingState.CONFIRMED, BookingState.CANCELLED)),
            HistoryEntry.at == Booking.confirmed_at,
        ),
        "cancelled": (
            or_(Booking.state == BookingState.CANCELLED, Booking.cancelled_at.is_not(None)),
            HistoryEntry.at == Booking.cancelled_at,
        ),
        "outcome": (Booking.outcome.is_not(None), HistoryEntry.id.is_not(None)),
    }
    for action, (has_happened, is_its_entry) in happened.items():
        found = session.scalars(
            select(Booking.id)
            .outerjoin(HistoryEntry, and_(_is_about_booking(), HistoryEntry.action == action))
            .where(has_happened)
            .group_by(Booking.id)
            .having(func.count(HistoryEntry.id).filter(is_its_entry) == 0)
        )
        for booking_id in found:
            text = f"its history has no entry {action!r} of that moment"
            yield Violation("history_missing", f"booking {booking_id}", text)


def find_wrong_sequences(session: Session) -> Iterator[Violation]:
    """Find bookings whose SEQUENCE was not raised by exactly one with every change."""
    found = session.scalars(
        select(Booking.id)
        .join(Meeting)
        .outerjoin(HistoryEntry, and_(_is_about_booking(), SEQUENCE.is_not(None)))
        .group_by(Booking.id, Meeting.sequence)
        .having(
            or_(
                func.count(HistoryEntry.id) != Meeting.sequence,
                func.count(SEQUENCE.distinct()) != Meeting.sequence,
                func.coalesce(func.max(SEQUENCE), 0) != Meeting.sequence,
            )
        )
    )
    for booking_id in found:
        text = "its SEQUENCE is not the number of its changes"
        yield Violation("sequence", f"booking {booking_id}", text)


def _is_about_booking() -> ColumnElement[bool]:
    return and_(
        HistoryEntry.subject == Booking.__tablename__, HistoryEntry.subject_id == Booking.id
    )
