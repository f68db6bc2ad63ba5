"""What the templates of one mail are told: the booking as its reader may know it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from babel.lists import format_list

from booking.bookings.answers import tell_answers
from booking.bookings.mail_frame import frame_facts
from booking.bookings.mail_kinds import MailKind
from booking.event_types.find import questions_of
from booking.event_types.models import LocationKind
from booking.outbox.models import Recipient
from booking.templating import N_, translate

if TYPE_CHECKING:
    from booking.bookings.mail_frame import MailReader
    from booking.bookings.summary import BookingSummary
    from booking.event_types.models import EventType
    from booking.installation import Installation
    from booking.outbox.models import Message

LEAST_TIME_TO_CHANGE = timedelta(minutes=10)
"""How long after a mail is due its links to move and cancel must work to be worth showing."""


def gather_facts(
    message: Message, *, summary: BookingSummary, reader: MailReader, installation: Installation
) -> dict[str, Any]:
    """Return the context of the templates of ``message``, in its reader's language and zone."""
    event_type, organisation, meeting = summary.event_type, summary.organisation, summary.meeting
    booking = summary.booking
    start, duration = _start(message, summary=summary), meeting.ends_at - meeting.starts_at
    frame = frame_facts(
        lead=booking, event_type=event_type, organisation=organisation, reader=reader
    )
    return frame | {
        "kind": MailKind(message.kind),
        "summary": summary,
        "booking": booking,
        "start": start,
        "end": start + duration,
        **_previous(message, duration=duration),
        "host_names": format_list([host.name for host in summary.hosts], locale=reader.locale),
        "answers": tell_answers(
            booking.answers,
            questions=questions_of(event_type),
            locale=reader.locale,
            fallback=organisation.locale,
        ),
        "where": _where(message, summary=summary, locale=reader.locale),
        "are_links_new": message.facts.get("are_links_new", False),
        "change_until": meeting.starts_at
        - timedelta(minutes=event_type.minimum_change_notice_minutes),
        "can_change": summary.is_change_open(message.due_at + LEAST_TIME_TO_CHANGE),
        "console_url": installation.link(f"/staff/bookings/{booking.public_id}"),
        "book_again_url": _book_again_url(event_type, installation=installation),
    }


def _start(message: Message, *, summary: BookingSummary) -> datetime:
    """Return the start the mail is about; who is asked no more knows only what they were told."""
    if message.kind == MailKind.UNINVITED:
        return _previous_start(message)
    if MailKind(message.kind).takes_back and "start" in message.facts:
        return datetime.fromisoformat(message.facts["start"])
    return summary.meeting.starts_at


def _previous(message: Message, *, duration: timedelta) -> dict[str, datetime | None]:
    """Return the slot a move has left, where the mail tells of one."""
    start = _previous_start(message) if message.kind == MailKind.MOVED else None
    return {"previous_start": start, "previous_end": start and start + duration}


def _previous_start(message: Message) -> datetime:
    return datetime.fromisoformat(message.facts["previous_start"])


def _where(message: Message, *, summary: BookingSummary, locale: str) -> str:
    """Return where to be, or what will happen there, as a text of its own."""
    is_lead = message.recipient is Recipient.LEAD
    if summary.event_type.location_kind is LocationKind.PHONE:
        call = N_("We will call you at %(phone)s.") if is_lead else N_("Please call %(phone)s.")
        return translate(call, locale=locale, phone=summary.location)
    if summary.event_type.location_kind is LocationKind.VIDEO and not summary.join_url:
        link = (
            N_("We will send you the link to the video call before the demo.")
            if is_lead
            else N_("There is no link to a video call yet: please send one.")
        )
        return translate(link, locale=locale)
    return summary.location


def _book_again_url(event_type: EventType, *, installation: Installation) -> str | None:
    return installation.link(f"/{event_type.slug}") if event_type.published else None
