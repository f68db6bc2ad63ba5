"""Mails to send in tests."""

from __future__ import annotations

from datetime import UTC, datetime

from booking.outbox.mime import Address, CalendarPart, OutgoingMail


def go_ahead() -> None:
    """Let a mail pass the last check before it is sent."""


INVITE = (
    "BEGIN:VCALENDAR\r\n"
    "VERSION:2.0\r\n"
    "PRODID:-//Halbstunde//Test//DE\r\n"
    "METHOD:REQUEST\r\n"
    "BEGIN:VEVENT\r\n"
    "UID:17@example.com\r\n"
    "DTSTAMP:20261116T081500Z\r\n"
    "DTSTART:20261124T090000Z\r\n"
    "DTEND:20261124T093000Z\r\n"
    "SUMMARY:Demo für Käufer\r\n"
    "END:VEVENT\r\n"
    "END:VCALENDAR\r\n"
).encode()

CONFIRMATION = OutgoingMail(
    message_id="<booking.17.0.confirmation.lead.1@example.com>",
    date=datetime(2026, 11, 16, 8, 15, tzinfo=UTC),
    sender=Address("Vertrieb Müller, Anna", "demo@example.com"),
    to=Address("Jörg „Joe“ Krüger, Einkauf", "joerg@kunde.example"),
    reply_to=Address("Anna Müller", "anna@example.com"),
    subject="Ihre Demo am Di., 24.11.2026 um 10:00 Uhr (MEZ) – schön, dass Sie kommen",
    text=(
        "Guten Tag,\n\n.Ihre Demo ist gebucht – bis dann.\n.\n"
        "Sie möchten absagen? Der Link genügt.\n"
    ),
    html=(
        '<!doctype html>\n<html lang="de">\n<body>\n'
        "<p>Ihre Demo ist gebucht – bis dann.</p>\n</body>\n</html>\n"
    ),
    in_reply_to=None,
    calendar=CalendarPart(method="REQUEST", content=INVITE),
)

REMINDER = OutgoingMail(
    message_id="<booking.17.0.reminder-60.lead.1@example.com>",
    date=datetime(2026, 11, 16, 8, 15, tzinfo=UTC),
    sender=Address("Beispiel KI GmbH", "demo@example.com"),
    to=Address("", "joerg@kunde.example"),
    reply_to=None,
    subject="Your demo begins in an hour",
    text="See you soon.\n",
    html='<!doctype html>\n<html lang="en">\n<body><p>See you soon.</p></body>\n</html>\n',
    in_reply_to="<booking.17.0.confirmation.lead.1@example.com>",
    calendar=None,
)
