"""The whole service as its users meet it: book over HTTP, read what came by mail."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.smtp import Envelope

from tests.api_calls import booking_body
from tests.server_processes import ask, running_servers
from tests.smtp_sink import SmtpSink

ALL_DAY = tuple((weekday, "00:00", "24:00") for weekday in range(7))
LEAD = "erika@kunde.de"


def mail_settings(port: int) -> dict[str, str]:
    """Return the settings that let a process send its mails to ``port`` of this machine."""
    return {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": str(port), "MAIL_TIMEOUT": "1"}


@contextmanager
def service(environment: dict[str, str], *, mail_port: int) -> Iterator[str]:
    """Run web server and worker in one process, with a mail server on loopback."""
    settings = environment | mail_settings(mail_port)
    with running_servers(1, environment=settings, options=["--with-worker"]) as servers:
        yield servers[0]


def book(address: str, *, start: datetime, email: str = LEAD) -> str:
    """Book the slot and return the token of the booking."""
    body = booking_body(start.isoformat(), email=email, time_zone="Europe/Berlin")
    answer = ask(address, "POST", "/api/v1/bookings", body)
    assert answer.status == 201, answer.body
    token: str = answer.body["booking"]["token"]
    return token


def mails_to(recipient: str, *, sink: SmtpSink) -> list[EmailMessage]:
    """Return what the server has taken for ``recipient``, in that order."""

    def parse(envelope: Envelope) -> EmailMessage:
        assert isinstance(envelope.content, bytes)
        return message_from_bytes(envelope.content, policy=policy.default)

    return [parse(envelope) for envelope in sink.mails if envelope.rcpt_tos == [recipient]]


def mails_to_all(sink: SmtpSink) -> list[EmailMessage]:
    """Return every mail that the server has taken."""
    recipients = dict.fromkeys(envelope.rcpt_tos[0] for envelope in sink.mails)
    return [mail for recipient in recipients for mail in mails_to(recipient, sink=sink)]
