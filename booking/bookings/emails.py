"""The mails about bookings: when each is still wanted, and what it says at the moment it is sent.

Nothing of a mail is stored: it is composed from the booking as it stands, in the language and the
time zone of whoever reads it. What the lead wrote in free text goes to the host alone, and the
lead's own links to nobody else.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from booking.bookings.invitations import calendar_part
from booking.bookings.links import find_disown_link, find_links
from booking.bookings.mail_facts import gather_facts
from booking.bookings.mail_frame import write_mail
from booking.bookings.mail_kinds import MailKind
from booking.bookings.mail_reader import find_reader
from booking.bookings.models import Booking
from booking.bookings.notify import notify_undeliverable
from booking.bookings.still_true import is_about_latest_change
from booking.bookings.summary import summarise
from booking.outbox.composer import Composer
from booking.outbox.models import Message, Recipient
from booking.staff.models import Staff

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.installation import Installation
    from booking.outbox.mime import OutgoingMail


def composers(installation: Installation) -> dict[str, Composer]:
    """Return how each kind of mail about a booking is composed, by kind."""
    compose = partial(_compose, installation=installation)
    return {
        kind: Composer(is_current=kind.is_current, compose=compose, on_failed=_tell_hosts)
        for kind in MailKind
    }


def _tell_hosts(message: Message, now: datetime, session: Session) -> None:
    """Let the hosts know that the lead does not know; a host's own mail is shown to staff alone."""
    if MailKind(message.kind).is_to_stranger or message.recipient is not Recipient.LEAD:
        return
    if is_about_latest_change(message, session):
        booking = session.get_one(Booking, message.booking_id)
        notify_undeliverable(booking, now=now, session=session)


def _compose(message: Message, session: Session, *, installation: Installation) -> OutgoingMail:
    booking = session.get_one(Booking, message.booking_id)
    # Whoever was uninvited is told who took over then: a second copy must say the same. Whoever was
    # not told in time takes the demo for theirs when it is cancelled.
    summary = summarise(booking, host_ids=message.facts.get("host_ids"), session=session)
    reader = find_reader(message, summary=summary, session=session)
    facts = gather_facts(message, summary=summary, reader=reader, installation=installation)
    facts |= _actor(message, session=session)
    if message.recipient is Recipient.LEAD:
        facts |= _links_for(message, booking=booking, session=session, installation=installation)

    return write_mail(
        message,
        facts=facts,
        installation=installation,
        in_reply_to=_find_confirmation_id(message, session=session),
        calendar=calendar_part(message, summary=summary, reader=reader, facts=facts),
    )


def _actor(message: Message, *, session: Session) -> dict[str, Any]:
    """Return who did what the mail tells of: what they are and, of staff, the name."""
    by, _, staff_id = message.facts.get("by", "").partition(":")
    staff = session.get(Staff, int(staff_id)) if staff_id else None
    return {"by": by, "by_name": staff and staff.name}


def _links_for(
    message: Message, *, booking: Booking, session: Session, installation: Installation
) -> dict[str, Any]:
    """Return what only the lead may open; whoever was never meant is no lead."""
    if MailKind(message.kind).is_to_stranger:
        return {"links": None, "disown_url": None}
    return {
        "links": find_links(booking, session=session, installation=installation),
        "disown_url": find_disown_link(booking, session=session, installation=installation),
    }


def _find_confirmation_id(message: Message, *, session: Session) -> str | None:
    """Return the Message-ID of the confirmation to the same reader, so that their mails thread.

    That is the newest: a corrected address has got one of its own.
    """
    if message.kind == MailKind.CONFIRMATION:
        return None
    return session.scalar(
        select(Message.message_id)
        .where(
            Message.kind == MailKind.CONFIRMATION,
            Message.booking_id == message.booking_id,
            Message.recipient == message.recipient,
            Message.staff_id.is_not_distinct_from(message.staff_id),
            Message.id < message.id,
        )
        .order_by(Message.id.desc())
        .limit(1)
    )
