"""Writes mails into a folder instead of sending them, for installations without a mail server.

Each mail is one ``.eml`` file, complete from the moment it appears; the page that shows the mails
of a demonstration reads them here.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from contextlib import contextmanager
from datetime import UTC
from email import message_from_bytes
from email.header import decode_header, make_header
from pathlib import Path
from typing import TYPE_CHECKING

from booking.errors import NotFoundError
from booking.outbox.mime import WIRE, build_message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage

    from booking.outbox.mime import OutgoingMail


FOLD = re.compile(r"\r?\n(?=[ \t])")


class FileTransport:
    """A transport whose mails end in ``directory``, which is made when it is missing."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    @contextmanager
    def connect(self) -> Iterator[FileTransport]:
        """Yield the folder, ready for any number of mails."""
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        yield self

    def send(self, mail: OutgoingMail, *, before_data: Callable[[], None]) -> None:
        """Write ``mail``, over the file of an earlier attempt if there is one.

        ``before_data`` is called before anything is written; when it raises, nothing is.

        Raises:
            ValueError: the mail cannot be put on the wire.
            OSError: the folder cannot be written to; no file was left behind.
        """
        content = build_message(mail).as_bytes()
        before_data()
        with tempfile.NamedTemporaryFile(dir=self._directory, suffix=".part", delete=False) as file:
            partial = Path(file.name)
            try:
                file.write(content)
                file.close()
                partial.replace(self._directory / _file_name(mail))
            except BaseException:
                partial.unlink()
                raise


def list_mails(directory: Path) -> list[str]:
    """Return the names of the mails in ``directory``, the one written last first."""
    files = sorted(
        directory.glob("*.eml"),
        key=lambda file: (file.stat().st_mtime_ns, file.name),
        reverse=True,
    )
    return [file.name for file in files]


def get_mail(directory: Path, *, name: str) -> EmailMessage:
    """Return the mail that `list_mails` calls ``name``.

    Raises:
        NotFoundError: no mail in ``directory`` has this name; a path is no name.
    """
    if name not in list_mails(directory):
        raise NotFoundError
    return message_from_bytes((directory / name).read_bytes(), policy=WIRE)


def read_header(mail: EmailMessage, name: str) -> str:
    """Return what a header of ``mail`` says; nothing where it has none.

    Python leaves a blank where a long word was cut in two (RFC 2047 §6.2), so it is not asked.
    """
    written = dict(mail.raw_items()).get(name, "")
    return str(make_header(decode_header(FOLD.sub("", str(written)))))


def _file_name(mail: OutgoingMail) -> str:
    written = mail.date.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    return f"{written}-{hashlib.sha256(mail.message_id.encode()).hexdigest()[:16]}.eml"
