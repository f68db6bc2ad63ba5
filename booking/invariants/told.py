"""Everybody has been told once of the last change of a booking, unless they knew it already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, func, select

from booking.bookings.lifecycle import BookingState
from booking.bookings.mail_kinds import MailKind
from booking.bookings.models import Booking, Meeting, MeetingHost
from booking.bookings.told import THE_LEAD, find_told
from booking.history import OWNER
from booking.invariants.violation import Violation
from booking.outbox.models import Message, Recipient

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

TELLING_KINDS = {
    BookingState.CONFIRMED: [kind for kind in MailKind if kind.invites],
    BookingState.CANCELLED: [MailKind.CANCELLED],
}
"""Which kinds of mail tell of the state that a booking has been left in."""

NOT_TOLD_ONCE = "has not been sent exactly one mail about the last change"


def find_untold_leads(session: Session) -> Iterator[Violation]:
    """Find bookings whose lead was sent no mail about the last change, or two."""
    for state in TELLING_KINDS:
        found = session.execute(
            select(Booking, func.count(Message.id))
            .join(Meeting, Meeting.id == Booking.meeting_id)
            .outerjoin(Message, and_(_tells_of(state), Message.recipient == Recipient.LEAD))
            .where(Booking.state == state)
            .group_by(Booking.id)
            .having(func.count(Message.id) != 1)
        )
        for booking, mails in found:
            if mails or not _need_not_be_told(booking, whom=THE_LEAD, session=session):
                text = f"the lead {NOT_TOLD_ONCE}"
                yield Violation("mail_missing", f"booking {booking.id}", text)


def find_untold_hosts(session: Session) -> Iterator[Violation]:
    """Find bookings one of whose hosts was sent no mail about the last change, or two."""
    for state in TELLING_KINDS:
        to_host = and_(
            _tells_of(state),
            Message.recipient == Recipient.HOST,
            Message.staff_id == MeetingHost.host_id,
        )
        found = session.execute(
            select(Booking, MeetingHost.host_id, func.count(Message.id))
            .join(Meeting, Meeting.id == Booking.meeting_id)
            .join(MeetingHost, MeetingHost.meeting_id == Meeting.id)
            .outerjoin(Message, to_host)
            .where(Booking.state == state)
            .group_by(Booking.id, MeetingHost.host_id)
            .having(func.count(Message.id) != 1)
        )
        for booking, host_id, mails in found:
            if mails or not _need_not_be_told(booking, whom=host_id, session=session):
                text = f"staff {host_id} {NOT_TOLD_ONCE}"
                yield Violation("mail_missing", f"booking {booking.id}", text)


def _need_not_be_told(booking: Booking, *, whom: int | None, session: Session) -> bool:
    """Tell whether an earlier mail leaves ``whom`` with nothing to learn.

    A meeting that was moved back before anybody heard of it is as they know it to be; a host
    who never heard of a meeting need not hear of its end. Whoever says that the booking was never
    theirs gets no mail about it.
    """
    if whom is THE_LEAD and booking.cancelled_by == OWNER:
        return True
    starts_at = booking.meeting.starts_at
    known = find_told(booking.id, session=session).get(whom)
    if booking.state is BookingState.CANCELLED:
        return whom is not THE_LEAD and (
            known is None or (known.is_certain and not known.is_invited)
        )
    if known is None or not (known.is_certain and known.is_invited):
        return False
    host_ids = [host.host_id for host in booking.meeting.hosts]
    return known.start == starts_at and (whom is not THE_LEAD or known.host_ids == host_ids)


def _tells_of(state: BookingState) -> ColumnElement[bool]:
    return and_(
        Message.booking_id == Booking.id,
        Message.sequence == Meeting.sequence,
        Message.copy == 1,  # staff may have sent more
        Message.kind.in_(TELLING_KINDS[state]),
    )
