"""A well-behaved mail server on loopback, with STARTTLS, TLS from the start, or sign-in."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator

USER = "halbstunde"
PASSWORD = "a-password-for-tests"


class SmtpSink(Controller):
    """Keeps every mail it accepted as an envelope, in ``mails``."""

    def __init__(self, **options: Any) -> None:
        self.mails: list[Envelope] = []
        self.encrypted: list[bool] = []
        super().__init__(self, hostname="127.0.0.1", port=0, **options)

    async def handle_DATA(  # noqa: N802 - named after the command
        self, server: SMTP, _session: object, envelope: Envelope
    ) -> str:
        """Accept the mail."""
        self.mails.append(envelope)
        assert server.transport is not None
        self.encrypted.append(server.transport.get_extra_info("cipher") is not None)
        return "250 accepted"

    def _trigger_server(self) -> None:
        # Port 0 stands for any free one; only now is it known which.
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd has no types here


@contextmanager
def smtp_sink(
    *, tls: ssl.SSLContext | None = None, from_the_start: bool = False, sign_in: bool = False
) -> Iterator[SmtpSink]:
    """Run a server; with ``tls``, it insists on STARTTLS unless it encrypts ``from_the_start``."""
    starttls = None if from_the_start else tls
    sink = SmtpSink(
        tls_context=starttls,
        require_starttls=starttls is not None,
        ssl_context=tls if from_the_start else None,
        auth_required=sign_in,
        authenticator=_authenticate,
    )
    sink.start()
    try:
        yield sink
    finally:
        sink.stop()


def _authenticate(*arguments: Any) -> AuthResult:
    credentials = arguments[-1]
    right = LoginPassword(login=USER.encode(), password=PASSWORD.encode())
    # Not handled: the refusal is still to be answered, by aiosmtpd.
    return AuthResult(success=credentials == right, handled=False)
