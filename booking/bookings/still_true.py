"""Whether what a mail about a booking says is still true when it is about to leave."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from sqlalchemy.orm import Session

from booking.bookings.lifecycle import BookingState
from booking.bookings.models import Booking
from booking.fields.rules import mailbox_of
from booking.outbox.models import Message

Rule: TypeAlias = Callable[[Message, Session], bool]


def is_of_this_sequence(message: Message, session: Session) -> bool:
    """Tell whether the demo stands as the mail tells."""
    return is_confirmed(message, session) and is_about_latest_change(message, session)


def is_about_latest_change(message: Message, session: Session) -> bool:
    """Tell whether nothing has changed since."""
    return session.get_one(Booking, message.booking_id).meeting.sequence == message.sequence


def is_confirmed(message: Message, session: Session) -> bool:
    """Tell whether the demo will take place, whenever that is."""
    return session.get_one(Booking, message.booking_id).state is BookingState.CONFIRMED


def is_not_their_host(message: Message, session: Session) -> bool:
    """Tell whether the demo is in other hands than its reader's."""
    meeting = session.get_one(Booking, message.booking_id).meeting
    return message.staff_id not in {host.host_id for host in meeting.hosts}


def is_not_their_booking(message: Message, session: Session) -> bool:
    """Tell whether its reader's address is not the booking's."""
    email = session.get_one(Booking, message.booking_id).email or ""
    return mailbox_of(email) != mailbox_of(message.facts["email"])


def is_always_true(_message: Message, _session: Session) -> bool:
    """Tell of the last word."""
    return True
