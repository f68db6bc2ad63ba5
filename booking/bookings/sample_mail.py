"""What leads would read: the confirmation of a demo that nobody has booked, for whoever edits it.

Nothing here is stored, and no link in it opens anything.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from booking.bookings.lifecycle import BookingState
from booking.bookings.links import links_of
from booking.bookings.mail_facts import gather_facts
from booking.bookings.mail_frame import MailReader, address_of, write_mail
from booking.bookings.mail_kinds import MailKind
from booking.bookings.models import Booking, Meeting
from booking.bookings.summary import BookingSummary, join_url_of, location_of
from booking.outbox.models import Message, Recipient
from booking.segment import Segment

if TYPE_CHECKING:
    from datetime import datetime

    from booking.event_types.models import EventType
    from booking.installation import Installation
    from booking.organisation.models import Organisation
    from booking.outbox.mime import OutgoingMail
    from booking.staff.models import Staff

NAME = "Erika Mustermann"
PHONE = "+49 30 23125042"
AHEAD = timedelta(days=2)


def write_sample(
    event_type: EventType,
    *,
    hosts: tuple[Staff, ...],
    organisation: Organisation,
    locale: str,
    now: datetime,
    installation: Installation,
) -> OutgoingMail:
    """Return the confirmation to a lead who reads ``locale``; ``event_type`` may be unsaved."""
    start = now.replace(minute=0, second=0, microsecond=0) + AHEAD
    meeting = Meeting(
        starts_at=start,
        ends_at=start + timedelta(minutes=event_type.duration_minutes),
        room="…",
    )
    booking = Booking(
        name=NAME,
        phone=PHONE,
        answers={},
        segment=Segment(event_type.segments[0]),
        state=BookingState.CONFIRMED,
    )
    join_url = join_url_of(event_type, hosts=hosts, meeting=meeting)
    summary = BookingSummary(
        booking=booking,
        meeting=meeting,
        event_type=event_type,
        organisation=organisation,
        hosts=hosts,
        join_url=join_url,
        location=location_of(booking, event_type=event_type, join_url=join_url),
    )
    message = Message(
        kind=MailKind.CONFIRMATION, recipient=Recipient.LEAD, facts={}, due_at=now, message_id=""
    )
    reader = MailReader(
        to=address_of(name=NAME, email=""),
        answers_to=None,
        locale=locale,
        time_zone=organisation.time_zone,
    )
    facts = gather_facts(message, summary=summary, reader=reader, installation=installation)
    facts |= {"links": links_of("…", installation=installation), "disown_url": None}
    return write_mail(message, facts=facts, installation=installation)
