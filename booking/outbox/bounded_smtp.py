"""smtplib, in which no reply takes longer than the timeout, or more room than a reply may need.

By itself smtplib waits the timeout anew for every octet, and keeps every line of a reply that does
not end: one such server would hold a worker for ever.
"""

from __future__ import annotations

import smtplib
from io import BufferedReader, RawIOBase
from time import monotonic
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import socket

MOST_OCTETS = 64 * 1024
"""Of one reply; a hundred lines of the length that RFC 5321 §4.5.3.1.5 allows."""


class BoundedReplies(smtplib.SMTP):
    """Mixed into a class of smtplib."""

    _replies: _Replies

    def getreply(self) -> tuple[int, bytes]:
        """Read one reply.

        Raises:
            smtplib.SMTPServerDisconnected: it was too slow or too long; the connection is closed.
        """
        if self.file is None and self.sock is not None:
            self._replies = _Replies(self.sock)
            self.file = BufferedReader(self._replies)
        self._replies.expect(seconds=self.timeout)
        try:
            return super().getreply()
        finally:
            if self.sock is not None:
                self.sock.settimeout(self.timeout)


class BoundedSmtp(BoundedReplies, smtplib.SMTP):
    """A connection that begins in the clear."""


class BoundedSmtpSsl(BoundedReplies, smtplib.SMTP_SSL):
    """A connection that begins encrypted."""


class _Replies(RawIOBase):
    """What a server says, as far as the present reply may go."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._deadline = 0.0
        self._room = 0

    def expect(self, *, seconds: float) -> None:
        self._deadline = monotonic() + seconds
        self._room = MOST_OCTETS

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left = self._deadline - monotonic()
        if left <= 0 or self._room <= 0:
            raise TimeoutError("the reply does not end")
        self._sock.settimeout(left)
        read = self._sock.recv_into(buffer)
        self._room -= read
        return read
