"""The mail about a wish: what the organisation reads, whatever was typed, and when it leaves."""

from __future__ import annotations

import smtplib
from datetime import date, timedelta
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from booking.outbox.deliver import deliver_due
from booking.outbox.mime import build_message
from booking.outbox.models import Message, MessageState
from booking.outbox.trouble import find_undelivered
from booking.restore import leave_due_mails_to_staff
from booking.wishes.emails import composers
from booking.wishes.models import Wish, WishState
from booking.wishes.wished_times import PartOfDay, WishedTime
from tests.bookings_at_work import INSTALLATION
from tests.factories import NOW
from tests.mail_files import expected_parts, parts_of
from tests.mail_scenarios import make_offer_mail, make_wish_mail
from tests.outbox import MemoryTransport, make_delivery, read_states

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from booking.outbox.mime import OutgoingMail
    from tests.fixtures.application import UnitOfWork

MOST_SUBJECT_CHARACTERS = 78
HEADERS = {
    *("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted"),
    *("MIME-Version", "Content-Type"),
}
HOSTILE = (
    "Eve\r\nBcc: evil@x.example <script>alert(1)</script> %(who)s {{ 7919 * 7 }} \u202eagnitsoK"
)


def compose(message: Message, *, session: Session) -> OutgoingMail:
    return composers(INSTALLATION)[message.kind].compose(message, session)


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("locale", ["de", "en"])
def test_mail_is_as_expected(locale: str, session: Session) -> None:
    mail = compose(make_wish_mail(session, locale=locale), session=session)

    assert parts_of(mail) == expected_parts(f"wish-organisation-{locale}")
    assert (mail.in_reply_to, mail.calendar, mail.date) == (None, None, NOW)


@pytest.mark.parametrize("locale", ["de", "en"])
def test_offer_is_as_expected(locale: str, session: Session) -> None:
    mail = compose(make_offer_mail(session, locale=locale), session=session)

    assert parts_of(mail) == expected_parts(f"offer-lead-{locale}")


def test_answer_goes_to_the_lead_and_robots_do_not_answer(session: Session) -> None:
    mail = compose(make_wish_mail(session), session=session)

    read = message_from_bytes(build_message(mail).as_bytes(), policy=policy.default)

    assert set(read.keys()) == HEADERS
    assert (str(read["To"]), str(read["Reply-To"]), read["Auto-Submitted"]) == (
        "Beispiel KI GmbH <kontakt@beispiel.example>",
        "Jörg Weiß <joerg.weiss@firma.example>",
        "auto-generated",
    )


def test_hostile_words_change_no_header_and_run_nowhere(session: Session) -> None:
    message = make_wish_mail(session, notes="-- \n<script>alert(1)</script>")
    wish = session.scalars(select(Wish)).one()
    wish.name = wish.company = HOSTILE

    mail = compose(message, session=session)

    read = message_from_bytes(build_message(mail).as_bytes(), policy=policy.default)
    assert set(read.keys()) == HEADERS
    assert [address.addr_spec for address in read["To"].addresses] == [mail.to.email]
    assert len(mail.subject) == MOST_SUBJECT_CHARACTERS
    assert "<script>" not in mail.html
    assert "55433" not in mail.html + mail.text + mail.subject


@pytest.mark.parametrize(
    ("time_zone", "line"),
    [
        ("Europe/Berlin", None),
        ("Europe/Vienna", None),
        (
            "America/New_York",
            "Zeitzone: Nordamerikanische Ostküsten-Normalzeit (UTC\N{MINUS SIGN}5)",
        ),
    ],
)
def test_zone_of_the_lead_is_named_where_it_is_another(
    session: Session, time_zone: str, line: str | None
) -> None:
    mail = compose(make_wish_mail(session, time_zone=time_zone), session=session)

    found = [row for row in plain(mail.text).splitlines() if row.startswith("Zeitzone")]
    assert found == ([line] if line else [])
    assert ("Zeitzone: " in plain(mail.html)) == bool(line)


def test_language_of_the_lead_is_named_where_it_is_another(session: Session) -> None:
    message = make_wish_mail(session)
    session.scalars(select(Wish)).one().locale = "en"

    assert "Sprache: Englisch" in compose(message, session=session).text


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (PartOfDay.ANY, "Uhrzeit egal"),
        (PartOfDay.MORNING, "vormittags"),
        (PartOfDay.MIDDAY, "mittags"),
        (PartOfDay.AFTERNOON, "nachmittags"),
        (PartOfDay.EVENING, "abends"),
    ],
)
def test_subject_tells_who_and_when(session: Session, part: PartOfDay, words: str) -> None:
    wished_times = [WishedTime(on=date(2026, 12, 1), part=part)]

    mail = compose(
        make_wish_mail(
            session,
            segment="individual",
            team_size=None,
            answers={},
            wished_times=wished_times,
        ),
        session=session,
    )

    subject = f"[Einzel] Wunschtermin: Di., 1.12.2026 {words} – Jörg Weiß, Weiß & Söhne KG"
    assert plain(mail.subject) == (subject if len(subject) <= 78 else f"{subject[:77].rstrip()}…")


@pytest.mark.parametrize(
    ("state", "is_wanted"),
    [(WishState.OPEN, True), (WishState.ANSWERED, False), (WishState.CLOSED, False)],
)
def test_mail_is_wanted_while_nobody_has_dealt_with_the_wish(
    session: Session, state: WishState, is_wanted: bool
) -> None:
    message = make_wish_mail(session)
    session.scalars(select(Wish)).one().state = state

    assert composers(INSTALLATION)["wish"].is_current(message, session) is is_wanted


def deliver(transport: MemoryTransport, *, app: Flask, after: timedelta = timedelta()) -> None:
    delivery = make_delivery(
        transport, composers=app.extensions["composers"], now=lambda: NOW + after
    )
    with app.app_context():
        deliver_due(delivery)


def refuse() -> None:
    raise smtplib.SMTPRecipientsRefused({"kontakt@beispiel.example": (550, b"no such user")})


@pytest.mark.parametrize(
    ("options", "after", "state"),
    [
        ({}, timedelta(), MessageState.SENT),
        ({"on_data": refuse}, timedelta(), MessageState.FAILED),
        ({}, timedelta(days=30), MessageState.EXPIRED),
    ],
)
def test_mail_is_delivered_refused_or_expires_as_any_other(
    app: Flask,
    transaction: UnitOfWork,
    options: dict[str, Any],
    after: timedelta,
    state: MessageState,
) -> None:
    with transaction() as session:
        make_wish_mail(session)
    transport = MemoryTransport(**options)

    deliver(transport, app=app, after=after)

    assert read_states(transaction=transaction) == [state]
    assert len(transport.sent) == (state is MessageState.SENT)
    with transaction() as session:
        undelivered = find_undelivered(since=NOW - timedelta(days=1), now=NOW, session=session)
        assert len(undelivered) == (state is not MessageState.SENT)


def test_mail_of_a_restored_backup_is_left_to_staff(session: Session) -> None:
    message = make_wish_mail(session)

    left = leave_due_mails_to_staff(taken_at=NOW, now=NOW, session=session)

    assert [one.subject for one in left] == [message.subject]
    assert message.state is MessageState.UNKNOWN
