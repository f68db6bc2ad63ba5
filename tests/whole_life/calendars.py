"""What stands in the calendars of those who got the mails, as a calendar program would have it."""

from __future__ import annotations

from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

from icalendar import Calendar
from sqlalchemy import select

from booking.bookings.lifecycle import BookingState
from booking.bookings.models import Booking
from booking.history import OWNER
from booking.outbox.models import Message, MessageState, Recipient
from booking.outbox.settle import MOST_UNKNOWNS
from booking.staff.models import Staff

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from email.message import EmailMessage

    from sqlalchemy.orm import Session

NEVER_LEFT = (MessageState.FAILED, MessageState.EXPIRED)


@dataclass(frozen=True)
class Entry:
    """One event: its newest SEQUENCE, and when it is; no start once it was cancelled."""

    sequence: int
    start: datetime | None


@dataclass
class Calendars:
    """One calendar for each address."""

    entries: dict[tuple[str, str], Entry] = field(default_factory=dict)
    """By address and UID."""

    def open(self, mail: EmailMessage) -> None:
        """Let the recipient open ``mail``; an older SEQUENCE than the known one is ignored."""
        address = mail["To"].addresses[0].addr_spec
        for part in mail.walk():
            if part.get_content_type() == "text/calendar":
                calendar = Calendar.from_ical(part.get_content())
                event = calendar.events[0]
                key = (address, str(event["UID"]))
                is_over = calendar["METHOD"] == "CANCEL"
                entry = Entry(event["SEQUENCE"], None if is_over else event["DTSTART"].dt)
                if key not in self.entries or entry.sequence >= self.entries[key].sequence:
                    self.entries[key] = entry

    def start(self, address: str, *, uid: str) -> datetime | None:
        """Return when the event is for ``address``; None where there is none."""
        entry = self.entries.get((address, uid))
        return entry.start if entry else None


def find_wrong_calendars(session: Session, *, mails: Iterable[bytes]) -> Iterator[str]:
    """Compare what ``mails``, in the order in which they came, tell with what is booked.

    Recipients who have missed one are left out, and whoever has asked for no more.
    """
    calendars = Calendars()
    for content in mails:
        calendars.open(message_from_bytes(content, policy=policy.default))
    for booking in session.scalars(select(Booking).where(Booking.email.is_not(None))):
        meeting = booking.meeting
        for address, is_invited in _recipients(booking, session=session):
            expected = meeting.starts_at if is_invited else None
            found = calendars.start(address, uid=meeting.uid)
            if found != expected:
                yield f"booking {booking.id} is at {expected}; {address} has it at {found}"


def _recipients(booking: Booking, *, session: Session) -> Iterator[tuple[str, bool]]:
    """Yield each address that got all its mails, and whether it is invited."""
    is_on = booking.state is not BookingState.CANCELLED
    hosts = {host.host_id for host in booking.meeting.hosts if host.active}
    messages = session.scalars(select(Message).where(Message.booking_id == booking.id)).all()
    for staff_id in {message.staff_id for message in messages}:
        own = [message for message in messages if message.staff_id == staff_id]
        is_lead = own[0].recipient is Recipient.LEAD
        if any(message.state in NEVER_LEFT or _is_left_unknown(message) for message in own):
            continue
        if is_lead and booking.cancelled_by == OWNER:
            continue
        if is_lead:
            yield booking.email or "", is_on
        else:
            yield session.get_one(Staff, staff_id).email, is_on and staff_id in hosts


def _is_left_unknown(message: Message) -> bool:
    """Tell whether it may have arrived, and was of no more use when it would have been repeated."""
    return message.state is MessageState.UNKNOWN and message.unknowns < MOST_UNKNOWNS
