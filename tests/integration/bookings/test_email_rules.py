"""What holds for every mail about a booking, whoever booked and whatever was typed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from booking.event_types.models import LocationKind
from booking.organisation.models import ORGANISATION_ID, Organisation
from booking.outbox.mime import build_message
from booking.outbox.models import Recipient
from booking.segment import Segment
from booking.staff.models import Staff
from tests.composed_mails import compose, compose_for, invite_of
from tests.factories import (
    NOW,
    START,
)
from tests.mail_scenarios import (
    MAILS,
    PREVIOUS_START,
    add_message,
    event_type_of,
    make_demo,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from booking.bookings.models import Booking


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What a mail says does not depend on the database."""
    return sqlite_url


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
