"""The section with what leads read: title, description, what awaits them, and where it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from booking.setup_file.event_type_entry import MOST_AGENDA_ITEMS
from booking.templating import N_, translate
from booking.web.audience import Audience, is_for
from booking.web.staff.event_type_words import LOCATIONS, in_languages, name_key, text_locales
from booking.web.staff.event_types.edit import blueprint, save_section, show_section
from booking.web.staff.event_types.form_values import flatten, texts
from booking.web.staff.event_types.preview import preview_texts
from booking.web.staff.event_types.section import Around, Reading, Section, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response
    from werkzeug.wrappers import Response as AnyResponse

TITLE = N_("Texts and place")
POINT = N_("Point %(number)s")
PLACE_DETAILS = N_("Address of the video room, or of the place")


def fields_of(table: Table, _around: Around) -> dict[str, str]:
    """Return the fields of the form."""
    return {
        name: text
        for key in ("title", "description", "agenda", "location")
        for name, text in flatten(table[key], field=key).items()
    }


def labels_of(_fields: Mapping[str, str], around: Around) -> dict[str, str]:
    """Return the labels of the fields."""
    locale = around.locale
    labels: dict[str, str] = {}
    for key in ("title", "description"):
        labels |= in_languages(key, name_key(key, locale=locale), locale=locale)
    for item in range(MOST_AGENDA_ITEMS):
        label = translate(POINT, locale=locale, number=item + 1)
        labels |= in_languages(f"agenda.{item}", label, locale=locale)
    return labels | {
        "location.kind": name_key("location", locale=locale),
        "location.url": translate(PLACE_DETAILS, locale=locale),
    }


def read(_stored: Table, form: Mapping[str, str], _around: Around) -> Reading:
    """Return what the form says; points that were left blank are none."""
    points = [(item, texts(form, field=f"agenda.{item}")) for item in range(MOST_AGENDA_ITEMS)]
    filled = [(item, point) for item, point in points if point]
    return Reading(
        changes={
            "title": texts(form, field="title"),
            "description": texts(form, field="description"),
            "agenda": [point for _, point in filled],
            "location": {
                "kind": form.get("location.kind", ""),
                "url": form.get("location.url", "").strip(),
            },
        },
        fields={
            f"agenda.{place}.{language}": f"agenda.{item}.{language}"
            for place, (item, _) in enumerate(filled)
            for language in text_locales()
        },
    )


SECTION = Section(
    name="texts",
    template="staff/event_type_texts.html",
    title=TITLE,
    fields_of=fields_of,
    labels_of=labels_of,
    read=read,
    words={"preview": None, "locations": LOCATIONS, "most_points": MOST_AGENDA_ITEMS},
)


@blueprint.get("/staff/event-types/<int:event_type_id>/texts")
@is_for(Audience.MANAGER)
def show_texts(event_type_id: int) -> Response:
    """Show what leads read."""
    return show_section(SECTION, event_type_id)


@blueprint.post("/staff/event-types/<int:event_type_id>/texts")
@is_for(Audience.ADMIN)
def save_texts(event_type_id: int) -> AnyResponse:
    """Save the texts, tell first what they mean for booked demos, or only preview them."""
    if request.form.get("do") == "preview":
        return preview_texts(SECTION, event_type_id)
    return save_section(SECTION, event_type_id)
