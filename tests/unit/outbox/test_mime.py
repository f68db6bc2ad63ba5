from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import getaddresses
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from booking.outbox.mime import Address, CalendarPart, OutgoingMail, build_message
from tests.outgoing_mails import CONFIRMATION, INVITE, REMINDER

if TYPE_CHECKING:
    from collections.abc import Callable

EMAILS = Path(__file__).parents[2] / "emails"

# Any text without control characters, surrogates and line separators.
PRINTED = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=200)

HOSTILE_TEXTS = [
    "Anna\r\nBcc: evil@x.example",
    "Anna\n Bcc: evil@x.example",
    "Anna\rBcc: evil@x.example",
    "Anna\x00",
    "Anna\x1b[31m",
    "Anna\x7f",
    "Anna\x85Bcc: evil@x.example",
    "Anna\u2028Bcc: evil@x.example",
    "Anna\ud800",
]


def wire(mail: OutgoingMail) -> bytes:
    return build_message(mail).as_bytes()


def raw_header(mail: OutgoingMail, *, name: str) -> str:
    return str(message_from_bytes(wire(mail))[name])


def bodies(mail: OutgoingMail) -> list[str]:
    message = message_from_bytes(wire(mail), policy=policy.default)
    return [
        part.get_content()
        for part in message.walk()
        if part.get_content_type() in {"text/plain", "text/html"}
    ]


def decoded(raw: str) -> str:
    return str(make_header(decode_header(raw)))


@pytest.mark.parametrize(
    ("mail", "file"), [(CONFIRMATION, "with_invite.eml"), (REMINDER, "without_invite.eml")]
)
def test_wire_is_the_expected_file(mail: OutgoingMail, file: str) -> None:
    expected = (EMAILS / file).read_bytes()

    assert wire(mail) == expected


def test_wire_is_ascii_in_lines_that_every_server_takes() -> None:
    lines = wire(CONFIRMATION).split(b"\r\n")

    assert [line for line in lines if len(line) > 78 or not line.isascii()] == []
    assert b"\n" not in b"".join(lines)
    assert b"\r" not in b"".join(lines)


def test_headers_parse_back() -> None:
    message = message_from_bytes(wire(CONFIRMATION), policy=policy.default)

    assert {name: str(value) for name, value in message.items()} == {
        "From": '"Vertrieb Müller, Anna" <demo@example.com>',
        "To": '"Jörg „Joe“ Krüger, Einkauf" <joerg@kunde.example>',
        "Reply-To": "Anna Müller <anna@example.com>",
        "Subject": "Ihre Demo am Di., 24.11.2026 um 10:00 Uhr (MEZ) – schön, dass Sie kommen",
        "Date": "Mon, 16 Nov 2026 08:15:00 +0000",
        "Message-ID": "<booking.17.0.confirmation.lead.1@example.com>",
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
        "Content-Type": 'multipart/mixed; boundary="=_mixed_89f81f00603289b1de476ff6006c722c"',
    }


def test_parts_stand_in_the_order_clients_expect() -> None:
    message = message_from_bytes(wire(CONFIRMATION), policy=policy.default)

    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]


def test_bodies_read_back_as_they_were_written() -> None:
    assert bodies(CONFIRMATION) == [
        CONFIRMATION.text.replace("\n", "\r\n"),
        CONFIRMATION.html.replace("\n", "\r\n"),
    ]


def test_calendar_part_and_attachment_hold_the_same_octets() -> None:
    *_, inline, attached = message_from_bytes(wire(CONFIRMATION), policy=policy.default).walk()

    assert inline.get_payload(decode=True) == INVITE
    assert attached.get_payload(decode=True) == INVITE
    assert inline["Content-Type"].params == {"method": "REQUEST", "charset": "utf-8"}
    assert attached.get_filename() == "invite.ics"


def test_reminder_belongs_under_the_confirmation() -> None:
    message = build_message(REMINDER)

    assert message["In-Reply-To"] == CONFIRMATION.message_id
    assert message["References"] == CONFIRMATION.message_id


def test_long_message_id_is_not_encoded() -> None:
    long = f"<{'a.1' * 60}@example.com>"

    mail = replace(REMINDER, message_id=long, in_reply_to=long)

    assert [
        raw_header(mail, name=name) for name in ("Message-ID", "In-Reply-To", "References")
    ] == [long] * 3


def test_date_is_written_in_utc() -> None:
    berlin = timezone(timedelta(hours=1))

    mail = replace(REMINDER, date=datetime(2026, 11, 16, 9, 15, tzinfo=berlin))

    assert wire(mail) == wire(REMINDER)


@given(name=PRINTED, subject=PRINTED)
@example(name="=?utf-8?q?=0D=0ABcc=3A_evil=40x.example?=", subject="=?utf-8?q?x?=")
@example(name=("a, " * 40).strip(), subject=("b " * 60).strip())
@example(name='"Joe" \\ <evil@x.example>,', subject=" two  blanks ")
@example(name='Anna "die" Müller\\ <evil@x.example>, ' * 4, subject="ü" * 200)
def test_any_name_and_subject_reach_the_reader_and_nothing_else_does(
    name: str, subject: str
) -> None:
    mail = replace(REMINDER, to=Address(name, "anna@example.com"), subject=subject)

    message = message_from_bytes(wire(mail))
    recipients = getaddresses([message["To"].replace("\r\n", "")])

    assert message.keys() == message_from_bytes(wire(REMINDER)).keys()
    assert [(decoded(seen), email) for seen, email in recipients] == [(name, "anna@example.com")]
    assert decoded(message["Subject"]) == subject
    assert max(len(line) for line in wire(mail).split(b"\r\n")) <= 78


@given(text=PRINTED, html=PRINTED)
def test_any_body_reads_back(text: str, html: str) -> None:
    mail = replace(REMINDER, text=text, html=html)

    assert bodies(mail) == [f"{text}\r\n", f"{html}\r\n"]


def test_body_cannot_end_its_part() -> None:
    boundary = b"--=_alternative_5648c63b07cd9abeb682baa630a5688e"
    mail = replace(REMINDER, text=f"{boundary.decode()}--\n")

    assert wire(mail).count(boundary) == wire(REMINDER).count(boundary) == 3


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
@pytest.mark.parametrize(
    ("header", "mail_with"),
    [
        ("Subject", lambda text: replace(REMINDER, subject=text)),
        ("From", lambda text: replace(REMINDER, sender=Address(text, "demo@example.com"))),
        ("To", lambda text: replace(REMINDER, to=Address(text, "anna@example.com"))),
        ("Reply-To", lambda text: replace(REMINDER, reply_to=Address(text, "a@example.com"))),
    ],
)
def test_control_character_is_refused_by_the_headers_name(
    header: str, mail_with: Callable[[str], OutgoingMail], text: str
) -> None:
    with pytest.raises(ValueError, match=rf"^{header}: control character$"):
        build_message(mail_with(text))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "anna",
        "a@b.example,evil@x.example",
        "a@b.example evil@x.example",
        "a@b.example\r\nRCPT TO:<evil@x.example>",
        "a@b.example\n",
        " a@b.example",
        "<a@b.example>",
        "a@b.example\x00",
        "jürgen@b.example",
        "jurgen@bücher.example",
        "a@b@c.example",
    ],
)
def test_anything_but_one_bare_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match=r"^To: not one bare ASCII address$"):
        build_message(replace(REMINDER, to=Address("Anna", address)))


@pytest.mark.parametrize(
    "message_id",
    ["", "a@b", "<a>", "<a@b>\r\nBcc: x@x.example", "<a@b> <c@d>", "<ä@b>", "<a@\ud800>"],
)
def test_malformed_message_id_is_refused(message_id: str) -> None:
    with pytest.raises(ValueError, match=r"^Message-ID: not a Message-ID$"):
        build_message(replace(REMINDER, message_id=message_id))
    with pytest.raises(ValueError, match=r"^In-Reply-To: not a Message-ID$"):
        build_message(replace(REMINDER, in_reply_to=message_id))


def test_malformed_method_is_refused() -> None:
    calendar = CalendarPart(method='REQUEST"; x="', content=INVITE)

    with pytest.raises(ValueError, match=r"^Content-Type: not a METHOD of iCalendar$"):
        build_message(replace(REMINDER, calendar=calendar))


def test_naive_date_is_refused() -> None:
    naive = datetime(2026, 11, 16, 8, 15, tzinfo=UTC).replace(tzinfo=None)

    with pytest.raises(ValueError, match=r"^Date: a naive datetime is no instant$"):
        build_message(replace(REMINDER, date=naive))
