"""What each way a mail server can behave means for the row of the mail."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from aiosmtpd.smtp import Envelope
from flask import Flask
from sqlalchemy.orm import Session

from booking.outbox.composer import Composer
from booking.outbox.deliver import deliver_due
from booking.outbox.mime import Address, OutgoingMail
from booking.outbox.models import Message, MessageState
from tests.fixtures.application import UnitOfWork
from tests.hostile_smtp import HostileSmtp, hostile_smtp
from tests.outbox import (
    NOW,
    compose_note,
    is_wanted,
    make_delivery,
    make_message,
    message_ids,
    read_message,
    smtp_transport,
)
from tests.smtp_sink import SmtpSink

SENT, QUEUED, FAILED, UNKNOWN = (
    MessageState.SENT,
    MessageState.QUEUED,
    MessageState.FAILED,
    MessageState.UNKNOWN,
)


@contextmanager
def refused_port() -> Iterator[int]:
    with HostileSmtp("well_behaved") as server:
        port = server.port
    yield port


# Mode -> state, attempts, unknowns, last error, wait in minutes before the spread.
OUTCOMES = {
    "well_behaved": (SENT, 1, 0, None, 0),
    "slow": (SENT, 1, 0, None, 0),
    "close_after_250": (SENT, 1, 0, None, 0),
    "quit_421": (SENT, 1, 0, None, 0),
    "quit_hang": (SENT, 1, 0, None, 0),
    "no_banner": (QUEUED, 1, 0, "UnreachableError: SMTPServerDisconnected", 1),
    "banner_421": (QUEUED, 1, 0, "UnreachableError: SMTPConnectError 421", 1),
    "mail_451": (QUEUED, 1, 0, "SMTPSenderRefused 451", 1),
    "close_at_mail": (QUEUED, 1, 0, "SMTPServerDisconnected", 1),
    "rcpt_450": (QUEUED, 1, 0, "SMTPRecipientsRefused 450", 1),
    "data_451": (QUEUED, 1, 0, "SMTPDataError 451", 1),
    "dot_451": (QUEUED, 1, 0, "SMTPDataError 451", 1),
    "rcpt_550": (FAILED, 1, 0, "SMTPRecipientsRefused 550", 0),
    "rcpt_552": (FAILED, 1, 0, "SMTPRecipientsRefused 552", 0),
    "data_554": (FAILED, 1, 0, "SMTPDataError 554", 0),
    "dot_554": (FAILED, 1, 0, "SMTPDataError 554", 0),
    "close_in_data": (UNKNOWN, 1, 1, "DeliveryUnknown: SMTPServerDisconnected", 10),
    "close_after_dot": (UNKNOWN, 1, 1, "DeliveryUnknown: SMTPServerDisconnected", 10),
    "hang_after_dot": (UNKNOWN, 1, 1, "DeliveryUnknown: SMTPServerDisconnected", 10),
}


@pytest.mark.fault("F6", "F7", "F8", "F9")
@pytest.mark.parametrize("mode", OUTCOMES)
def test_outcome_is_written_to_the_row(app: Flask, transaction: UnitOfWork, mode: str) -> None:
    state, attempts, unknowns, error, minutes = OUTCOMES[mode]
    with transaction() as session:
        message_id = make_message(session).id

    with hostile_smtp(mode) as server, app.app_context():
        deliver_due(make_delivery(smtp_transport(server.port)))

    message = read_message(message_id, transaction=transaction)
    assert (message.state, message.attempts, message.unknowns, message.last_error) == (
        state,
        attempts,
        unknowns,
        error,
    )
    wait = message.next_attempt_at - NOW
    assert minutes * timedelta(seconds=48) <= wait <= minutes * timedelta(seconds=72)
    assert (message.due_at, message.lease_until, message.data_started_at) == (NOW, None, None)


def test_server_that_is_not_there_is_tried_again_later(app: Flask, transaction: UnitOfWork) -> None:
    with transaction() as session:
        message_id = make_message(session).id

    with refused_port() as port, app.app_context():
        deliver_due(make_delivery(smtp_transport(port)))

    message = read_message(message_id, transaction=transaction)
    assert (message.state, message.last_error) == (
        QUEUED,
        "UnreachableError: ConnectionRefusedError",
    )


@pytest.mark.fault("F6")
@pytest.mark.parametrize("mode", ["close_after_dot", "hang_after_dot"])
def test_server_that_never_confirms_gets_two_copies_of_one_message_id(
    app: Flask, transaction: UnitOfWork, mode: str
) -> None:
    with transaction() as session:
        message_id = make_message(session).id

    with hostile_smtp(mode) as server, app.app_context():
        for minutes in (0, 9, 11, 30, 600):
            now = NOW + timedelta(minutes=minutes)
            deliver_due(make_delivery(smtp_transport(server.port), now=lambda now=now: now))

    message = read_message(message_id, transaction=transaction)
    assert message_ids(server.received) == [message.message_id] * 2
    assert server.received[0] == server.received[1]
    assert (message.state, message.unknowns) == (UNKNOWN, 2)


def test_unknown_mail_that_is_put_off_stays_unknown_until_it_is_sent(
    app: Flask, transaction: UnitOfWork
) -> None:
    history = []
    with transaction() as session:
        message_id = make_message(session, state=UNKNOWN, unknowns=1, attempts=1).id

    with hostile_smtp("rcpt_450") as server, app.app_context():
        for minutes, mode in ((0, "rcpt_450"), (10, "well_behaved"), (60, "well_behaved")):
            server.mode = mode
            now = NOW + timedelta(minutes=minutes)
            deliver_due(make_delivery(smtp_transport(server.port), now=lambda now=now: now))
            message = read_message(message_id, transaction=transaction)
            history.append((message.state, message.attempts, message.unknowns))

    assert history == [(UNKNOWN, 2, 1), (SENT, 3, 1), (SENT, 3, 1)]
    assert len(server.accepted) == 1


@pytest.mark.fault("F8")
def test_temporary_refusals_end_when_the_mail_is_of_no_more_use(
    app: Flask, transaction: UnitOfWork
) -> None:
    with transaction() as session:
        message_id = make_message(session, expires_at=NOW + timedelta(hours=3)).id

    with hostile_smtp("rcpt_450") as server, app.app_context():
        for minutes in range(0, 200, 10):
            now = NOW + timedelta(minutes=minutes)
            deliver_due(make_delivery(smtp_transport(server.port), now=lambda now=now: now))

    message = read_message(message_id, transaction=transaction)
    assert message.state is MessageState.EXPIRED
    assert 4 <= message.attempts <= 7
    assert server.accepted == []


class PickySink(SmtpSink):
    async def handle_RCPT(  # noqa: N802 - named after the command
        self, _server: object, _session: object, envelope: Envelope, address: str, _options: object
    ) -> str:
        if address.startswith("gone@"):
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 recipient ok"


@pytest.mark.fault("F9")
def test_recipient_who_is_refused_does_not_hold_up_the_others(
    app: Flask, transaction: UnitOfWork
) -> None:
    def compose(message: Message, session: Session) -> OutgoingMail:
        to = Address("", str(message.facts["to"]))
        return replace(compose_note(message, session), to=to)

    with transaction() as session:
        refused_id = make_message(session, facts={"to": "gone@kunde.example"}).id
        accepted_id = make_message(session, facts={"to": "erika@kunde.example"}).id

    composers = {"note": Composer(is_current=is_wanted, compose=compose)}
    sink = PickySink()
    sink.start()
    with app.app_context():
        deliver_due(make_delivery(smtp_transport(sink.port), composers=composers))
    sink.stop()

    assert read_message(refused_id, transaction=transaction).state is FAILED
    assert read_message(accepted_id, transaction=transaction).state is SENT
    assert [mail.rcpt_tos for mail in sink.mails] == [["erika@kunde.example"]]


def test_header_that_would_be_forged_is_never_offered_to_the_server(
    app: Flask, transaction: UnitOfWork
) -> None:
    def compose(message: Message, session: Session) -> OutgoingMail:
        return replace(compose_note(message, session), subject="Note\r\nBcc: all@example.com")

    with transaction() as session:
        message_id = make_message(session).id

    composers = {"note": Composer(is_current=is_wanted, compose=compose)}
    with hostile_smtp("well_behaved") as server, app.app_context():
        deliver_due(make_delivery(smtp_transport(server.port), composers=composers))

    message = read_message(message_id, transaction=transaction)
    assert (message.state, message.attempts, message.last_error) == (QUEUED, 1, "ValueError")
    assert [command[:4].upper() for command in server.commands] == ["EHLO", "QUIT"]
