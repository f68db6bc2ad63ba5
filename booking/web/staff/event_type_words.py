"""What the keys of an event type are called, in forms and where the history tells of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booking.event_types.models import LocationKind
from booking.event_types.questions import QuestionKind
from booking.segment import SEGMENT_NAMES
from booking.templating import N_, language_name, locales, translate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from booking.segment import Segment

KEY_NAMES = {
    "slug": N_("Address"),
    "published": N_("Can be booked"),
    "title": N_("Title"),
    "description": N_("Description"),
    "agenda": N_("What awaits the lead"),
    "location": N_("Place"),
    "duration_minutes": N_("Length in minutes"),
    "slot_interval_minutes": N_("Minutes from one offered start to the next"),
    "buffer_before_minutes": N_("Minutes kept free before"),
    "buffer_after_minutes": N_("Minutes kept free afterwards"),
    "minimum_notice_minutes": N_("Minutes from booking to the start, at least"),
    "minimum_change_notice_minutes": N_("Minutes before the start until which leads may change"),
    "horizon_days": N_("Days ahead that can be booked"),
    "max_per_day": N_("Most demos of a host a day"),
    "max_per_week": N_("Most demos of a host a week"),
    "hold_minutes": N_("Minutes that a chosen time is kept"),
    "capacity": N_("Leads in one demo"),
    "hosts_needed": N_("Who gives the demo"),
    "prefer_known_host": N_("Known leads go to the same host first"),
    "segments": N_("For whom"),
    "hosts": N_("Hosts"),
    "questions": N_("Questions"),
    "reminders_minutes_before": N_("Reminders, in minutes before the start"),
    "segment_rules": N_("Rules of one segment"),
}
"""By the keys of a setup file."""

LOCATIONS = {
    LocationKind.VIDEO: N_("Video call"),
    LocationKind.PHONE: N_("By phone, we call"),
    LocationKind.ADDRESS: N_("At an address"),
}

QUESTION_KINDS = {
    QuestionKind.TEXT: N_("Text"),
    QuestionKind.CHOICE: N_("Choice"),
    QuestionKind.NUMBER: N_("A number"),
}

HOSTS_NEEDED = {"any": N_("One of the hosts"), "all": N_("All of the hosts together")}

WEEKDAYS = {
    "mon": N_("Monday"),
    "tue": N_("Tuesday"),
    "wed": N_("Wednesday"),
    "thu": N_("Thursday"),
    "fri": N_("Friday"),
    "sat": N_("Saturday"),
    "sun": N_("Sunday"),
}


def name_key(key: str, *, locale: str) -> str:
    """Return what the key of a setup file is called; itself, where only a newer release knows."""
    return translate(KEY_NAMES[key], locale=locale) if key in KEY_NAMES else key


def name_segment(segment: Segment, *, locale: str) -> str:
    """Return the one word for a segment."""
    return translate(SEGMENT_NAMES[segment], locale=locale)


def in_languages(field: str, label: str, *, locale: str) -> Iterator[tuple[str, str]]:
    """Yield the field for each language, with its label."""
    for language in text_locales():
        yield f"{field}.{language}", f"{label} ({language_name(language, told_in=locale)})"


def text_locales() -> list[str]:
    """Return the languages that texts are written in, in one order."""
    return sorted(locales())
