"""A mail server on loopback that misbehaves on purpose, in one named way at a time."""

from __future__ import annotations

import socketserver
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PAUSE_BETWEEN_OCTETS_SECONDS = 0.003
REFUSALS = ("4", "5")
"""How the answers begin that say that a mail was not taken (RFC 5321 §4.2.1)."""


@dataclass(frozen=True)
class Answer:
    """What the server says, and what then: go on, close, hang (listen, and say no more) or repeat.

    Repeating is slow where the mode says so.
    """

    text: str | None
    then: str = "go on"


CLOSE = Answer(None, then="close")
HANG = Answer(None, then="hang")
ENDLESS = Answer("250-2.0.0 and", then="repeat")

MANNERS = {
    "banner": Answer("220 mail.example ESMTP"),
    "EHLO": Answer("250 mail.example"),
    "MAIL": Answer("250 2.1.0 sender ok"),
    "RCPT": Answer("250 2.1.5 recipient ok"),
    "DATA": Answer("354 go ahead"),
    "content": Answer(None),
    "dot": Answer("250 2.0.0 accepted"),
    "RSET": Answer("250 2.0.0 reset"),
    "QUIT": Answer("221 2.0.0 bye", then="close"),
}

# Mode -> what differs from good manners, by the stage at which it happens.
MODES: dict[str, dict[str, Answer]] = {
    "well_behaved": {},
    "slow": {},
    "no_banner": {"banner": HANG},
    "banner_421": {"banner": Answer("421 4.3.2 too busy", then="close")},
    "mail_451": {"MAIL": Answer("451 4.3.0 try later")},
    "mail_421": {"MAIL": Answer("421 4.7.0 too many mails", then="close")},
    "mail_garbage": {"MAIL": Answer("what?")},
    "close_at_mail": {"MAIL": CLOSE},
    "rcpt_450": {"RCPT": Answer("450 4.2.0 greylisted")},
    "rcpt_550": {"RCPT": Answer("550 5.1.1 no such user")},
    "rcpt_552": {"RCPT": Answer("552 5.2.2 mailbox full")},
    "data_451": {"DATA": Answer("451 4.3.0 try later")},
    "data_554": {"DATA": Answer("554 5.5.1 no valid recipients")},
    "close_at_data": {"DATA": CLOSE},
    "hang_at_data": {"DATA": HANG},
    "close_in_data": {"content": CLOSE},
    "hang_in_data": {"content": HANG},
    "dot_421": {"dot": Answer("421 4.3.2 shutting down", then="close")},
    "dot_451": {"dot": Answer("451 4.3.0 try later")},
    "dot_554": {"dot": Answer("554 5.7.1 looks like spam")},
    "dot_garbage": {"dot": Answer("what?")},
    "close_after_dot": {"dot": CLOSE},
    "hang_after_dot": {"dot": HANG},
    "close_after_250": {"dot": Answer("250 2.0.0 accepted", then="close")},
    "quit_421": {"QUIT": Answer("421 4.3.2 too busy", then="close")},
    "quit_hang": {"QUIT": HANG},
    "rset_502": {"RSET": Answer("502 5.5.1 not implemented")},
    "rset_hang": {"RSET": HANG},
    "mail_endless": {"MAIL": ENDLESS},
    "slow_mail_endless": {"MAIL": ENDLESS},
    "dot_endless": {"dot": ENDLESS},
    "slow_dot_endless": {"dot": ENDLESS},
}


class HostileSmtp(socketserver.ThreadingTCPServer):
    """Listens on a free port of 127.0.0.1; ``mode`` may be changed between two commands.

    What it saw is whole once the server was closed.
    """

    allow_reuse_address = True

    def __init__(self, mode: str) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.mode = mode
        self.connections = 0
        self.commands: list[str] = []
        self.received: list[bytes] = []
        """Every mail that came whole, up to its final dot."""
        self.not_refused: list[bytes] = []
        """Those of them that were answered well or not at all: their recipient may have them."""
        self.accepted: list[bytes] = []
        """Those of them that were answered with 250."""

    @property
    def port(self) -> int:
        """The port to connect to."""
        return int(self.server_address[1])


@contextmanager
def hostile_smtp(mode: str) -> Iterator[HostileSmtp]:
    """Run a server in ``mode``; at the end, wait until every conversation is over."""
    with HostileSmtp(mode) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class _OverError(Exception):
    """The conversation is over."""


class _Conversation(socketserver.StreamRequestHandler):
    server: HostileSmtp

    def handle(self) -> None:
        self.server.connections += 1
        try:
            self._answer("banner")
            while line := self.rfile.readline():
                command = line.decode("ascii").strip()
                self.server.commands.append(command)
                verb = command[:4].upper()
                if self._answer(verb).startswith("354"):
                    self._take_mail()
        except (_OverError, ConnectionError):
            pass

    def _take_mail(self) -> None:
        self._answer("content")
        lines: list[bytes] = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                raise _OverError
            lines.append(line.removeprefix(b"."))
        mail = b"".join(lines)
        self.server.received.append(mail)
        # Chosen once: the mode may change before it is said.
        answer = self._choose("dot")
        if answer.text is None or not answer.text.startswith(REFUSALS):
            self.server.not_refused.append(mail)
        if answer.text == MANNERS["dot"].text:
            self.server.accepted.append(mail)
        self._give(answer)

    def _choose(self, stage: str) -> Answer:
        return MODES[self.server.mode].get(stage, MANNERS[stage])

    def _answer(self, stage: str) -> str:
        return self._give(self._choose(stage))

    def _give(self, answer: Answer) -> str:
        if answer.text is not None:
            self._say(answer.text.encode("ascii") + b"\r\n")
        while answer.then == "repeat":
            self._say((answer.text or "").encode("ascii") + b"\r\n")
        if answer.then == "hang":
            self.rfile.read()
        if answer.then != "go on":
            raise _OverError
        return answer.text or ""

    def _say(self, reply: bytes) -> None:
        if not self.server.mode.startswith("slow"):
            self.wfile.write(reply)
            return
        for octet in reply:
            time.sleep(PAUSE_BETWEEN_OCTETS_SECONDS)
            self.wfile.write(bytes([octet]))
