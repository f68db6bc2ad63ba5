"""The section with the reminders: when leads are reminded, and one segment otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booking.errors import FieldError
from booking.segment import Segment
from booking.templating import N_, translate
from booking.web.audience import Audience, is_for
from booking.web.staff.event_type_words import name_key, name_segment
from booking.web.staff.event_types.edit import blueprint, save_section, show_section
from booking.web.staff.event_types.form_values import numbers
from booking.web.staff.event_types.rules import OF_SEGMENT, rule_of
from booking.web.staff.event_types.section import Around, Reading, Section, Table, segments_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response
    from werkzeug.wrappers import Response as AnyResponse

KEY = "reminders_minutes_before"


def fields_of(table: Table, _around: Around) -> dict[str, str]:
    """Return the fields of the form."""
    fields = {KEY: _said(table[KEY])}
    for segment in segments_of(table):
        own = rule_of(table, segment).get(KEY)
        fields[f"own.{segment}"] = "" if own is None else "on"
        fields[f"{KEY}.{segment}"] = _said(own or [])
    return fields


def _said(minutes: list[int]) -> str:
    return ", ".join(map(str, minutes))


def labels_of(_fields: Mapping[str, str], around: Around) -> dict[str, str]:
    """Return the labels of the fields."""
    locale = around.locale
    label = name_key(KEY, locale=locale)
    return {KEY: label} | {
        f"{KEY}.{segment}": translate(
            OF_SEGMENT,
            locale=locale,
            segment=name_segment(segment, locale=locale),
            label=label,
        )
        for segment in Segment
    }


def read(stored: Table, form: Mapping[str, str], _around: Around) -> Reading:
    """Return what the form says; a plan of its own may be empty: then nobody is reminded."""
    rules: list[Table] = []
    fields = {KEY: KEY}
    errors: list[FieldError] = []
    for segment in segments_of(stored):
        rule = {key: value for key, value in rule_of(stored, segment).items() if key != KEY}
        if form.get(f"own.{segment}") == "on":
            rule |= {"segment": segment.value, KEY: numbers(form.get(f"{KEY}.{segment}", ""))}
        elif form.get(f"{KEY}.{segment}", "").strip():
            errors.append(FieldError(f"{KEY}.{segment}", "own_or_blank"))
        if len(rule) > 1:
            fields[f"segment_rules.{len(rules)}.{KEY}"] = f"{KEY}.{segment}"
            rules.append(rule)
    return Reading(
        changes={KEY: numbers(form.get(KEY, "")), "segment_rules": rules},
        errors=tuple(errors),
        fields=fields,
    )


SECTION = Section(
    name="reminders",
    template="staff/event_type_reminders.html",
    title=N_("Reminders"),
    fields_of=fields_of,
    labels_of=labels_of,
    read=read,
)


@blueprint.get("/staff/event-types/<int:event_type_id>/reminders")
@is_for(Audience.MANAGER)
def show_reminders(event_type_id: int) -> Response:
    """Show when leads are reminded."""
    return show_section(SECTION, event_type_id)


@blueprint.post("/staff/event-types/<int:event_type_id>/reminders")
@is_for(Audience.ADMIN)
def save_reminders(event_type_id: int) -> AnyResponse:
    """Save the reminders, or tell first what they mean for booked demos."""
    return save_section(SECTION, event_type_id)
