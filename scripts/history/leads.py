"""Who books: names as they come, some of them very long, some in other scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from booking.leads.intake import LeadDetails
from booking.segment import Segment

if TYPE_CHECKING:
    from random import Random

FIRST_NAMES = (
    *("Erika", "Thomas", "Sabine", "Jörg", "Ayşe", "Łukasz", "François", "Mia", "Noah", "Ünal"),
    *("Wolfgang Amadeus", "Anna-Lena Katharina", "Олена", "王", "محمد", "Siobhán", "Zoë"),
)
LAST_NAMES = (
    *(
        "Mustermann",
        "Müller",
        "Schmidt",
        "Öztürk",
        "Nowak",
        "D'Angelo",
        "O'Neill",
        "Groß",
        "Yildiz",
    ),
    *("Freiherr von und zu Guttenberg-Langenstein", "Шевченко", "小明", "الأحمد", "Sørensen", "Li"),
)
COMPANIES = (
    *("Beispiel GmbH", "Muster & Söhne KG", "Nordlicht AG", "Bäckerei Müller", "Stadtwerke Aue"),
    "Arbeitsgemeinschaft der süddeutschen Verpackungsmittelhersteller und Logistikdienstleister eG",
)
SOURCES: tuple[dict[str, str], ...] = (
    {},
    {"utm_source": "newsletter", "utm_campaign": "herbst"},
    {"utm_source": "linkedin", "utm_medium": "social"},
    {"utm_source": "suche", "utm_medium": "cpc"},
)
ZONES = ("Europe/Berlin",) * 8 + ("America/New_York", "Asia/Kolkata", "Europe/London")
NOTES = (None, None, None, "Wir nutzen bisher Tabellen.\nGeht das auch mit unserem CRM?")
CRMS = ("hubspot", "salesforce", "none")
WISHES = (
    "Die Suche in unseren eigenen Dokumenten",
    "Wie lange die Einführung dauert, und was wir dafür vorbereiten müssen",
    "Pricing & security",
)
REFUSED = "unzustellbar"
"""Stands in the address of those whose mail server refuses mail."""


def make_lead(number: int, *, random: Random) -> LeadDetails:
    """Return what the lead called ``number`` types; the same number is the same address."""
    segment = random.choice((Segment.INDIVIDUAL, Segment.TEAM, Segment.TEAM))
    typed: dict[str, Any] = {
        "segment": segment,
        "name": f"{random.choice(FIRST_NAMES)} {random.choice(LAST_NAMES)}",
        "email": f"{REFUSED if number % 60 == 0 else 'lead'}-{number}@kunde-{number % 700}.example",
        "time_zone": random.choice(ZONES),
        "locale": random.choice(("de", "de", "de", "en")),
        "phone": f"+4930{number:07}" if number % 4 == 0 else None,
        "notes": random.choice(NOTES),
        "answers": {"wish": WISHES[number % len(WISHES)]} if number % 4 == 0 else {},
        "source": random.choice(SOURCES),
        "marketing_opt_in": number % 5 == 0,
    }
    if segment is Segment.TEAM:
        typed |= {"company": random.choice(COMPANIES), "team_size": random.randint(2, 400)}
        if number % 2 == 0:
            typed["answers"] |= {"crm": CRMS[number % len(CRMS)]}
    return LeadDetails.model_validate(typed)
