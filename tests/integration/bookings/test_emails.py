"""Mails as people read them in review: tests/emails holds what each has to be, byte by byte."""

import pytest
from sqlalchemy.orm import Session

from booking.bookings.emails import composers
from booking.bookings.lifecycle import BookingState
from booking.bookings.models import Booking
from booking.outbox.mime import OutgoingMail, build_message
from booking.outbox.models import Message, Recipient
from tests.bookings_at_work import INSTALLATION
from tests.factories import START
from tests.mail_files import EMAILS, expected_parts, parts_of
from tests.mail_scenarios import (
    MAILS,
    PREVIOUS_START,
    add_history,
    add_message,
    make_demo,
)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What a mail says does not depend on the database."""
    return sqlite_url


def compose(message: Message, *, session: Session) -> OutgoingMail:
    return composers(INSTALLATION)[message.kind].compose(message, session)


@pytest.mark.parametrize("locale", ["de", "en"])
@pytest.mark.parametrize(("kind", "whom"), MAILS)
def test_mail_is_as_expected(kind: str, whom: Recipient, locale: str, session: Session) -> None:
    booking = make_demo(session, locale=locale)
    message = add_history(kind, whom=whom, booking=booking, session=session)

    mail = compose(message, session=session)

    assert parts_of(mail) == expected_parts(f"{kind}-{whom.value}-{locale}")


@pytest.mark.parametrize("locale", ["de", "en"])
@pytest.mark.parametrize(
    ("kind", "whom"),
    [("moved", Recipient.LEAD), ("cancelled", Recipient.LEAD), ("cancelled", Recipient.HOST)],
)
def test_mail_of_what_staff_did_names_them(
    kind: str, whom: Recipient, locale: str, session: Session
) -> None:
    booking = make_demo(session, locale=locale)
    message = add_history(kind, whom=whom, booking=booking, session=session)
    message.facts = message.facts | {"by": f"staff:{booking.meeting.hosts[0].host_id}"}

    mail = compose(message, session=session)

    assert parts_of(mail) == expected_parts(f"{kind}-by-staff-{whom.value}-{locale}")


@pytest.mark.parametrize("locale", ["de", "en"])
def test_mail_with_new_links_brings_them_into_the_calendar(locale: str, session: Session) -> None:
    booking = make_demo(session, locale=locale)
    message = add_history("link", whom=Recipient.LEAD, booking=booking, session=session)
    message.facts = {"are_links_new": True}

    mail = compose(message, session=session)

    assert parts_of(mail) == expected_parts(f"link-renewed-lead-{locale}")


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
