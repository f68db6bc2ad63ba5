"""The company whose year it is: twenty hosts in five time zones, as a setup file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

HOSTS = (
    ("Anna Albrecht", "Europe/Berlin"),
    ("Bastian Huber", "Europe/Berlin"),
    ("Maximiliane Freifrau von Hohenstein-Waldburg zu Sulmingen", "Europe/Berlin"),
    ("Çağla Öztürk", "Europe/Istanbul"),
    ("Dominik Maurer", "Europe/Zurich"),
    ("Eva Nováková", "Europe/Prague"),
    ("Finn Jäger", "Europe/Berlin"),
    ("Greta Lindqvist", "Europe/Stockholm"),
    ("Hannes Oberhuber", "Europe/Vienna"),
    ("Ida Petersen", "Europe/Berlin"),
    ("Jürgen Weiß", "Europe/Berlin"),
    ("Karl-Friedrich Leutheusser-Schnarrenberger", "Europe/Berlin"),
    ("Lena Sommer", "Europe/Berlin"),
    ("Mehmet Yıldız", "Europe/Berlin"),  # noqa: RUF001 - a Turkish letter
    ("Nora Kowalski", "Europe/Warsaw"),
    ("Ole Brandt", "Europe/Berlin"),
    ("Paul Øvergård", "Europe/Oslo"),
    ("Quang Nguyễn", "Europe/Berlin"),
    ("Rosa Blum", "Europe/Berlin"),
    ("Sophie Zimmermann", "Europe/Berlin"),
)

ROLES = {0: "admin", 1: "manager"}
"""By number; all others are hosts alone."""

COMPANY = """
[organisation]
name = "Klarsicht KI GmbH"
time_zone = "Europe/Berlin"
locale = "de"
accent = "#0b5fff"
contact_email = "demo@klarsicht.example"
imprint_url = "https://www.klarsicht.example/impressum"
privacy_url = "https://www.klarsicht.example/datenschutz"
accessibility_url = "https://www.klarsicht.example/barrierefreiheit"
imprint_text = "Klarsicht KI GmbH · Musterweg 1 · 10115 Berlin"

[organisation.notice]
version = "2025-11"
de = "Wir nutzen Ihre Angaben, um die Demo zu vereinbaren, Sie daran zu erinnern und sie durchzuführen."
en = "We use your data to arrange the demo, to remind you of it and to give it."
"""  # noqa: E501 - a sentence of TOML stands on one line

HOST = """
[[staff]]
email = "{email}"
name = "{name}"
role = "{role}"
time_zone = "{zone}"
meeting_url = "https://meet.klarsicht.example/{{meeting}}"
working_hours = [
  {{ days = ["mon", "tue", "wed", "thu", "fri"], from = "09:00", to = "12:00" }},
  {{ days = ["mon", "tue", "wed", "thu"], from = "13:00", to = "17:00" }},
]
time_off = [{{ from = {absent_from}, to = {absent_to}, note = "Urlaub" }}]
"""

EVENT_TYPE = """
[[event_types]]
slug = "demo"
title = {{ de = "Klarsicht-Demo", en = "Klarsicht demo" }}
description = {{ de = "Lernen Sie in nur 30 Minuten kennen, wie Ihr Team mit KI mehr erreichen kann – live und persönlich.", en = "See in just 30 minutes how your team can achieve more with AI – live and in person." }}
agenda = [
  {{ de = "Sie sehen live, wie die KI eine Aufgabe aus Ihrem Alltag übernimmt", en = "See AI take over a task of your day, live" }},
  {{ de = "Sie erfahren, wie der Einstieg in Ihrem Team gelingt", en = "Learn how your team gets started" }},
  {{ de = "Sie stellen Ihre Fragen, auch zu Datenschutz und Kosten", en = "Ask your questions, also about data protection and costs" }},
]
segments = ["individual", "team"]
buffer_after_minutes = 15
hosts = [{pool}]

[[event_types.questions]]
key = "crm"
label = {{ de = "Welches CRM nutzen Sie?", en = "Which CRM do you use?" }}
kind = "choice"
segments = ["team"]
options = [
  {{ value = "hubspot", label = {{ de = "HubSpot", en = "HubSpot" }} }},
  {{ value = "salesforce", label = {{ de = "Salesforce", en = "Salesforce" }} }},
  {{ value = "none", label = {{ de = "Keines", en = "None" }} }},
]

[[event_types.questions]]
key = "wish"
label = {{ de = "Was möchten Sie vor allem sehen?", en = "What would you like to see most?" }}
kind = "text"
"""  # noqa: E501 - texts of a setup file are one line each


def write_setup(*, start: datetime) -> str:
    """Return the setup file of the company, whose year begins at ``start``."""
    hosts = "".join(_host(number, year=start.year + 1) for number in range(len(HOSTS)))
    pool = ", ".join(_member(number) for number in range(len(HOSTS)))
    return COMPANY + hosts + EVENT_TYPE.format(pool=pool)


def _host(number: int, *, year: int) -> str:
    name, zone = HOSTS[number]
    month = 1 + number % 12
    return HOST.format(
        email=_email(number),
        name=name,
        role=ROLES.get(number, "host"),
        zone=zone,
        absent_from=f"{year}-{month:02}-08T00:00:00",
        absent_to=f"{year}-{month:02}-22T00:00:00",
    )


def _member(number: int) -> str:
    """Return a place in the pool; every third host serves individuals alone, or teams alone."""
    segments = ('"individual", "team"', '"individual"', '"team"')[number % 3]
    return f'{{ email = "{_email(number)}", segments = [{segments}], weight = {1 + number % 2} }}'


def _email(number: int) -> str:
    return f"host-{number + 1}@klarsicht.example"
