"""Which mails about a booking are still of use after a change, and what they answer to."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from booking.bookings.cancel import cancel_booking
from booking.bookings.emails import composers
from booking.bookings.lifecycle import BookingState
from booking.bookings.notify import PAUSE
from booking.bookings.reschedule import reschedule_booking
from booking.outbox.mime import build_message
from booking.outbox.models import Message, Recipient
from tests.bookings_at_work import INSTALLATION, confirm, let_mails_leave
from tests.composed_mails import compose
from tests.factories import (
    NOW,
    START,
    make_event_type,
    make_organisation,
    make_staff,
)
from tests.mail_scenarios import (
    add_history,
    add_message,
    make_demo,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from booking.bookings.models import Booking


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What a mail says does not depend on the database."""
    return sqlite_url


def test_mails_of_one_reader_thread_under_their_own_confirmation(session: Session) -> None:
    booking = make_demo(session)
    rows = [
        add_message(kind, whom=whom, booking=booking, session=session)
        for kind in ("confirmation", "moved")
        for whom in (Recipient.LEAD, Recipient.HOST)
    ]

    threads = [compose(row, session=session).in_reply_to for row in rows]

    assert threads == [None, None, rows[0].message_id, rows[1].message_id]


def test_mails_of_a_whole_life_are_current_only_until_the_next_change(session: Session) -> None:
    make_organisation(session)
    event_type = make_event_type(session, hosts=[make_staff(session)])
    booking = confirm(event_type, session=session, segment="team").booking
    first = currency_of(booking, session=session)
    let_mails_leave(session)
    reschedule_booking(booking, start=START + timedelta(hours=1), now=NOW, session=session)
    second = currency_of(booking, session=session)
    let_mails_leave(session, now=NOW + PAUSE)
    cancel_booking(booking, reason=None, now=NOW, session=session)
    third = currency_of(booking, session=session)

    confirmed = {"confirmation/0/lead": True, "confirmation/0/host": True, "reminder/0/lead": True}
    overtaken = dict.fromkeys(confirmed, False)
    moved = {"moved/1/lead": True, "moved/1/host": True, "reminder/1/lead": True}
    assert first == confirmed
    assert second == overtaken | moved
    assert third == overtaken | dict.fromkeys(moved, False) | {
        "cancelled/2/lead": True,
        "cancelled/2/host": True,
    }


def currency_of(booking: Booking, *, session: Session) -> dict[str, bool]:
    """Return which of the booking's mails are wanted now; each of them can be composed."""
    rows = session.scalars(select(Message).where(Message.booking_id == booking.id))
    by_kind = composers(INSTALLATION)
    return {
        f"{row.kind}/{row.sequence}/{row.recipient.value}": by_kind[row.kind].is_current(
            row, session
        )
        for row in rows
        if by_kind[row.kind].compose(row, session)
    }


def test_second_copy_to_whom_was_uninvited_is_the_same_whoever_has_it_now(
    session: Session,
) -> None:
    booking = make_demo(session)
    message = add_history("uninvited", whom=Recipient.HOST, booking=booking, session=session)
    first = build_message(compose(message, session=session)).as_bytes()

    booking.meeting.hosts[0].host_id = make_staff(session, name="Carla Conti").id
    session.flush()

    assert build_message(compose(message, session=session)).as_bytes() == first


def test_link_again_is_current_while_the_booking_stands(session: Session) -> None:
    booking = make_demo(session)
    message = add_message("link", whom=Recipient.LEAD, booking=booking, session=session)
    is_current = composers(INSTALLATION)["link"].is_current

    booking.meeting.sequence += 1
    while_confirmed = is_current(message, session)
    booking.state = BookingState.CANCELLED
    after = is_current(message, session)

    assert (while_confirmed, after) == (True, False)
