from __future__ import annotations

import smtplib
import socket
from dataclasses import replace

import pytest
from flask import Flask

from booking.outbox.mime import Address, OutgoingMail, build_message
from booking.outbox.transport import DeliveryUnknown, SmtpTransport
from tests.hostile_smtp import HostileSmtp, hostile_smtp
from tests.outgoing_mails import CONFIRMATION, REMINDER, go_ahead

SENDER = "demo@example.com"
RECIPIENT = "joerg@kunde.example"
SHORT_SECONDS = 0.5
AMPLE_SECONDS = 10.0


class OvertakenError(Exception):
    pass


def transport_to(port: int, *, timeout_seconds: float = AMPLE_SECONDS) -> SmtpTransport:
    app = Flask(__name__)
    app.config.update(
        MAIL_SERVER="127.0.0.1",
        MAIL_PORT=port,
        MAIL_TIMEOUT=timeout_seconds,
        MAIL_DEFAULT_SENDER=SENDER,
    )
    return SmtpTransport(app)


def send_one(
    server: HostileSmtp, *, timeout_seconds: float = AMPLE_SECONDS, mail: OutgoingMail = REMINDER
) -> tuple[list[str], Exception | None]:
    """Return whether ``before_data`` was called, and what was raised."""
    calls: list[str] = []
    try:
        with transport_to(server.port, timeout_seconds=timeout_seconds).connect() as connection:
            connection.send(mail, before_data=lambda: calls.append("before data"))
    except (OSError, DeliveryUnknown) as error:
        return calls, error
    return calls, None


def overtaken() -> None:
    raise OvertakenError


@pytest.mark.fault("F7")
@pytest.mark.parametrize("mode", ["well_behaved", "slow", "close_after_250", "quit_421"])
def test_mail_counts_as_sent_once_250_came(mode: str) -> None:
    with hostile_smtp(mode) as server:
        outcome = send_one(server)

    assert outcome == (["before data"], None)
    assert server.accepted == [build_message(REMINDER).as_bytes()]


@pytest.mark.fault("F7")
def test_mail_counts_as_sent_when_the_goodbye_is_never_answered() -> None:
    with hostile_smtp("quit_hang") as server:
        outcome = send_one(server, timeout_seconds=SHORT_SECONDS)

    assert outcome == (["before data"], None)
    assert server.accepted == [build_message(REMINDER).as_bytes()]


def test_commands_name_sender_and_recipient_and_nothing_of_this_machine() -> None:
    with hostile_smtp("well_behaved") as server:
        send_one(server)

    assert server.commands == [
        "ehlo example.com",
        f"mail FROM:<{SENDER}>",
        f"rcpt TO:<{RECIPIENT}>",
        "DATA",
        "quit",
    ]


def test_lines_that_begin_with_a_dot_arrive_unchanged() -> None:
    with hostile_smtp("well_behaved") as server:
        send_one(server, mail=CONFIRMATION)

    assert server.accepted == [build_message(CONFIRMATION).as_bytes()]
    assert b"\r\n.\r\n" in server.accepted[0]


@pytest.mark.fault("F8", "F9")
@pytest.mark.parametrize(
    ("mode", "error", "before_data_calls"),
    [
        ("banner_421", smtplib.SMTPConnectError(421, b"4.3.2 too busy"), 0),
        ("mail_451", smtplib.SMTPSenderRefused(451, b"4.3.0 try later", SENDER), 0),
        ("mail_421", smtplib.SMTPSenderRefused(421, b"4.7.0 too many mails", SENDER), 0),
        ("mail_garbage", smtplib.SMTPSenderRefused(-1, b"?", SENDER), 0),
        (
            "rcpt_450",
            smtplib.SMTPRecipientsRefused({RECIPIENT: (450, b"4.2.0 greylisted")}),
            0,
        ),
        (
            "rcpt_550",
            smtplib.SMTPRecipientsRefused({RECIPIENT: (550, b"5.1.1 no such user")}),
            0,
        ),
        (
            "rcpt_552",
            smtplib.SMTPRecipientsRefused({RECIPIENT: (552, b"5.2.2 mailbox full")}),
            0,
        ),
        ("data_451", smtplib.SMTPDataError(451, b"4.3.0 try later"), 1),
        ("data_554", smtplib.SMTPDataError(554, b"5.5.1 no valid recipients"), 1),
        ("dot_421", smtplib.SMTPDataError(421, b"4.3.2 shutting down"), 1),
        ("dot_451", smtplib.SMTPDataError(451, b"4.3.0 try later"), 1),
        ("dot_554", smtplib.SMTPDataError(554, b"5.7.1 looks like spam"), 1),
    ],
)
def test_refusal_names_the_servers_answer(
    mode: str, error: smtplib.SMTPException, before_data_calls: int
) -> None:
    with hostile_smtp(mode) as server:
        calls, raised = send_one(server)

    assert repr(raised) == repr(error)
    assert len(calls) == before_data_calls
    assert server.accepted == []


@pytest.mark.parametrize("mode", ["close_at_mail", "close_at_data"])
def test_connection_closed_before_the_mail_means_not_sent(mode: str) -> None:
    with hostile_smtp(mode) as server:
        _, raised = send_one(server)

    assert type(raised) is smtplib.SMTPServerDisconnected
    assert server.received == []


@pytest.mark.fault("F8", "F10")
@pytest.mark.parametrize("mode", ["no_banner", "hang_at_data"])
def test_silence_before_the_mail_means_not_sent(mode: str) -> None:
    with hostile_smtp(mode) as server:
        _, raised = send_one(server, timeout_seconds=SHORT_SECONDS)

    assert type(raised) is smtplib.SMTPServerDisconnected
    assert server.received == []


@pytest.mark.parametrize("mode", ["mail_endless", "slow_mail_endless"])
def test_answer_without_end_before_the_mail_means_not_sent(mode: str) -> None:
    with hostile_smtp(mode) as server:
        _, raised = send_one(server, timeout_seconds=SHORT_SECONDS)

    assert type(raised) is smtplib.SMTPServerDisconnected
    assert server.received == []


@pytest.mark.fault("F6")
@pytest.mark.parametrize("mode", ["dot_endless", "slow_dot_endless"])
def test_answer_without_end_after_the_mail_leaves_the_outcome_unknown(mode: str) -> None:
    with hostile_smtp(mode) as server:
        calls, raised = send_one(server, timeout_seconds=SHORT_SECONDS)

    assert calls == ["before data"]
    assert type(raised) is DeliveryUnknown
    assert len(server.received) == 1


@pytest.mark.fault("F6")
@pytest.mark.parametrize(
    ("mode", "received"),
    [("close_in_data", 0), ("close_after_dot", 1), ("dot_garbage", 1)],
)
def test_connection_broken_after_the_mail_was_begun_leaves_the_outcome_unknown(
    mode: str, received: int
) -> None:
    with hostile_smtp(mode) as server:
        calls, raised = send_one(server)

    assert calls == ["before data"]
    assert type(raised) is DeliveryUnknown
    assert len(server.received) == received


@pytest.mark.fault("F6")
@pytest.mark.parametrize(("mode", "received"), [("hang_in_data", 0), ("hang_after_dot", 1)])
def test_silence_after_the_mail_was_begun_leaves_the_outcome_unknown(
    mode: str, received: int
) -> None:
    with hostile_smtp(mode) as server:
        calls, raised = send_one(server, timeout_seconds=SHORT_SECONDS)

    assert calls == ["before data"]
    assert type(raised) is DeliveryUnknown
    assert len(server.received) == received


@pytest.mark.fault("F8")
def test_server_that_is_away_is_a_refused_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    with pytest.raises(ConnectionRefusedError), transport_to(port).connect():
        pass


def test_every_step_is_timed() -> None:
    with (
        hostile_smtp("well_behaved") as server,
        transport_to(server.port, timeout_seconds=7.5).connect() as connection,
    ):
        assert connection.host is not None
        assert connection.host.sock is not None
        timeout_seconds = connection.host.sock.gettimeout()

    assert timeout_seconds == 7.5


def test_one_connection_carries_many_mails() -> None:
    with hostile_smtp("well_behaved") as server, transport_to(server.port).connect() as connection:
        for mail in (CONFIRMATION, REMINDER, CONFIRMATION):
            connection.send(mail, before_data=go_ahead)

    assert server.connections == 1
    assert server.accepted == [
        build_message(mail).as_bytes() for mail in (CONFIRMATION, REMINDER, CONFIRMATION)
    ]


@pytest.mark.parametrize(
    ("mode", "connections"),
    [
        ("mail_451", 1),
        ("rcpt_450", 1),
        ("rcpt_550", 1),
        ("data_451", 1),
        ("dot_554", 1),
        ("mail_421", 2),
        ("mail_garbage", 2),
        ("close_at_data", 2),
        ("close_in_data", 2),
        ("dot_421", 2),
        ("dot_garbage", 2),
    ],
)
def test_mail_after_a_failed_one_is_delivered(mode: str, connections: int) -> None:
    with hostile_smtp(mode) as server, transport_to(server.port).connect() as connection:
        with pytest.raises((OSError, DeliveryUnknown)):
            connection.send(CONFIRMATION, before_data=go_ahead)
        server.mode = "well_behaved"
        connection.send(REMINDER, before_data=go_ahead)

    assert server.accepted == [build_message(REMINDER).as_bytes()]
    assert server.connections == connections


def test_mail_given_up_before_data_is_reset_and_the_next_one_delivered() -> None:
    with hostile_smtp("well_behaved") as server, transport_to(server.port).connect() as connection:
        with pytest.raises(OvertakenError):
            connection.send(CONFIRMATION, before_data=overtaken)
        connection.send(REMINDER, before_data=go_ahead)

    assert server.commands == [
        "ehlo example.com",
        f"mail FROM:<{SENDER}>",
        f"rcpt TO:<{RECIPIENT}>",
        "rset",
        f"mail FROM:<{SENDER}>",
        f"rcpt TO:<{RECIPIENT}>",
        "DATA",
        "quit",
    ]
    assert server.accepted == [build_message(REMINDER).as_bytes()]


@pytest.mark.parametrize("mode", ["rset_502", "rset_hang"])
def test_next_mail_gets_a_new_connection_when_the_reset_fails(mode: str) -> None:
    with (
        hostile_smtp(mode) as server,
        transport_to(server.port, timeout_seconds=SHORT_SECONDS).connect() as connection,
    ):
        with pytest.raises(OvertakenError):
            connection.send(CONFIRMATION, before_data=overtaken)
        connection.send(REMINDER, before_data=go_ahead)

    assert server.connections == 2
    assert server.accepted == [build_message(REMINDER).as_bytes()]


def test_mail_that_cannot_be_written_is_not_offered_to_the_server() -> None:
    unwritable = replace(REMINDER, to=Address("Anna\r\nBcc: evil@x.example", RECIPIENT))

    with (
        hostile_smtp("well_behaved") as server,
        transport_to(server.port).connect() as connection,
        pytest.raises(ValueError, match=r"^To: control character$"),
    ):
        connection.send(unwritable, before_data=go_ahead)

    assert server.commands == ["ehlo example.com", "quit"]


def test_suppressing_and_debugging_are_not_heeded(capfd: pytest.CaptureFixture[str]) -> None:
    with hostile_smtp("well_behaved") as server:
        app = Flask(__name__)
        app.config.update(
            TESTING=True,
            DEBUG=True,
            MAIL_SUPPRESS_SEND=True,
            MAIL_DEBUG=2,
            MAIL_SERVER="127.0.0.1",
            MAIL_PORT=server.port,
            MAIL_TIMEOUT=AMPLE_SECONDS,
            MAIL_DEFAULT_SENDER=SENDER,
        )
        with SmtpTransport(app).connect() as connection:
            connection.send(REMINDER, before_data=go_ahead)

    assert len(server.accepted) == 1
    assert capfd.readouterr() == ("", "")
