"""The invite that a mail about a booking carries: what its reader's calendar is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from booking.bookings.mail_kinds import Invite, MailKind
from booking.invites.build import (
    Attendee,
    Invitation,
    build_cancel,
    build_request,
    build_uninvite,
    build_withdrawal,
)
from booking.outbox.mime import CalendarPart
from booking.outbox.models import Recipient
from booking.templating import render

if TYPE_CHECKING:
    from collections.abc import Mapping

    from booking.bookings.mail_frame import MailReader
    from booking.bookings.summary import BookingSummary
    from booking.outbox.models import Message

ALARM_MINUTES = 15

SUMMARIES = {
    Recipient.LEAD: "invites/lead_summary.txt",
    Recipient.HOST: "invites/host_summary.txt",
}
DESCRIPTIONS = {
    Recipient.LEAD: "invites/lead_description.txt",
    Recipient.HOST: "invites/host_description.txt",
}


def calendar_part(
    message: Message, *, summary: BookingSummary, reader: MailReader, facts: Mapping[str, Any]
) -> CalendarPart | None:
    """Return the REQUEST or CANCEL that goes with ``message``; None where nothing has changed."""
    invitation = _invitation(message, summary=summary, reader=reader, facts=facts)
    kind = MailKind(message.kind)
    if kind is MailKind.LINK and facts["are_links_new"]:
        # The former links stand in the entry of the lead's calendar.
        return CalendarPart(method="REQUEST", content=build_request(invitation))
    person = Attendee(email=reader.to.email, name=reader.to.name)
    match kind.invite:
        case Invite.REQUEST:
            return CalendarPart(method="REQUEST", content=build_request(invitation))
        case Invite.CANCEL:
            return CalendarPart(method="CANCEL", content=build_cancel(invitation))
        case Invite.UNINVITE:
            return CalendarPart(method="CANCEL", content=build_uninvite(invitation, host=person))
        case Invite.WITHDRAWAL:
            return CalendarPart(method="CANCEL", content=build_withdrawal(invitation, lead=person))
        case None:
            return None


def _invitation(
    message: Message, *, summary: BookingSummary, reader: MailReader, facts: Mapping[str, Any]
) -> Invitation:
    meeting, booking = summary.meeting, summary.booking
    return Invitation(
        uid=meeting.uid,
        # The row's, not the meeting's: a later change has a mail and a higher number of its own.
        sequence=message.sequence,
        stamp=message.created_at,
        start=facts["start"],
        end=facts["end"],
        summary=render(SUMMARIES[message.recipient], locale=reader.locale, **facts),
        description=render(DESCRIPTIONS[message.recipient], locale=reader.locale, **facts),
        location=facts["where"],
        url=summary.join_url,
        organizer=Attendee(email=meeting.organizer, name=summary.organisation.name),
        hosts=tuple(Attendee(email=host.email, name=host.name) for host in summary.hosts),
        lead=Attendee(email=booking.email or "", name=booking.name or ""),
        alarm_minutes=ALARM_MINUTES,
    )
