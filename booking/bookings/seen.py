"""Whether somebody decides on a booking as it is, or as it was when they looked.

The version of a booking is its newest entry in the history: so what has changed meanwhile can be
told, and nothing is overwritten that nobody has seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from booking.bookings.lifecycle import BookingState
from booking.bookings.models import Booking
from booking.bookings.refusals import ChangedMeanwhileError
from booking.errors import NotFoundError
from booking.history import list_newer, version_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session


def find_made_booking(public_id: str, *, session: Session) -> Booking:
    """Return the booking that a person has made, cancelled or not.

    Raises:
        NotFoundError: there is none.
    """
    booking = session.scalar(select(Booking).where(_is_made(public_id)))
    if booking is None:
        raise NotFoundError
    return booking


def open_seen(
    public_id: str, *, version: int, authorise: Callable[[Booking], None], session: Session
) -> Booking:
    """Return the booking, locked until the transaction ends, if it is as it was at ``version``.

    ``authorise`` raises where whoever asks may not change it: asked once it is locked, since until
    then it may be handed over to somebody else.

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
    authorise(booking)
    # A version that never was is none either: it would outlast every change.
    if version != version_of(booking, session=session):
        raise ChangedMeanwhileError(list_newer(booking, version=version, session=session))
    return booking


def _is_made(public_id: str) -> ColumnElement[bool]:
    return (Booking.public_id == public_id) & (Booking.state != BookingState.HELD)
