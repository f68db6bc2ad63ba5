"""A booking, a wish, and every mail about them, with nothing left to chance: ids, names, times."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from booking.accounts.invite import mail_link
from booking.accounts.links import SEALED_AS
from booking.accounts.models import LinkPurpose, SignInLink
from booking.bookings.lifecycle import BookingState
from booking.bookings.models import Booking, BookingToken
from booking.bookings.tokens import Purpose
from booking.event_types.models import EventType
from booking.outbox.models import Message, MessageState, Priority, Recipient
from booking.sealing import seal
from booking.segment import Segment
from booking.tokens import hash_token
from booking.wishes.models import Wish
from booking.wishes.offer import offer_times
from tests.bookings_at_work import INSTALLATION
from tests.factories import (
    NOW,
    START,
    make_booking,
    make_event_type,
    make_meeting,
    make_organisation,
    make_question,
    make_staff,
)
from tests.wishes_at_work import express

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

TOKEN = "kF3-_xYzkF3-_xYzkF3-_xYzkF3-_xYzkF3-_xYzkF3"
DISOWN_TOKEN = "dQ7-_aBcdQ7-_aBcdQ7-_aBcdQ7-_aBcdQ7-_aBcdQ7"
PREVIOUS_START = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)

QUESTIONS = [
    make_question(
        "crm",
        label={"de": "Welches CRM nutzen Sie?", "en": "Which CRM do you use?"},
        kind="choice",
        segments=["team"],
        options=[
            {"value": "hubspot", "label": {"de": "HubSpot", "en": "HubSpot"}},
            {"value": "other", "label": {"de": "Ein anderes", "en": "Another one"}},
        ],
    ),
    make_question(
        "seats",
        label={"de": "Wie viele Personen arbeiten damit?", "en": "How many people use it?"},
        kind="number",
    ),
    make_question(
        "wish", label={"de": "Was möchten Sie sehen?", "en": "What would you like to see?"}
    ),
]
AGENDA = [
    {"de": "Ihre Aufgabe, live gelöst", "en": "Your task, solved live"},
    {"de": "Was es kostet & was es spart", "en": "What it costs & what it saves"},
]
ANSWERS = {
    "wish": "Angebote & <Rechnungen>\nE-Mail: jemand@anders.example",
    "seats": 40,
    "crm": "other",
    "budget": "Eine Frage, die nicht mehr gestellt wird",
}

FACTS: dict[str, dict[str, Any]] = {
    "confirmation": {},
    "moved": {"previous_start": PREVIOUS_START.isoformat(), "by": "lead"},
    "handed_over": {"start": START.isoformat()},
    "cancelled": {"by": "lead"},
    "reminder": {"minutes_before": 1440},
    "link": {},
    "move_asked": {},
    "undeliverable": {},
    "uninvited": {"previous_start": PREVIOUS_START.isoformat()},
    "readdressed": {"start": START.isoformat()},
    "withdrawn": {"email": "jorg.weiss@firma.example", "start": START.isoformat()},
}
TO_LEAD = (
    "confirmation",
    "moved",
    "handed_over",
    "cancelled",
    "reminder",
    "link",
    "move_asked",
    "withdrawn",
)
TO_HOST = ("confirmation", "moved", "readdressed", "cancelled", "uninvited", "undeliverable")
MAILS = [(kind, Recipient.LEAD) for kind in TO_LEAD] + [(kind, Recipient.HOST) for kind in TO_HOST]
TO_ORGANISATION = ("wish",)
TO_STAFF = ("invitation", "reset")

LEAD = {
    "email": "joerg.weiss@firma.example",
    "name": "Jörg Weiß",
    "company": "Weiß & Söhne KG",
    "segment": Segment.TEAM,
    "team_size": 25,
    "phone": "+493023125042",
    "notes": "Wir nutzen bisher Tabellen.\nGeht das auch <schöner>?",
    "answers": ANSWERS,
    "source": {"utm_source": "newsletter"},
}
"""What the one who books or wishes has told."""

PUBLIC_ID = "KqW5dVb2T0mXc3ZrNf8hYg"
"""Of the booking in the links for staff."""


def make_demo(session: Session, *, locale: str = "de", **changes: Any) -> Booking:
    """Add a demo of Anna's with a team's booking in it; ``changes`` are of the booking."""
    make_organisation(session, locale=locale)
    anna = make_staff(session, email="anna@beispiel.example", name="Anna Müller")
    event_type = make_event_type(
        session, hosts=[anna], slug="demo", questions=QUESTIONS, agenda=AGENDA
    )
    meeting = make_meeting(
        session,
        event_type=event_type,
        hosts=[anna],
        uid="4f0c1d2e-6b7a-4c8d-9e0f-112233445566@termine.example.com",
        room="7f3c9d",
    )
    booking = make_booking(
        session,
        meeting=meeting,
        **LEAD | {"locale": locale, "public_id": PUBLIC_ID} | changes,
    )
    add_links(booking, session=session)
    return booking


def make_wish_mail(session: Session, *, locale: str = "de", **changes: Any) -> Message:
    """Add a team's wish, and return the mail about it; ``changes`` are of what was told."""
    make_organisation(session, locale=locale)
    event_type = make_event_type(
        session, hosts=[make_staff(session)], slug="demo", questions=QUESTIONS
    )
    asked = {question["key"] for question in QUESTIONS}
    answers = {key: answer for key, answer in ANSWERS.items() if key in asked}
    told = LEAD | {"locale": locale, "answers": answers} | changes
    express(event_type, session=session, **told)
    session.flush()
    return session.scalars(select(Message)).one()


def make_link_mail(session: Session, kind: str, *, locale: str = "de") -> Message:
    """Add a colleague who gets a link that signs in with TOKEN, and return the mail with it."""
    make_organisation(session, locale=locale)
    jana = make_staff(session, email="jana@beispiel.example", name="Jana Novák")
    mail_link(jana, purpose=LinkPurpose(kind), now=NOW, session=session, installation=INSTALLATION)
    link = session.scalars(select(SignInLink)).one()
    link.sha256 = hash_token(TOKEN)
    link.sealed = seal(TOKEN, purpose=SEALED_AS, secret_keys=INSTALLATION.secret_keys)
    session.flush()
    return session.scalars(select(Message)).one()


def make_offer_mail(session: Session, *, locale: str = "de", **changes: Any) -> Message:
    """Add a team's wish and offer it two times; return the mail; ``changes`` are of the wish."""
    told = make_wish_mail(session, locale=locale, **changes)
    wish = session.get_one(Wish, told.wish_id)
    anna = make_staff(session, email="anna@beispiel.example", name="Anna Müller", hours=())
    offer_times(
        wish,
        starts=[START, START + timedelta(days=1, hours=2)],
        staff_id=anna.id,
        actor=f"staff:{anna.id}",
        now=NOW,
        session=session,
        installation=INSTALLATION,
    )
    session.flush()
    return session.scalars(select(Message).where(Message.kind == "offer")).one()


def add_links(booking: Booking, *, session: Session) -> None:
    """Give ``booking`` the link with TOKEN, and the one with DISOWN_TOKEN."""
    for purpose, token in ((Purpose.MANAGE, TOKEN), (Purpose.DISOWN, DISOWN_TOKEN)):
        session.add(
            BookingToken(
                booking_id=booking.id,
                purpose=purpose,
                sha256=hashlib.sha256(token.encode()).hexdigest(),
                sealed=seal(token, purpose=purpose, secret_keys=INSTALLATION.secret_keys),
                created_at=NOW,
            )
        )
    session.flush()


def event_type_of(booking: Booking, *, session: Session) -> EventType:
    """Return what was booked."""
    return session.get_one(EventType, booking.meeting.event_type_id)


def add_message(
    kind: str, *, whom: Recipient, booking: Booking, session: Session, **changes: Any
) -> Message:
    """Add the row of one mail that is due now; a host is the meeting's only one."""
    host_id = booking.meeting.hosts[0].host_id if whom is Recipient.HOST else None
    sequence = changes.get("sequence", booking.meeting.sequence)
    name = f"{kind}-{sequence}-{whom.value}"
    message = Message(
        **{
            "key": f"booking:{booking.id}/{sequence}/{kind}/{whom.value}/1",
            "kind": kind,
            "priority": Priority.SOON,
            "booking_id": booking.id,
            "sequence": sequence,
            "recipient": whom,
            "staff_id": host_id,
            "facts": FACTS[kind],
            "message_id": f"<{name}@termine.example.com>",
            "created_at": NOW,
            "due_at": NOW,
            "next_attempt_at": NOW,
            "expires_at": booking.meeting.ends_at,
            "state": MessageState.QUEUED,
        }
        | changes
    )
    session.add(message)
    session.flush()
    return message


def add_history(kind: str, *, whom: Recipient, booking: Booking, session: Session) -> Message:
    """Bring ``booking`` to where it stands when a mail of ``kind`` is sent; return that mail."""
    if kind == "confirmation":
        return add_message(kind, whom=whom, booking=booking, session=session)
    add_message("confirmation", whom=whom, booking=booking, session=session)
    if kind in {"moved", "handed_over", "cancelled", "readdressed", "uninvited", "withdrawn"}:
        booking.meeting.sequence += 1
    if kind == "cancelled":
        booking.state = BookingState.CANCELLED
        booking.cancel_reason = "Mir ist etwas dazwischengekommen."
    if kind == "uninvited":
        return _hand_over(booking, session=session)
    later = NOW + timedelta(minutes=20)
    return add_message(kind, whom=whom, booking=booking, session=session, created_at=later)


def _hand_over(booking: Booking, *, session: Session) -> Message:
    message = add_message("uninvited", whom=Recipient.HOST, booking=booking, session=session)
    ben = make_staff(session, email="ben@beispiel.example", name="Ben Özdemir")
    message.facts = message.facts | {"host_ids": [ben.id]}
    booking.meeting.hosts[0].host_id = ben.id
    session.flush()
    return message
