import smtplib
import socket
import ssl

import pytest

from booking.outbox.verdict import Verdict, judge

TO = "joerg.weiss@firma.example"
SENDER = "demo@example.com"

ABOUT_THE_MAIL = [
    smtplib.SMTPRecipientsRefused({TO: (550, b"5.1.1 no such user")}),
    smtplib.SMTPRecipientsRefused({TO: (552, b"5.2.2 mailbox full")}),
    smtplib.SMTPDataError(554, b"5.6.0 rejected"),
    smtplib.SMTPDataError(500, b"lowest of the permanent answers"),
    smtplib.SMTPDataError(599, b"highest of the permanent answers"),
]
PASSING = [
    smtplib.SMTPRecipientsRefused({TO: (450, b"4.2.1 greylisted")}),
    smtplib.SMTPRecipientsRefused({TO: (421, b"4.3.2 closing")}),
    smtplib.SMTPDataError(451, b"4.3.0 local error"),
    smtplib.SMTPDataError(-1, b"an answer without a code"),
    smtplib.SMTPConnectError(421, b"4.3.2 too busy"),
    smtplib.SMTPSenderRefused(451, b"4.3.0 local error", SENDER),
    smtplib.SMTPServerDisconnected("Connection unexpectedly closed"),
    ConnectionRefusedError(111, "Connection refused"),
    ConnectionResetError(104, "Connection reset by peer"),
    TimeoutError("timed out"),
    socket.gaierror(-2, "Name or service not known"),
    OSError(28, "No space left on device"),
]
ABOUT_US = [
    smtplib.SMTPConnectError(554, b"5.3.2 no service for you"),
    smtplib.SMTPHeloError(501, b"5.5.4 invalid name"),
    smtplib.SMTPAuthenticationError(535, b"5.7.8 wrong password"),
    smtplib.SMTPSenderRefused(553, b"5.7.1 not your address", SENDER),
    smtplib.SMTPRecipientsRefused({TO: (530, b"5.7.0 authentication required")}),
    smtplib.SMTPDataError(530, b"5.7.0 authentication required"),
    smtplib.SMTPNotSupportedError("STARTTLS extension not supported by server."),
    smtplib.SMTPResponseException(454, b"4.7.0 TLS not available"),
    ssl.SSLCertVerificationError(1, "certificate verify failed: self-signed certificate"),
    ssl.SSLError(1, "wrong version number"),
]
NOT_COMPOSED = [
    UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed"),
    ValueError("Subject holds a line break"),
    KeyError("no such template"),
    RuntimeError("a faulty template"),
]


@pytest.mark.parametrize("error", ABOUT_THE_MAIL, ids=repr)
def test_answer_about_the_mail_is_final_at_once(error: Exception) -> None:
    assert judge(error, attempts=1) == Verdict.FAILED


@pytest.mark.parametrize("error", [*PASSING, *ABOUT_US], ids=repr)
@pytest.mark.parametrize("attempts", [1, 100])
def test_answer_that_may_change_is_never_final(error: Exception, attempts: int) -> None:
    assert judge(error, attempts=attempts) == Verdict.RETRY


@pytest.mark.parametrize("error", NOT_COMPOSED, ids=repr)
def test_mail_that_cannot_be_composed_fails_at_the_third_attempt(error: Exception) -> None:
    verdicts = [judge(error, attempts=attempts) for attempts in (1, 2, 3, 4)]

    assert verdicts == [Verdict.RETRY, Verdict.RETRY, Verdict.FAILED, Verdict.FAILED]


def test_mail_with_one_recipient_left_is_tried_again() -> None:
    error = smtplib.SMTPRecipientsRefused({TO: (450, b"greylisted"), SENDER: (550, b"unknown")})

    assert judge(error, attempts=1) == Verdict.RETRY
