"""Every component of the pages in every state, side by side, for whoever changes the look.

There only under ``make run``; shows nothing of the database.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from flask import Blueprint

from booking.availability.engine import Slot
from booking.event_types.questions import Option
from booking.web.page import render_page
from booking.web.public.calendar_names import WORDS
from booking.web.public.calendar_view import arrange_slots
from booking.web.public.dev_only import refuse_strangers
from booking.wishes.part_names import PART_NAMES

if TYPE_CHECKING:
    from flask import Response

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 9, tzinfo=ZONE)
HALF_AN_HOUR = timedelta(minutes=30)
FREE_DAYS = (24, 25, 27, 30)
SLOTS_A_DAY = 7

COLOURS = (
    *("accent", "on-accent", "ink", "muted", "line", "edge", "surface", "canvas"),
    *("danger", "danger-surface", "good", "tint", "tint-strong"),
)
OPTIONS = (
    Option(value="one", label={"de": "Das eine", "en": "The one"}),
    Option(value="other", label={"de": "Das andere", "en": "The other"}),
)
LABELS = {
    "name": "Name",
    "email": "E-Mail",
    "company": "Company",
    "many": "One of many",
    "few": "One of few",
    "open": "One of few, not chosen",
    "notes": "Message",
    "on-1": "A wished day",
    "on-2": "Another",
}
LONG_NAME = "Maximiliane Freifrau von Hohenstein-Waldburg zu Sulmingen und Leutheusser"

blueprint = Blueprint("dev_components", __name__, url_prefix="/dev/components")
blueprint.before_request(refuse_strangers)


@blueprint.get("")
def show_components() -> Response:
    """Show them all."""
    return render_page(
        "pages/dev_components.html",
        status=200,
        colours=COLOURS,
        view=arrange_slots(_slots(), zone=ZONE, now=NOW),
        busy_view=arrange_slots(_slots(), zone=ZONE, now=NOW, day=date(2026, 11, 26)),
        chosen=_slots()[2],
        zone_name=ZONE.key,
        now=NOW,
        focus=None,
        address=_nowhere,
        options=OPTIONS,
        typed={"name": LONG_NAME, "email": "erika@kunde", "notes": "Zwei\nZeilen", "few": "one"},
        labels=LABELS,
        faults={
            "email": "This is no email address.",
            "open": "Please fill in this field.",
            "on-2": "This day is over.",
        },
        numbers=(1, 2),
        part_names=PART_NAMES,
        first_day=NOW.date(),
        last_day=NOW.date(),
        **WORDS,
    )


def _slots() -> list[Slot]:
    starts = (
        datetime(2026, 11, day, 10, tzinfo=ZONE) + number * HALF_AN_HOUR
        for day in FREE_DAYS
        for number in range(SLOTS_A_DAY)
    )
    return [Slot(start=start, end=start + HALF_AN_HOUR) for start in starts]


def _nowhere(**_choice: Any) -> str:
    """Return an address for links that lead nowhere."""
    return ""
