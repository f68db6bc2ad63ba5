from __future__ import annotations

import smtplib
import ssl

import pytest
from flask import Flask

from booking.outbox.mime import build_message
from booking.outbox.transport import SmtpTransport
from tests.certificates import ANOTHER_HOST, LOOPBACK, Authority
from tests.hostile_smtp import hostile_smtp
from tests.outgoing_mails import CONFIRMATION, go_ahead
from tests.smtp_sink import PASSWORD, USER, SmtpSink, smtp_sink


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.found(tmp_path_factory.mktemp("authority"), name="ours")


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.found(tmp_path_factory.mktemp("stranger"), name="stranger")


def deliver(port: int, **settings: object) -> None:
    app = Flask(__name__)
    app.config.update(
        MAIL_SERVER="127.0.0.1",
        MAIL_PORT=port,
        MAIL_TIMEOUT=10.0,
        MAIL_DEFAULT_SENDER="demo@example.com",
        **settings,
    )
    with SmtpTransport(app).connect() as connection:
        connection.send(CONFIRMATION, before_data=go_ahead)


def delivered(sink: SmtpSink) -> list[tuple[str | None, list[str], bytes | str | None, bool]]:
    return [
        (mail.mail_from, mail.rcpt_tos, mail.original_content, encrypted)
        for mail, encrypted in zip(sink.mails, sink.encrypted, strict=True)
    ]


both_ways = pytest.mark.parametrize(
    ("setting", "from_the_start"), [("MAIL_USE_TLS", False), ("MAIL_USE_SSL", True)]
)

WHOLE = (
    "demo@example.com",
    ["joerg@kunde.example"],
    build_message(CONFIRMATION).as_bytes(),
)


def test_mail_is_delivered_in_the_clear_where_no_encryption_is_asked_for() -> None:
    with smtp_sink() as sink:
        deliver(sink.port)

    assert delivered(sink) == [(*WHOLE, False)]


def test_mail_is_delivered_by_starttls_to_the_server_the_certificate_names(
    authority: Authority,
) -> None:
    with smtp_sink(tls=authority.server_context(LOOPBACK)) as sink:
        deliver(sink.port, MAIL_USE_TLS=True, MAIL_CA_FILE=str(authority.file))

    assert delivered(sink) == [(*WHOLE, True)]


def test_mail_is_delivered_by_tls_from_the_start(authority: Authority) -> None:
    with smtp_sink(tls=authority.server_context(LOOPBACK), from_the_start=True) as sink:
        deliver(sink.port, MAIL_USE_SSL=True, MAIL_CA_FILE=str(authority.file))

    assert delivered(sink) == [(*WHOLE, True)]


@pytest.mark.fault("F8")
@both_ways
def test_server_with_another_hosts_certificate_gets_nothing(
    authority: Authority, setting: str, *, from_the_start: bool
) -> None:
    with (
        smtp_sink(
            tls=authority.server_context(ANOTHER_HOST), from_the_start=from_the_start
        ) as sink,
        pytest.raises(ssl.SSLCertVerificationError, match="IP address mismatch"),
    ):
        deliver(sink.port, MAIL_CA_FILE=str(authority.file), **{setting: True})

    assert delivered(sink) == []


@both_ways
def test_server_vouched_for_by_a_stranger_gets_nothing(
    authority: Authority, stranger: Authority, setting: str, *, from_the_start: bool
) -> None:
    with (
        smtp_sink(tls=stranger.server_context(LOOPBACK), from_the_start=from_the_start) as sink,
        pytest.raises(ssl.SSLCertVerificationError, match="unable to get local issuer"),
    ):
        deliver(sink.port, MAIL_CA_FILE=str(authority.file), **{setting: True})

    assert delivered(sink) == []


def test_authorities_of_the_system_are_trusted_where_no_file_is_named(authority: Authority) -> None:
    with (
        smtp_sink(tls=authority.server_context(LOOPBACK)) as sink,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        deliver(sink.port, MAIL_USE_TLS=True)

    assert delivered(sink) == []


def test_server_that_withholds_starttls_gets_nothing() -> None:
    with hostile_smtp("well_behaved") as server, pytest.raises(smtplib.SMTPNotSupportedError):
        deliver(server.port, MAIL_USE_TLS=True)

    assert server.commands == ["ehlo example.com"]


def test_mail_is_delivered_after_signing_in(authority: Authority) -> None:
    with smtp_sink(tls=authority.server_context(LOOPBACK), sign_in=True) as sink:
        deliver(
            sink.port,
            MAIL_USE_TLS=True,
            MAIL_CA_FILE=str(authority.file),
            MAIL_USERNAME=USER,
            MAIL_PASSWORD=PASSWORD,
        )

    assert delivered(sink) == [(*WHOLE, True)]


def test_wrong_password_is_refused(authority: Authority) -> None:
    with (
        smtp_sink(tls=authority.server_context(LOOPBACK), sign_in=True) as sink,
        pytest.raises(smtplib.SMTPAuthenticationError) as refusal,
    ):
        deliver(
            sink.port,
            MAIL_USE_TLS=True,
            MAIL_CA_FILE=str(authority.file),
            MAIL_USERNAME=USER,
            MAIL_PASSWORD="not it",
        )

    assert refusal.value.smtp_code == 535
    assert delivered(sink) == []
