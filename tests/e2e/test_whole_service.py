"""The whole job of the product by real processes: book, invite, move, cancel, over real SMTP."""

from datetime import datetime, timedelta
from email.message import EmailMessage

import icalendar
import pytest
from sqlalchemy import select

from booking.clock import now
from booking.outbox.models import Message, MessageState
from tests.factories import make_event_type, make_organisation, make_staff
from tests.fixtures.application import UnitOfWork
from tests.hostile_smtp import hostile_smtp
from tests.processes import wait_until
from tests.server_processes import ask
from tests.smtp_sink import smtp_sink
from tests.whole_service import ALL_DAY, LEAD, book, mails_to, mails_to_all, service


@pytest.fixture
def start(transaction: UnitOfWork) -> datetime:
    """A free slot of a host whom the database knows."""
    with transaction() as session:
        make_organisation(session)
        make_event_type(session, hosts=[make_staff(session, hours=ALL_DAY)], slug="demo")
    return (now() + timedelta(days=3)).replace(hour=10, minute=0, second=0, microsecond=0)


def invite_in(mail: EmailMessage) -> tuple[str, str, int]:
    """Return method, uid and sequence of the invite, the same in part and attachment."""
    parts = [p for p in mail.walk() if p.get_content_type() in {"text/calendar", "application/ics"}]
    inline, attached = (part.get_payload(decode=True) for part in parts)
    assert inline == attached
    calendar = icalendar.Calendar.from_ical(inline)
    (meeting,) = calendar.walk("VEVENT")
    assert parts[0].get_param("method") == calendar["METHOD"]
    return str(calendar["METHOD"]), str(meeting["UID"]), int(meeting["SEQUENCE"])


def test_booking_moved_and_cancelled_is_one_meeting_in_every_calendar(
    environment: dict[str, str], start: datetime
) -> None:
    later = start + timedelta(hours=1)

    with smtp_sink() as sink, service(environment, mail_port=sink.port) as address:
        token = book(address, start=start)
        wait_until(lambda: len(sink.mails) == 2)
        moved = ask(
            address,
            "POST",
            f"/api/v1/bookings/{token}/reschedule",
            {"start": later.isoformat()},
        )
        wait_until(lambda: len(sink.mails) == 4)
        cancelled = ask(address, "POST", f"/api/v1/bookings/{token}/cancel", {})
        wait_until(lambda: len(sink.mails) == 6)

    uid = moved.body["booking"]["uid"]
    assert (moved.status, cancelled.status, cancelled.body["booking"]["state"]) == (
        200,
        200,
        "cancelled",
    )
    chain = [("REQUEST", uid, 0), ("REQUEST", uid, 1), ("CANCEL", uid, 2)]
    to_lead = mails_to(LEAD, sink=sink)
    to_host = [mail for mail in mails_to_all(sink) if mail["To"] != to_lead[0]["To"]]
    assert [invite_in(mail) for mail in to_lead] == chain
    assert [invite_in(mail) for mail in to_host] == chain
    assert all(f"/b/{token}" not in str(mail) for mail in to_host)
    assert to_lead[1]["In-Reply-To"] == to_lead[0]["Message-ID"]


@pytest.mark.fault("F10")
@pytest.mark.parametrize("mode", ["no_banner", "hang_in_data", "banner_421"])
def test_mail_server_in_trouble_is_no_trouble_for_a_booking(
    environment: dict[str, str], transaction: UnitOfWork, start: datetime, mode: str
) -> None:
    with hostile_smtp(mode) as server, service(environment, mail_port=server.port) as address:
        for number in range(5):
            book(
                address,
                start=start + number * timedelta(minutes=30),
                email=f"lead-{number}@kunde.de",
            )
        ready = ask(address, "GET", "/health/ready")

    assert ready.status == 200
    with transaction() as session:
        confirmations = session.scalars(
            select(Message.state).where(Message.kind == "confirmation")
        ).all()
    assert len(confirmations) == 10
    assert MessageState.SENT not in confirmations
