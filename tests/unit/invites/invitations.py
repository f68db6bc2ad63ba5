"""The meeting that the tests of this folder invite to."""

from datetime import UTC, datetime

from booking.invites.build import Attendee, Invitation

ANNA = Attendee(email="anna@example.com", name="Anna Müller")
BEN = Attendee(email="ben.oezdemir@example.com", name="Ben Özdemir")
JOERG = Attendee(email="joerg.weiss@firma.example", name="Jörg Weiß")

LINK = "https://meet.example/anna/7f3c9d"

DEMO = Invitation(
    uid="4f0c1d2e-6b7a-4c8d-9e0f-112233445566@demo.example.com",
    sequence=0,
    stamp=datetime(2026, 11, 19, 15, 4, 5, tzinfo=UTC),
    start=datetime(2026, 11, 24, 9, 0, tzinfo=UTC),
    end=datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
    summary="Produktdemo – Beispiel KI GmbH",
    description=(
        "Dienstag, 24. November 2026, 10:00–10:30 Uhr (MEZ)\n"
        f"Teilnehmen: {LINK}\n\n"
        "Wir freuen uns auf Sie 👋🏽; bis bald, Ihre Anna Müller\n"
        "Verschieben oder absagen: https://demo.example.com/b/kF3-_xYz"
    ),
    location=LINK,
    url=LINK,
    organizer=Attendee(email="demo@example.com", name="Beispiel KI GmbH"),
    hosts=(ANNA,),
    lead=JOERG,
    alarm_minutes=15,
)
