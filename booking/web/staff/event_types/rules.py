"""The section with the rules: lengths, notice, limits, and what differs for one segment."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from booking.errors import FieldError
from booking.segment import Segment
from booking.setup_file.load_event_types import NUMBERS
from booking.templating import N_, translate
from booking.web.audience import Audience, is_for
from booking.web.staff.event_type_words import (
    HOSTS_NEEDED,
    WEEKDAYS,
    name_key,
    name_segment,
)
from booking.web.staff.event_types.edit import blueprint, save_section, show_section
from booking.web.staff.event_types.form_values import number
from booking.web.staff.event_types.section import Around, Reading, Section, Table, segments_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response
    from werkzeug.wrappers import Response as AnyResponse

OWN_NUMBERS = ("minimum_notice_minutes", "max_per_day", "max_per_week")
"""What a segment can have of its own; left blank, it has none."""
WINDOW = re.compile(r"(?P<from>\d{1,2}:\d{2})\s*[-–—]\s*(?P<to>\d{1,2}:\d{2})", re.ASCII)
BETWEEN = re.compile(r"\s*[,;]\s*")
OF_SEGMENT = N_("%(segment)s: %(label)s")


def fields_of(table: Table, _around: Around) -> dict[str, str]:
    """Return the fields of the form."""
    fields = {key: str(table[key]) for key in (*NUMBERS, "hosts_needed")}
    fields["prefer_known_host"] = "on" if table["prefer_known_host"] else ""
    for segment in segments_of(table):
        rule = rule_of(table, segment)
        for key in OWN_NUMBERS:
            fields[f"segment_rules.{segment}.{key}"] = str(rule.get(key, ""))
        for day in WEEKDAYS:
            windows = [window for window in rule.get("hours", ()) if day in window["days"]]
            said = ", ".join(f"{window['from']}–{window['to']}" for window in windows)
            fields[f"segment_rules.{segment}.hours.{day}"] = said
    return fields


def rule_of(table: Table, segment: Segment) -> dict[str, Any]:
    """Return what differs for ``segment``; an empty table where nothing does."""
    rules = (rule for rule in table["segment_rules"] if rule["segment"] == segment)
    return next(rules, {})


def labels_of(_fields: Mapping[str, str], around: Around) -> dict[str, str]:
    """Return the labels of the fields."""
    locale = around.locale
    of_segment = {key: name_key(key, locale=locale) for key in OWN_NUMBERS} | {
        f"hours.{day}": translate(name, locale=locale) for day, name in WEEKDAYS.items()
    }
    return {
        key: name_key(key, locale=locale) for key in (*NUMBERS, "hosts_needed", "prefer_known_host")
    } | {
        f"segment_rules.{segment}.{key}": translate(
            OF_SEGMENT, locale=locale, segment=name_segment(segment, locale=locale), label=label
        )
        for segment in Segment
        for key, label in of_segment.items()
    }


def read(stored: Table, form: Mapping[str, str], _around: Around) -> Reading:
    """Return what the form says; a segment for which nothing differs has no rule."""
    errors: list[FieldError] = []
    rules: list[dict[str, Any]] = []
    fields: dict[str, str] = {}
    for segment in segments_of(stored):
        field, place = f"segment_rules.{segment}", f"segment_rules.{len(rules)}"
        rule = _read_rule(form, field=field, errors=errors)
        fields |= {f"{place}.{key}": f"{field}.{key}" for key in OWN_NUMBERS}
        for entry, window in enumerate(rule.get("hours", ())):
            fields[f"{place}.hours.{entry}"] = f"{field}.hours.{window['days'][0]}"
        # Reminders have a section of their own.
        reminders = rule_of(stored, segment).get("reminders_minutes_before")
        if reminders is not None:
            rule["reminders_minutes_before"] = reminders
        if rule:
            rules.append({"segment": segment.value, **rule})
    return Reading(
        changes={
            **{key: number(form.get(key, "")) for key in NUMBERS},
            "hosts_needed": form.get("hosts_needed", ""),
            "prefer_known_host": form.get("prefer_known_host") == "on",
            "segment_rules": rules,
        },
        errors=tuple(errors),
        fields=fields,
    )


def _read_rule(form: Mapping[str, str], *, field: str, errors: list[FieldError]) -> dict[str, Any]:
    typed = {key: form.get(f"{field}.{key}", "").strip() for key in OWN_NUMBERS}
    rule: dict[str, Any] = {key: number(text) for key, text in typed.items() if text}
    hours = []
    for day in WEEKDAYS:
        text = form.get(f"{field}.hours.{day}", "").strip()
        windows = [WINDOW.fullmatch(part) for part in BETWEEN.split(text)] if text else []
        if not all(windows):
            errors.append(FieldError(f"{field}.hours.{day}", "windows"))
        hours += [
            {"days": [day], "from": window["from"].zfill(5), "to": window["to"].zfill(5)}
            for window in windows
            if window
        ]
    if hours:
        rule["hours"] = hours
    return rule


SECTION = Section(
    name="rules",
    template="staff/event_type_rules.html",
    title=N_("Rules"),
    fields_of=fields_of,
    labels_of=labels_of,
    read=read,
    words={
        "numbers": NUMBERS,
        "own_numbers": OWN_NUMBERS,
        "weekdays": WEEKDAYS,
        "hosts_needed": HOSTS_NEEDED,
    },
)


@blueprint.get("/staff/event-types/<int:event_type_id>/rules")
@is_for(Audience.MANAGER)
def show_rules(event_type_id: int) -> Response:
    """Show the rules."""
    return show_section(SECTION, event_type_id)


@blueprint.post("/staff/event-types/<int:event_type_id>/rules")
@is_for(Audience.ADMIN)
def save_rules(event_type_id: int) -> AnyResponse:
    """Save the rules, or tell first what they mean for booked demos."""
    return save_section(SECTION, event_type_id)
