"""Hands composed mails to a mail server, over Flask-Mail, and says without doubt how it ended.

A mail is accepted, or it is refused or lost before the server could have taken it, or the outcome
is unknown. Knows no row and no transaction: what has to happen just before the point of no return
is passed in as ``before_data``.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

import flask_mail

from booking.outbox.bounded_smtp import BoundedSmtp, BoundedSmtpSsl
from booking.outbox.mime import build_message

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from types import TracebackType

    from booking.outbox.mime import OutgoingMail

SEND_THE_MAIL = 354
LINE_START_DOT = re.compile(rb"^\.", re.MULTILINE)


class DeliveryUnknown(Exception):  # noqa: N818 - it names an outcome, not a fault
    """The connection was lost after the mail was handed over: the server may have taken it."""


class Connection(Protocol):
    """Takes one mail after the other."""

    def send(self, mail: OutgoingMail, *, before_data: Callable[[], None]) -> None:
        """Deliver ``mail``; return when it was accepted.

        ``before_data`` is called once the recipient was accepted and nothing of the mail was sent.
        When it raises, nothing is sent, its exception is passed on, and the connection stays
        usable.
        """


class Transport(Protocol):
    """A way for mails to leave."""

    def connect(self) -> AbstractContextManager[Connection]:
        """Open a connection for any number of mails."""


class SmtpTransport(flask_mail.Mail):
    """Flask-Mail's configuration with connections that verify, time out and report truthfully.

    Made by ``SmtpTransport(app)``. Reads Flask-Mail's settings and two of our own: MAIL_TIMEOUT
    (seconds that any single step may take) and MAIL_CA_FILE (trust the authorities in this file
    instead of the system's).
    """

    timeout_seconds: float
    ca_file: str | None

    def init_mail(
        self,
        config: dict[str, Any],
        debug: bool | int = False,  # noqa: FBT001, FBT002 - Flask-Mail's signature
        testing: bool = False,  # noqa: FBT001, FBT002 - likewise
    ) -> Any:
        """Read the settings; called by Flask-Mail."""
        self.timeout_seconds = config["MAIL_TIMEOUT"]
        self.ca_file = config.get("MAIL_CA_FILE")
        return super().init_mail(config, debug, testing)

    def connect(self) -> SmtpConnection:
        """Return a connection, to be opened by ``with``.

        Raises (on entering):
            OSError: the server is away, silent, not the one its certificate must name
                (`ssl.SSLCertVerificationError`), or refuses to talk (`smtplib.SMTPException`).
        """
        return SmtpConnection(self)


class SmtpConnection(flask_mail.Connection):
    """One conversation with the mail server; opened anew where a mail broke it."""

    def configure_host(self) -> smtplib.SMTP:
        """Connect, encrypt, sign in; called by Flask-Mail.

        MAIL_DEBUG is not heeded: its output names people.
        """
        settings = self.mail
        tls = ssl.create_default_context(cafile=settings.ca_file)
        # The name given in EHLO; asking the system for ours may wait for DNS.
        own_name = settings.default_sender.rpartition("@")[2]
        reach = partial(BoundedSmtpSsl, context=tls) if settings.use_ssl else BoundedSmtp
        server = reach(
            settings.server,
            settings.port,
            local_hostname=own_name,
            timeout=settings.timeout_seconds,
        )
        try:
            if settings.use_tls:
                server.starttls(context=tls)
            server.ehlo_or_helo_if_needed()
            if settings.username and settings.password:
                server.login(settings.username, settings.password)
        except BaseException:
            server.close()
            raise
        return server

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        """Say goodbye; how the server takes it changes nothing about the mails."""
        if self.host is not None:
            with suppress(OSError):
                self.host.quit()
            self.host.close()

    def send(  # type: ignore[override]  # takes our mail, not Flask-Mail's
        self, mail: OutgoingMail, *, before_data: Callable[[], None]
    ) -> None:
        """Deliver ``mail``; return when the server has accepted it.

        ``before_data`` is called after the server accepted the recipient and before DATA. When it
        raises, nothing is sent, its exception is passed on, and the connection stays usable.

        Raises:
            ValueError: the mail cannot be put on the wire; the server was not asked.
            smtplib.SMTPSenderRefused: refused at MAIL.
            smtplib.SMTPRecipientsRefused: refused at RCPT, with the one recipient's code and reply.
            smtplib.SMTPDataError: refused at DATA or after the final dot.
            DeliveryUnknown: the connection was lost, or the answer made no sense, after the first
                octet of the mail.
            OSError: any other failure; the server cannot have taken the mail.
        """
        content = build_message(mail).as_bytes()
        server = self._server()
        _offer(server, sender=mail.sender.email, recipient=mail.to.email)
        try:
            before_data()
        except BaseException:
            _reset(server)
            raise
        _hand_over(server, content=content)

    def _server(self) -> smtplib.SMTP:
        # None also where MAIL_SUPPRESS_SEND is on: a mail that is not sent must not count as sent.
        if self.host is None or self.host.sock is None:
            self.host = self.configure_host()
        return self.host


def _offer(server: smtplib.SMTP, *, sender: str, recipient: str) -> None:
    code, reply = server.mail(sender)
    if not _is_accepted(code):
        _make_ready(server, after=code)
        raise smtplib.SMTPSenderRefused(code, reply, sender)
    code, reply = server.rcpt(recipient)
    if not _is_accepted(code):
        _make_ready(server, after=code)
        raise smtplib.SMTPRecipientsRefused({recipient: (code, reply)})


def _hand_over(server: smtplib.SMTP, *, content: bytes) -> None:
    code, reply = server.docmd("DATA")
    if code != SEND_THE_MAIL:
        _make_ready(server, after=code)
        raise smtplib.SMTPDataError(code, reply)
    try:
        # A dot at the start of a line is doubled; one alone ends the mail (RFC 5321 §4.5.2).
        server.send(LINE_START_DOT.sub(b"..", content) + b".\r\n")
        code, reply = server.getreply()
    except OSError as error:
        server.close()
        raise DeliveryUnknown from error
    if _is_accepted(code):
        return
    _make_ready(server, after=code)
    if not _is_refused(code):
        raise DeliveryUnknown
    raise smtplib.SMTPDataError(code, reply)


def _make_ready(server: smtplib.SMTP, *, after: int) -> None:
    """Prepare for the next mail; hang up on a server whose answer made no sense."""
    if _is_refused(after):
        _reset(server)
    else:
        server.close()


def _reset(server: smtplib.SMTP) -> None:
    with suppress(OSError):
        code, _ = server.rset()
        if not _is_accepted(code):
            server.close()


def _is_accepted(code: int) -> bool:
    return code // 100 == 2  # noqa: PLR2004 - the first digit decides (RFC 5321 §4.3.2)


def _is_refused(code: int) -> bool:
    return code // 100 in {4, 5}
