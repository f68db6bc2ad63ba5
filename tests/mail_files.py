"""Mails as people read them in review: tests/emails holds what each has to be, byte by byte."""

from collections.abc import Iterator
from pathlib import Path

from booking.outbox.mime import Address, OutgoingMail

EMAILS = Path(__file__).with_name("emails")


def expected_parts(name: str) -> dict[str, bytes]:
    """Return what the mail called ``name`` has to be, each part under the ending of its file."""
    return {path.suffix[1:]: path.read_bytes() for path in EMAILS.glob(f"{name}.*")}


def parts_of(mail: OutgoingMail) -> dict[str, bytes]:
    """Return each part of ``mail`` under the ending of its file."""
    calendar = {"ics": mail.calendar.content} if mail.calendar else {}
    head = "\n".join(_headers_of(mail))
    return {
        "txt": f"{head}\n\n{mail.text}".encode(),
        "html": mail.html.encode(),
    } | calendar


def _headers_of(mail: OutgoingMail) -> Iterator[str]:
    yield f"From: {_written(mail.sender)}"
    yield f"To: {_written(mail.to)}"
    if mail.reply_to is not None:
        yield f"Reply-To: {_written(mail.reply_to)}"
    yield f"Subject: {mail.subject}"
    yield f"In-Reply-To: {mail.in_reply_to or ''}".rstrip()


def _written(address: Address) -> str:
    return f"{address.name} <{address.email}>".lstrip()
