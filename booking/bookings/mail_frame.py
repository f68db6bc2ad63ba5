"""What every mail of ours has, whatever it is about: reader, sender, one subject, two bodies."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from booking.colour import DARK, LIGHT, readable_on, text_on
from booking.outbox.mime import Address, OutgoingMail
from booking.segment import SEGMENT_NAMES
from booking.templating import render, text_in, translate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from booking.event_types.models import EventType
    from booking.installation import Installation
    from booking.organisation.models import Organisation
    from booking.outbox.mime import CalendarPart
    from booking.outbox.models import Message
    from booking.segment import Segment
    from booking.staff.models import Staff

MOST_SUBJECT_CHARACTERS = 78

# Control characters, line and paragraph separators, halves of a surrogate pair.
NO_HEADER = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailReader:
    """One person, as a mail to them must know."""

    to: Address
    answers_to: Address | None
    """Reply-To: staff and lead answer each other, not the service; None where nobody should."""
    locale: str
    time_zone: str


def reader_of_staff(staff: Staff, *, organisation: Organisation) -> MailReader:
    """Return the staff member as reader of a mail about no booking, which nobody answers."""
    return MailReader(
        to=address_of(name=staff.name, email=staff.email),
        answers_to=None,
        locale=organisation.locale,
        time_zone=staff.time_zone,
    )


class LeadWords(Protocol):
    """What a lead has told, as a booking and a wish keep it."""

    @property
    def name(self) -> str | None:
        """The lead's name."""

    @property
    def company(self) -> str | None:
        """The lead's company."""

    @property
    def segment(self) -> Segment:
        """Who the demo is for."""


def frame_facts(
    *,
    lead: LeadWords,
    event_type: EventType,
    organisation: Organisation,
    reader: MailReader,
) -> dict[str, Any]:
    """Return what the templates of every mail are told, in its reader's language and zone."""
    texts = {"locale": reader.locale, "fallback": organisation.locale}
    return house_facts(organisation=organisation, reader=reader) | {
        "lead": lead,
        "lead_name": ", ".join(filter(None, (lead.name, lead.company))),
        "segment_tag": translate(SEGMENT_NAMES[lead.segment], locale=reader.locale),
        "event_type": event_type,
        "title": text_in(event_type.title, **texts),
        "description": text_in(event_type.description, **texts),
        "agenda": [text_in(item, **texts) for item in event_type.agenda],
    }


def house_facts(*, organisation: Organisation, reader: MailReader) -> dict[str, Any]:
    """Return what head and foot of every mail are told, whatever it is about."""
    return {
        "organisation": organisation,
        "reader": reader,
        "time_zone": reader.time_zone,
        "colours": _colours(organisation.accent),
    }


def write_mail(
    message: Message,
    *,
    facts: Mapping[str, Any],
    installation: Installation,
    in_reply_to: str | None = None,
    calendar: CalendarPart | None = None,
) -> OutgoingMail:
    """Return the mail that the templates of ``message`` make of ``facts``."""
    reader: MailReader = facts["reader"]
    folder = f"emails/{message.kind}-{message.recipient.value}"
    subject = _shorten(render(f"{folder}/subject.txt", locale=reader.locale, **facts))
    return OutgoingMail(
        message_id=message.message_id,
        date=message.due_at,
        sender=address_of(name=facts["organisation"].name, email=installation.sender),
        to=reader.to,
        reply_to=reader.answers_to,
        subject=subject,
        text=render(f"{folder}/body.txt", locale=reader.locale, **facts),
        html=render(f"{folder}/body.html", locale=reader.locale, subject=subject, **facts),
        in_reply_to=in_reply_to,
        calendar=calendar,
    )


def address_of(*, name: str, email: str) -> Address:
    """Return a mailbox whose name can stand in a header, whatever was typed."""
    return Address(_one_line(name), email)


def _one_line(text: str) -> str:
    """Return ``text`` as a header can carry it; breaks and control characters become one blank."""
    return " ".join(NO_HEADER.sub(" ", text).split(" ")).strip()


def _shorten(subject: str) -> str:
    """Return ``subject`` on one line that every list of mails shows whole."""
    line = _one_line(subject)
    if len(line) <= MOST_SUBJECT_CHARACTERS:
        return line
    return line[: MOST_SUBJECT_CHARACTERS - 1].rstrip() + "…"


def _colours(accent: str) -> dict[str, str]:
    """Return the organisation's accent as it can be read in either mode."""
    light, dark = readable_on(LIGHT, accent=accent), readable_on(DARK, accent=accent)
    return {
        "accent": light,
        "on_accent": text_on(light),
        "dark_accent": dark,
        "on_dark_accent": text_on(dark),
        "card": LIGHT,
        "dark_card": DARK,
    }
