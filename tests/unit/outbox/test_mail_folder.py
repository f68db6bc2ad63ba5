from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from booking.errors import NotFoundError
from booking.outbox.mail_folder import FileTransport, get_mail, list_mails
from booking.outbox.mime import Address, OutgoingMail, build_message
from tests.outgoing_mails import CONFIRMATION, REMINDER, go_ahead

if TYPE_CHECKING:
    from pathlib import Path

CONFIRMATION_FILE = "20261116T081500Z-89f81f00603289b1.eml"
REMINDER_FILE = "20261116T081500Z-5648c63b07cd9abe.eml"


class OvertakenError(Exception):
    pass


def write(directory: Path, *mails: OutgoingMail) -> None:
    with FileTransport(directory).connect() as connection:
        for mail in mails:
            connection.send(mail, before_data=go_ahead)


def overtaken() -> None:
    raise OvertakenError


def test_mail_is_written_as_it_would_be_sent(tmp_path: Path) -> None:
    folder = tmp_path / "instance" / "outbox"

    write(folder, CONFIRMATION, REMINDER)

    assert {file.name: file.read_bytes() for file in folder.iterdir()} == {
        CONFIRMATION_FILE: build_message(CONFIRMATION).as_bytes(),
        REMINDER_FILE: build_message(REMINDER).as_bytes(),
    }


def test_second_attempt_leaves_one_file(tmp_path: Path) -> None:
    write(tmp_path, CONFIRMATION, CONFIRMATION)

    assert [file.name for file in tmp_path.iterdir()] == [CONFIRMATION_FILE]


def test_mail_given_up_before_data_leaves_no_file(tmp_path: Path) -> None:
    with FileTransport(tmp_path).connect() as connection, pytest.raises(OvertakenError):
        connection.send(CONFIRMATION, before_data=overtaken)

    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_before_the_last_check(tmp_path: Path) -> None:
    seen: list[list[Path]] = []

    with FileTransport(tmp_path).connect() as connection:
        connection.send(CONFIRMATION, before_data=lambda: seen.append(list(tmp_path.iterdir())))

    assert seen == [[]]


def test_mail_that_cannot_be_written_leaves_no_file(tmp_path: Path) -> None:
    unwritable = replace(REMINDER, to=Address("Anna\r\nBcc: evil@x.example", "a@example.com"))

    with (
        FileTransport(tmp_path).connect() as connection,
        pytest.raises(ValueError, match=r"^To: control character$"),
    ):
        connection.send(unwritable, before_data=go_ahead)

    assert list(tmp_path.iterdir()) == []


def test_failed_write_leaves_no_file(tmp_path: Path) -> None:
    (tmp_path / CONFIRMATION_FILE / "in the way").mkdir(parents=True)

    with FileTransport(tmp_path).connect() as connection, pytest.raises(OSError, match="directory"):
        connection.send(CONFIRMATION, before_data=go_ahead)

    assert [file.name for file in tmp_path.iterdir()] == [CONFIRMATION_FILE]
    assert (tmp_path / CONFIRMATION_FILE).is_dir()


def test_mails_are_listed_with_the_one_written_last_first(tmp_path: Path) -> None:
    write(tmp_path, REMINDER, CONFIRMATION)
    os.utime(tmp_path / CONFIRMATION_FILE, (100, 100))
    os.utime(tmp_path / REMINDER_FILE, (200, 200))
    (tmp_path / "notes.txt").write_text("not a mail")

    assert list_mails(tmp_path) == [REMINDER_FILE, CONFIRMATION_FILE]


def test_folder_that_is_not_there_yet_holds_no_mails(tmp_path: Path) -> None:
    assert list_mails(tmp_path / "outbox") == []


def test_mail_reads_back_from_its_name(tmp_path: Path) -> None:
    write(tmp_path, CONFIRMATION)

    mail = get_mail(tmp_path, name=CONFIRMATION_FILE)

    assert mail["Subject"] == CONFIRMATION.subject
    assert mail.as_bytes() == build_message(CONFIRMATION).as_bytes()


@pytest.mark.parametrize("name", ["", ".", "../secret.eml", "/etc/passwd", "missing.eml"])
def test_anything_but_the_name_of_a_mail_is_not_found(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "outbox"
    write(folder, CONFIRMATION)
    (tmp_path / "secret.eml").write_bytes(b"Subject: secret\r\n\r\n")

    with pytest.raises(NotFoundError):
        get_mail(folder, name=name)
