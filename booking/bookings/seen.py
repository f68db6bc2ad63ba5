"""Whether somebody decides on a booking as it is, or as it was when they looked.

The version of a booking is its newest entry in the history: so what has changed meanwhile can be
told, and nothing is overwritten that nobody has seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from booking.bookings.lifecycle import BookingState
from booking.bookings.models import Booking
from booking.bookings.refusals import ChangedMeanwhileError
from booking.errors import NotFoundError
from booking.history import HistoryEntry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

ABOUT_MAILS_ALONE = ("mail_retried", "mail_sent_again", "mail_left")
"""What leaves a booking as it is."""


def find_made_booking(public_id: str, *, session: Session) -> Booking:
    """Return the booking that a person has made, cancelled or not.

    Raises:
        NotFoundError: there is none.
    """
    booking = session.scalar(select(Booking).where(_is_made(public_id)))
    if booking is None:
        raise NotFoundError
    return booking


def open_seen(public_id: str, *, version: int, session: Session) -> Booking:
    """Return the booking, locked until the transaction ends, if it is as it was at ``version``.

    Raises:
        NotFoundError: there is none.
        ChangedMeanwhileError: it has changed since.
    """
    booking = session.scalar(
        select(Booking)
        .where(_is_made(public_id))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if booking is None:
        raise NotFoundError
    newer = [entry for entry in list_history(booking, session=session) if _changes(entry, version)]
    if newer:
        raise ChangedMeanwhileError(newer)
    return booking


def version_of(booking: Booking, *, session: Session) -> int:
    """Return the version of ``booking`` as it is now."""
    return versions_of([booking], session=session).get(booking.id, 0)


def versions_of(bookings: Sequence[Booking], *, session: Session) -> dict[int, int]:
    """Return the version of each of ``bookings`` as it is now, by its id; one query."""
    newest = (
        select(HistoryEntry.subject_id, func.max(HistoryEntry.id))
        .where(
            HistoryEntry.subject == Booking.__tablename__,
            HistoryEntry.subject_id.in_([booking.id for booking in bookings]),
            HistoryEntry.action.not_in(ABOUT_MAILS_ALONE),
        )
        .group_by(HistoryEntry.subject_id)
    )
    return dict(session.execute(newest).all())


def list_history(booking: Booking, *, session: Session) -> Sequence[HistoryEntry]:
    """Return all that has happened to ``booking``, in that order."""
    return session.scalars(
        select(HistoryEntry).where(_is_about(booking)).order_by(HistoryEntry.id)
    ).all()


def _changes(entry: HistoryEntry, version: int) -> bool:
    return entry.id > version and entry.action not in ABOUT_MAILS_ALONE


def _is_made(public_id: str) -> ColumnElement[bool]:
    return (Booking.public_id == public_id) & (Booking.state != BookingState.HELD)


def _is_about(booking: Booking) -> ColumnElement[bool]:
    return (HistoryEntry.subject == Booking.__tablename__) & (HistoryEntry.subject_id == booking.id)
