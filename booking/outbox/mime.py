"""How a composed mail looks on the wire.

Turns an `OutgoingMail` into a MIME message that is plain ASCII, has the same bytes in every
attempt, and holds nothing in its headers but what was meant. Knows no server, no template and no
booking.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_string, policy
from email.header import Header
from email.utils import format_datetime, quote
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage

CALENDAR_FILE_NAME = "invite.ics"

# No line longer than 76 characters: the limit of quoted-printable and base64 (RFC 2045 §6.7, §6.8).
MOST_LINE_CHARACTERS = 76
WIRE = policy.SMTP.clone(
    cte_type="7bit", refold_source="none", max_line_length=MOST_LINE_CHARACTERS
)

# What fits on one header line beside the header's name and needs no encoding.
MOST_PLAIN_CHARACTERS = 60

# Control characters, halves of a surrogate pair, line and paragraph separators.
FORBIDDEN_CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})
ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+")
MESSAGE_ID = re.compile(r"<[!-;=?A-~]+@[!-;=?A-~]+>")
METHOD = re.compile(r"[A-Z]+")


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox: the name people read, in any script, and the bare ASCII address."""

    name: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarPart:
    """An iCalendar object: its METHOD and its octets with CRLF line ends."""

    method: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMail:
    """One mail to one recipient, ready to be sent; sending it again sends the same bytes."""

    message_id: str
    """``<…@domain>``, the same in every attempt."""
    date: datetime
    """The Date header, aware UTC: when the mail was due, not when an attempt is made."""
    sender: Address
    to: Address
    reply_to: Address | None
    subject: str
    text: str
    html: str
    in_reply_to: str | None
    """Message-ID of the mail that this one belongs under."""
    calendar: CalendarPart | None


def build_message(mail: OutgoingMail) -> EmailMessage:
    """Return ``mail`` as a MIME message, ASCII throughout once it is turned into bytes.

    Without a calendar part: text, then HTML, as alternatives. With one: the invite as the last
    alternative (RFC 6047 §2.4: ``method`` and ``charset`` beside the type), and the same octets as
    an ``application/ics`` attachment for programs that look for a file. Boundaries are derived from
    the Message-ID.

    Raises:
        ValueError: a header would hold a control character, or an address, Message-ID or METHOD
            that is none; the text names the header and never its value.
    """
    head = "".join(f"{name}: {value}\r\n" for name, value in _headers(mail))
    boundary = hashlib.sha256(mail.message_id.encode()).hexdigest()[:32]
    # Parsed instead of assigned: the standard library keeps a parsed header as it stands, but
    # writes an assigned one anew: it drops the quotes of long names and decodes encoded words that
    # a stranger typed, line breaks included.
    message = message_from_string(head, policy=WIRE)
    message.set_content(mail.text, cte="quoted-printable")
    # "=_" can stand neither in quoted-printable nor in base64 (RFC 2045 §6.7).
    message.make_alternative(boundary=f"=_alternative_{boundary}")
    message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    if mail.calendar is not None:
        _add_calendar(message, mail.calendar, boundary=f"=_mixed_{boundary}")
    for part in message.walk():
        if part is not message:
            del part["MIME-Version"]
    return message


def _add_calendar(message: EmailMessage, calendar: CalendarPart, *, boundary: str) -> None:
    if METHOD.fullmatch(calendar.method) is None:
        raise ValueError("Content-Type: not a METHOD of iCalendar")
    message.add_alternative(
        calendar.content,
        maintype="text",
        subtype="calendar",
        cte="base64",
        params={"method": calendar.method, "charset": "utf-8"},
    )
    message.make_mixed(boundary=boundary)
    message.add_attachment(
        calendar.content, maintype="application", subtype="ics", filename=CALENDAR_FILE_NAME
    )


def _headers(mail: OutgoingMail) -> Iterator[tuple[str, str]]:
    yield "From", _mailbox(mail.sender, header="From")
    yield "To", _mailbox(mail.to, header="To")
    if mail.reply_to is not None:
        yield "Reply-To", _mailbox(mail.reply_to, header="Reply-To")
    yield "Subject", _encoded(mail.subject, header="Subject")
    yield "Date", _date(mail.date)
    yield "Message-ID", _message_id(mail.message_id, header="Message-ID")
    if mail.in_reply_to is not None:
        yield "In-Reply-To", _message_id(mail.in_reply_to, header="In-Reply-To")
        yield "References", _message_id(mail.in_reply_to, header="References")
    # RFC 3834 §5: keeps vacation notices and other robots from answering.
    yield "Auto-Submitted", "auto-generated"


def _mailbox(address: Address, *, header: str) -> str:
    if ADDRESS.fullmatch(address.email) is None:
        raise ValueError(f"{header}: not one bare ASCII address")
    if not address.name:
        return address.email
    encoded = _encoded(address.name, header=header)
    name = f'"{quote(encoded)}"' if encoded == address.name else encoded
    mailbox = f"{name} <{address.email}>"
    fits = len(f"{header}: {mailbox}") <= MOST_LINE_CHARACTERS
    return mailbox if fits else f"{name}\r\n <{address.email}>"


def _encoded(text: str, *, header: str) -> str:
    if any(unicodedata.category(character) in FORBIDDEN_CATEGORIES for character in text):
        raise ValueError(f"{header}: control character")
    if _is_plain(text):
        return text
    words = Header(text, "utf-8", maxlinelen=MOST_LINE_CHARACTERS, header_name=header)
    return words.encode(linesep="\r\n")


def _is_plain(text: str) -> bool:
    # "=?" would be read as the beginning of an encoded word (RFC 2047 §2).
    return (
        text.isascii()
        and text.isprintable()
        and text == text.strip()
        and len(text) <= MOST_PLAIN_CHARACTERS
        and "=?" not in text
    )


def _message_id(message_id: str, *, header: str) -> str:
    if MESSAGE_ID.fullmatch(message_id) is None:
        raise ValueError(f"{header}: not a Message-ID")
    return message_id


def _date(date: datetime) -> str:
    if date.tzinfo is None:
        raise ValueError("Date: a naive datetime is no instant")
    return format_datetime(date.astimezone(UTC))
