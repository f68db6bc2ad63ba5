"""Mails as people read them in review: tests/emails holds what each has to be, byte by byte."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from booking.bookings.emails import composers
from booking.bookings.lifecycle import BookingState
from booking.bookings.models import Booking
from booking.outbox.mime import Address, OutgoingMail, build_message
from booking.outbox.models import Message, Recipient
from tests.factories import START
from tests.mail_scenarios import (
    INSTALLATION,
    PREVIOUS_START,
    TO_HOST,
    TO_LEAD,
    add_history,
    add_message,
    make_demo,
)

EMAILS = Path(__file__).parents[2] / "emails"
MAILS = [(kind, Recipient.LEAD) for kind in TO_LEAD] + [(kind, Recipient.HOST) for kind in TO_HOST]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What a mail says does not depend on the database."""
    return sqlite_url


def compose(message: Message, *, session: Session) -> OutgoingMail:
    return composers(INSTALLATION)[message.kind].compose(message, session)


def parts_of(mail: OutgoingMail) -> dict[str, bytes]:
    """Return each part under the ending of its file."""
    calendar = {"ics": mail.calendar.content} if mail.calendar else {}
    head = "\n".join(headers_of(mail))
    return {
        "txt": f"{head}\n\n{mail.text}".encode(),
        "html": mail.html.encode(),
    } | calendar


def headers_of(mail: OutgoingMail) -> Iterator[str]:
    yield f"From: {written(mail.sender)}"
    yield f"To: {written(mail.to)}"
    if mail.reply_to is not None:
        yield f"Reply-To: {written(mail.reply_to)}"
    yield f"Subject: {mail.subject}"
    yield f"In-Reply-To: {mail.in_reply_to or ''}".rstrip()


def written(address: Address) -> str:
    return f"{address.name} <{address.email}>".lstrip()


@pytest.mark.parametrize("locale", ["de", "en"])
@pytest.mark.parametrize(("kind", "whom"), MAILS)
def test_mail_is_as_expected(kind: str, whom: Recipient, locale: str, session: Session) -> None:
    booking = make_demo(session, locale=locale)
    message = add_history(kind, whom=whom, booking=booking, session=session)

    mail = compose(message, session=session)

    name = f"{kind}-{whom.value}-{locale}"
    expected = {path.suffix[1:]: path.read_bytes() for path in EMAILS.glob(f"{name}.*")}
    assert parts_of(mail) == expected


def test_chain_of_one_booking_is_one_meeting_in_the_calendar(session: Session) -> None:
    booking = make_demo(session)
    meeting, length = booking.meeting, booking.meeting.ends_at - booking.meeting.starts_at
    meeting.starts_at, meeting.ends_at = PREVIOUS_START, PREVIOUS_START + length
    mails = [compose_next("confirmation", booking=booking, session=session)]
    meeting.starts_at, meeting.ends_at, meeting.sequence = START, START + length, 1
    mails.append(compose_next("moved", booking=booking, session=session))
    meeting.sequence, booking.state = 2, BookingState.CANCELLED
    mails.append(compose_next("cancelled", booking=booking, session=session))

    written = [build_message(mail).as_bytes() for mail in mails]

    names = ["1-request", "2-moved", "3-cancel"]
    assert written == [(EMAILS / "chain" / f"{name}.eml").read_bytes() for name in names]


def compose_next(kind: str, *, booking: Booking, session: Session) -> OutgoingMail:
    message = add_message(kind, whom=Recipient.LEAD, booking=booking, session=session)
    return compose(message, session=session)
