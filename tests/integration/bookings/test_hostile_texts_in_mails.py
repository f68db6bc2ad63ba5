"""Whatever was typed, a mail about a booking stays the mail that it was meant to be."""

from __future__ import annotations

import unicodedata
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

import pytest
import vobject

from booking.outbox.mime import build_message
from booking.outbox.models import Recipient
from tests.composed_mails import compose, compose_for, invite_of
from tests.factories import (
    make_question,
)
from tests.mail_scenarios import (
    MAILS,
    TO_HOST,
    TO_LEAD,
    TOKEN,
    add_history,
    event_type_of,
    make_demo,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from booking.outbox.mime import OutgoingMail

MOST_BYTES = 100 * 1024
MOST_SUBJECT_CHARACTERS = 78
HEADERS = {
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
}
INVITED = {
    "mailto:anna@beispiel.example",
    "mailto:ben@beispiel.example",
    "mailto:joerg.weiss@firma.example",
    "mailto:jorg.weiss@firma.example",
}
HOSTILE_NAMES = [
    "Anna\r\nBcc: evil@x.example",
    'A";X=1:mailto:evil@x.example',
    "A\x07\x00\u2028ATTENDEE:mailto:evil@x.example",
    "<img src=x onerror=alert(1)>",
    "%(name)s %s {{ 7919 * 7 }} %",
    "\u202eagnitsoK anna",
    "Z" * 100,
    "=?utf-8?q?Bcc=3A_evil=40x.example?=",
    "Łukasz 你好 😀👩\u200d👩\u200d👧",
]
NOTES = "BEGIN:VALARM\r\nATTENDEE:mailto:evil@x.example\n<script>alert(1)</script>\n.\n-- \nNOTES"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What a mail says does not depend on the database."""
    return sqlite_url


@pytest.mark.parametrize(("kind", "whom"), MAILS)
def test_hostile_names_change_no_header_and_add_no_attendee(
    kind: str, whom: Recipient, session: Session
) -> None:
    booking = make_demo(session, notes=NOTES)
    message = add_history(kind, whom=whom, booking=booking, session=session)

    faults = {}
    for name in HOSTILE_NAMES:
        booking.name = booking.company = name
        faults[name] = faults_of(compose(message, session=session))

    assert faults == {name: [] for name in HOSTILE_NAMES}


def faults_of(mail: OutgoingMail) -> list[str]:
    """Return what somebody's name or notes have done to a mail."""
    wire = build_message(mail).as_bytes()
    read = message_from_bytes(wire, policy=policy.default)
    recipients = [address.addr_spec for address in read["To"].addresses]
    controls = [c for c in mail.subject if unicodedata.category(c) in {"Cc", "Zl", "Zp"}]
    faults = {
        "more headers": set(read.keys()) - HEADERS,
        "other recipients": recipients != [mail.to.email],
        "not ASCII": not wire.isascii(),
        "too large": len(wire) > MOST_BYTES,
        "subject too long": len(mail.subject) > MOST_SUBJECT_CHARACTERS,
        "control characters": controls,
        "markup": "<img" in mail.html or "<script" in mail.html,
        "evaluated": "55433" in mail.text + mail.subject,
        "attendees": attendees_of(mail) - INVITED,
    }
    return [fault for fault, found in faults.items() if found]


def attendees_of(mail: OutgoingMail) -> set[str]:
    """Return everybody the invite names, read by a library that did not write it."""
    if mail.calendar is None:
        return set()
    invite = vobject.readOne(mail.calendar.content.decode()).vevent
    alarms = len(invite.contents.get("valarm", []))
    assert alarms == (mail.calendar.method == "REQUEST")
    return {attendee.value for attendee in invite.attendee_list}


@pytest.mark.parametrize("kind", TO_LEAD)
def test_mail_to_the_lead_never_repeats_free_text(kind: str, session: Session) -> None:
    mail = compose_for(
        kind,
        whom=Recipient.LEAD,
        session=session,
        notes="NOTES",
        source={"ref": "SOURCE"},
        answers={"wish": "ANSWER", "GONE": "x"},
    )

    wire = str(build_message(mail)) + mail.text + mail.html + invite_of(mail)
    words = ("NOTES", "SOURCE", "ANSWER", "GONE", "möchten Sie sehen", "dazwischengekommen")
    assert [word for word in words if word in wire] == []


@pytest.mark.parametrize("kind", TO_HOST)
@pytest.mark.parametrize("text", [NOTES, *HOSTILE_NAMES])
def test_hostile_answers_and_questions_stay_text(kind: str, text: str, session: Session) -> None:
    booking = make_demo(session, answers={"wish": text, "crm": text, "gone": text})
    # The setup file lets no line break into a label; the mail does not rely on it.
    questions = [make_question("wish", label={"de": text})]
    event_type_of(booking, session=session).questions = questions
    message = add_history(kind, whom=Recipient.HOST, booking=booking, session=session)

    assert faults_of(compose(message, session=session)) == []


def test_answer_of_many_lines_looks_like_no_line_of_ours(session: Session) -> None:
    answers = {"wish": "Alles\nE-Mail: jemand@anders.example\nIhre Antwort geht an mich."}

    mail = compose_for("confirmation", whom=Recipient.HOST, session=session, answers=answers)

    assert (
        "Was möchten Sie sehen?\n"
        "  Alles\n"
        "  E-Mail: jemand@anders.example\n"
        "  Ihre Antwort geht an mich.\n"
    ) in mail.text


def test_invite_of_a_cancelled_demo_repeats_no_answer(session: Session) -> None:
    mail = compose_for("cancelled", whom=Recipient.HOST, session=session)

    assert "CRM" in mail.text
    assert "CRM" not in invite_of(mail)


@pytest.mark.parametrize("kind", TO_HOST)
def test_mail_to_the_host_never_carries_the_leads_link(kind: str, session: Session) -> None:
    mail = compose_for(kind, whom=Recipient.HOST, session=session)

    assert TOKEN not in mail.text + mail.html + invite_of(mail)
