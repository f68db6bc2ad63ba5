"""What holds for every mail about a booking, whoever booked and whatever was typed."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

import pytest
import vobject
from sqlalchemy import select

from booking.bookings.cancel import cancel_booking
from booking.bookings.emails import composers
from booking.bookings.lifecycle import BookingState
from booking.bookings.notify import PAUSE
from booking.bookings.reschedule import reschedule_booking
from booking.event_types.models import LocationKind
from booking.organisation.models import ORGANISATION_ID, Organisation
from booking.outbox.mime import build_message
from booking.outbox.models import Message, Recipient
from booking.segment import Segment
from booking.staff.models import Staff
from tests.bookings_at_work import INSTALLATION, confirm, let_mails_leave
from tests.factories import (
    NOW,
    START,
    make_event_type,
    make_organisation,
    make_question,
    make_staff,
)
from tests.mail_scenarios import (
    PREVIOUS_START,
    TO_HOST,
    TO_LEAD,
    TOKEN,
    add_history,
    add_message,
    event_type_of,
    make_demo,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from booking.bookings.models import Booking
    from booking.outbox.mime import OutgoingMail

MAILS = [(kind, Recipient.LEAD) for kind in TO_LEAD] + [(kind, Recipient.HOST) for kind in TO_HOST]
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


def compose(message: Message, *, session: Session) -> OutgoingMail:
    return composers(INSTALLATION)[message.kind].compose(message, session)


def compose_for(kind: str, *, whom: Recipient, session: Session, **changes: Any) -> OutgoingMail:
    """Return a mail about a booking with ``changes``."""
    booking = make_demo(session, **changes)
    message = add_history(kind, whom=whom, booking=booking, session=session)
    return compose(message, session=session)


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


@pytest.mark.parametrize("kind", ["confirmation", "reminder"])
def test_demo_without_agenda_is_described(kind: str, session: Session) -> None:
    booking = make_demo(session)
    event_type_of(booking, session=session).agenda = []

    mail = compose(
        add_message(kind, whom=Recipient.LEAD, booking=booking, session=session), session=session
    )

    assert "\n\n30 Minuten, live.\n\n" in mail.text
    assert ">30 Minuten, live.</p>" in mail.html
    assert "Das erwartet Sie" not in mail.text + mail.html + invite_of(mail)


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


@pytest.mark.parametrize("locale", ["de", "en"])
@pytest.mark.parametrize(("kind", "whom"), MAILS)
def test_mail_loads_nothing_and_says_who_sent_it(
    kind: str, whom: Recipient, locale: str, session: Session
) -> None:
    mail = compose_for(kind, whom=whom, session=session, locale=locale)

    found = [word for word in ("src=", "url(", "@import", "<link", "<script") if word in mail.html]
    assert found == []
    assert f'<html lang="{locale}">' in mail.html
    for part in (mail.text, mail.html):
        assert "Beispiel KI GmbH · Musterweg 1 · 10115 Berlin" in part
        assert "https://beispiel.example/impressum" in part
        assert "https://beispiel.example/datenschutz" in part


def invite_of(mail: OutgoingMail) -> str:
    """Return the invite with its lines unfolded."""
    return mail.calendar.content.decode().replace("\r\n ", "") if mail.calendar else ""


@pytest.mark.parametrize(
    ("kind", "url", "expected"),
    [
        (LocationKind.PHONE, "", "Wir rufen Sie an unter +493023125042."),
        (LocationKind.ADDRESS, "Musterweg 1, 10115 Berlin", "Musterweg 1, 10115 Berlin"),
        (LocationKind.VIDEO, "", "Den Link zum Videogespräch schicken wir Ihnen vor der Demo."),
        (LocationKind.VIDEO, "https://video.example/{meeting}", "https://video.example/7f3c9d"),
    ],
)
def test_lead_reads_where_to_be(
    kind: LocationKind, url: str, expected: str, session: Session
) -> None:
    booking = make_demo(session)
    event_type = event_type_of(booking, session=session)
    event_type.location_kind, event_type.location_url = kind, url
    take_meeting_url(booking, session=session)
    message = add_message("confirmation", whom=Recipient.LEAD, booking=booking, session=session)

    mail = compose(message, session=session)

    assert expected in mail.text
    assert expected in mail.html
    location = expected.replace(",", "\\,")
    assert f"\r\nLOCATION:{location}\r\n" in invite_of(mail)


def take_meeting_url(booking: Booking, *, session: Session) -> None:
    """Leave the host without a meeting address of their own."""
    [row] = booking.meeting.hosts
    session.get_one(Staff, row.host_id).meeting_url = None
    session.flush()


def test_host_reads_that_a_link_is_missing(session: Session) -> None:
    booking = make_demo(session)
    take_meeting_url(booking, session=session)
    message = add_message("confirmation", whom=Recipient.HOST, booking=booking, session=session)

    mail = compose(message, session=session)

    missing = "Es gibt noch keinen Link zu einem Videogespräch: Bitte schicken Sie einen."
    assert missing in mail.text
    assert missing in mail.html


def test_lead_reads_times_of_their_own_zone_and_language(session: Session) -> None:
    mail = compose_for(
        "confirmation",
        whom=Recipient.LEAD,
        session=session,
        time_zone="Asia/Kathmandu",
        locale="en",
    )

    assert mail.subject == "Your demo on Tue, 24 Nov 2026 at 14:45"
    assert plain(mail.text).count("Tuesday, 24 November 2026, 14:45–15:15 (UTC+5:45)") == 1
    assert "Nepal Time" not in mail.text + mail.html


def test_host_reads_both_times_and_the_leads_language(session: Session) -> None:
    booking = make_demo(session, time_zone="America/New_York")
    booking.locale = "en"
    message = add_message("confirmation", whom=Recipient.HOST, booking=booking, session=session)

    text = plain(compose(message, session=session).text)

    assert "\nDienstag, 24. November 2026, 10:00–10:30 Uhr (MEZ)\n" in text
    ortszeit = "Dienstag, 24. November 2026, 04:00–04:30 Uhr (UTC\N{MINUS SIGN}5)"
    assert f"\nSprache: Englisch\nOrtszeit dort: {ortszeit}\n" in text


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("before_deadline", "shown"),
    [(timedelta(minutes=10), True), (timedelta(minutes=9), False), (timedelta(0), False)],
)
def test_links_to_change_are_shown_while_they_are_of_use(
    before_deadline: timedelta, shown: bool, session: Session
) -> None:
    deadline = START - timedelta(minutes=60)
    booking = make_demo(session)
    message = add_message(
        "reminder",
        whom=Recipient.LEAD,
        booking=booking,
        session=session,
        due_at=deadline - before_deadline,
    )

    mail = compose(message, session=session)

    for part in (mail.text, mail.html):
        assert ("/move" in part, "/cancel" in part) == (shown, shown)
        assert ("antworten Sie bitte auf diese E-Mail" in part) != shown


def test_cancellation_by_staff_apologises(session: Session) -> None:
    booking = make_demo(session)
    message = add_message(
        "cancelled", whom=Recipient.LEAD, booking=booking, session=session, facts={"by": "staff"}
    )

    mail = compose(message, session=session)

    assert "leider müssen wir Ihre Demo absagen. Wir bitten um Entschuldigung." in mail.text


def test_cancellation_offers_no_event_type_that_is_not_published(session: Session) -> None:
    booking = make_demo(session)
    event_type_of(booking, session=session).published = False
    message = add_message("cancelled", whom=Recipient.LEAD, booking=booking, session=session)

    mail = compose(message, session=session)

    assert "Neue Demo buchen" not in mail.text + mail.html


def test_mail_in_a_language_that_was_taken_away_is_in_the_organisations(session: Session) -> None:
    booking = make_demo(session)
    booking.locale = "fr"
    message = add_message("confirmation", whom=Recipient.LEAD, booking=booking, session=session)

    assert compose(message, session=session).subject.startswith("Ihre Demo am")


def test_reminder_is_dated_when_it_is_due_and_not_when_it_was_planned(session: Session) -> None:
    booking = make_demo(session)
    message = add_message(
        "reminder",
        whom=Recipient.LEAD,
        booking=booking,
        session=session,
        due_at=NOW + timedelta(hours=1),
    )

    assert build_message(compose(message, session=session))["Date"] == (
        "Mon, 23 Nov 2026 09:00:00 +0000"
    )


@pytest.mark.parametrize(("before_deadline", "shown"), [(10, True), (9, False)])
def test_invite_offers_changes_as_long_as_its_mail_does(
    before_deadline: int, shown: bool, session: Session
) -> None:
    booking = make_demo(session)
    due_at = START - timedelta(minutes=60 + before_deadline)
    message = add_message(
        "confirmation", whom=Recipient.LEAD, booking=booking, session=session, due_at=due_at
    )

    invite = invite_of(compose(message, session=session))

    assert ("/move" in invite, "/cancel" in invite) == (shown, shown)


def test_host_in_another_zone_of_the_same_time_reads_it_once(session: Session) -> None:
    mail = compose_for(
        "confirmation", whom=Recipient.HOST, session=session, time_zone="Europe/Vienna"
    )

    assert "Ortszeit dort" not in mail.text + mail.html


def test_mails_of_one_reader_thread_under_their_own_confirmation(session: Session) -> None:
    booking = make_demo(session)
    rows = [
        add_message(kind, whom=whom, booking=booking, session=session)
        for kind in ("confirmation", "moved")
        for whom in (Recipient.LEAD, Recipient.HOST)
    ]

    threads = [compose(row, session=session).in_reply_to for row in rows]

    assert threads == [None, None, rows[0].message_id, rows[1].message_id]


def test_mails_of_a_whole_life_are_current_only_until_the_next_change(session: Session) -> None:
    make_organisation(session)
    event_type = make_event_type(session, hosts=[make_staff(session)])
    booking = confirm(event_type, session=session, segment="team").booking
    first = currency_of(booking, session=session)
    let_mails_leave(session)
    reschedule_booking(booking, start=START + timedelta(hours=1), now=NOW, session=session)
    second = currency_of(booking, session=session)
    let_mails_leave(session, now=NOW + PAUSE)
    cancel_booking(booking, reason=None, now=NOW, session=session)
    third = currency_of(booking, session=session)

    confirmed = {"confirmation/0/lead": True, "confirmation/0/host": True, "reminder/0/lead": True}
    overtaken = dict.fromkeys(confirmed, False)
    moved = {"moved/1/lead": True, "moved/1/host": True, "reminder/1/lead": True}
    assert first == confirmed
    assert second == overtaken | moved
    assert third == overtaken | dict.fromkeys(moved, False) | {
        "cancelled/2/lead": True,
        "cancelled/2/host": True,
    }


def currency_of(booking: Booking, *, session: Session) -> dict[str, bool]:
    """Return which of the booking's mails are wanted now; each of them can be composed."""
    rows = session.scalars(select(Message).where(Message.booking_id == booking.id))
    by_kind = composers(INSTALLATION)
    return {
        f"{row.kind}/{row.sequence}/{row.recipient.value}": by_kind[row.kind].is_current(
            row, session
        )
        for row in rows
        if by_kind[row.kind].compose(row, session)
    }


def test_second_copy_to_whom_was_uninvited_is_the_same_whoever_has_it_now(
    session: Session,
) -> None:
    booking = make_demo(session)
    message = add_history("uninvited", whom=Recipient.HOST, booking=booking, session=session)
    first = build_message(compose(message, session=session)).as_bytes()

    booking.meeting.hosts[0].host_id = make_staff(session, name="Carla Conti").id
    session.flush()

    assert build_message(compose(message, session=session)).as_bytes() == first


def test_link_again_is_current_while_the_booking_stands(session: Session) -> None:
    booking = make_demo(session)
    message = add_message("link", whom=Recipient.LEAD, booking=booking, session=session)
    is_current = composers(INSTALLATION)["link"].is_current

    booking.meeting.sequence += 1
    while_confirmed = is_current(message, session)
    booking.state = BookingState.CANCELLED
    after = is_current(message, session)

    assert (while_confirmed, after) == (True, False)


def test_individual_is_tagged_in_the_hosts_subject(session: Session) -> None:
    mail = compose_for(
        "confirmation", whom=Recipient.HOST, session=session, segment=Segment.INDIVIDUAL
    )

    assert mail.subject.startswith("[Einzel] Neue Demo: ")


@pytest.mark.parametrize(
    ("kind", "facts", "answers_to"),
    [
        ("confirmation", {}, "joerg.weiss@firma.example"),
        ("moved", {"previous_start": PREVIOUS_START.isoformat()}, "joerg.weiss@firma.example"),
        ("cancelled", {"by": "lead"}, "joerg.weiss@firma.example"),
        ("cancelled", {"by": "staff"}, "joerg.weiss@firma.example"),
        ("cancelled", {"by": "owner"}, None),
        ("undeliverable", {}, None),
    ],
)
def test_host_answers_the_lead_where_the_mail_says_so(
    kind: str, facts: dict[str, str], answers_to: str | None, session: Session
) -> None:
    booking = make_demo(session)
    message = add_message(kind, whom=Recipient.HOST, booking=booking, session=session, facts=facts)

    mail = compose(message, session=session)

    assert (mail.reply_to and mail.reply_to.email) == answers_to
    told = "Ihre Antwort auf diese E-Mail geht an Jörg Weiß."
    assert {told in mail.text, told in mail.html} == {answers_to is not None}


def test_imprint_keeps_its_lines(session: Session) -> None:
    booking = make_demo(session)
    organisation = session.get_one(Organisation, ORGANISATION_ID)
    organisation.imprint_text = "Beispiel <KI> GmbH\nMusterweg 1"

    mail = compose(
        add_message("confirmation", whom=Recipient.LEAD, booking=booking, session=session),
        session=session,
    )

    assert "Beispiel <KI> GmbH\nMusterweg 1\n" in mail.text
    assert "Beispiel &lt;KI&gt; GmbH<br>Musterweg 1<br>" in mail.html
