"""The section with the questions: what leads are asked besides, in which order, and by whom."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from flask import request

from booking.errors import FieldError
from booking.event_types.questions import MOST_QUESTIONS
from booking.segment import Segment
from booking.templating import N_, translate
from booking.web.audience import Audience, is_for
from booking.web.staff.event_type_words import (
    QUESTION_KINDS,
    in_languages,
    name_key,
    text_locales,
)
from booking.web.staff.event_types.edit import blueprint, render_section, save_section, show_section
from booking.web.staff.event_types.form_values import flatten, rows, texts
from booking.web.staff.event_types.section import Around, Reading, Section, Table, segments_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response
    from werkzeug.wrappers import Response as AnyResponse

POSITION = re.compile(r"[0-9]{1,3}", re.ASCII)
LAST_POSITION = 999
"""Where a question stands whose position cannot be read."""

BLANK_OPTIONS = 2
"""How many rows for further options a question shows."""

LABELS = {
    "key": N_("Key"),
    "kind": N_("Kind of answer"),
    "position": N_("Position"),
    "label": N_("Question"),
    "option": N_("Answer %(number)s"),
    "value": N_("Answer %(number)s as it is stored"),
}


Row = tuple[int, dict[str, Any]]
"""A question, and in which row of the form it stands."""


def fields_of(table: Table, _around: Around) -> dict[str, str]:
    """Return the fields of the form: every question, then room for another one."""
    fields: dict[str, str] = {}
    for place, question in enumerate(table["questions"]):
        fields |= _fields_of_question(question, field=f"questions.{place}", position=place + 1)
    return fields


def _fields_of_question(question: Table, *, field: str, position: int) -> dict[str, str]:
    fields = {
        f"{field}.position": str(position),
        f"{field}.required": "on" if question["required"] else "",
    }
    fields |= {
        f"{field}.segments.{segment}": "on" if segment in question["segments"] else ""
        for segment in Segment
    }
    for key in ("key", "kind", "label", "options"):
        fields |= flatten(question[key], field=f"{field}.{key}")
    return fields


def labels_of(fields: Mapping[str, str], around: Around) -> dict[str, str]:
    """Return the labels of the fields."""
    labels: dict[str, str] = {"questions": name_key("questions", locale=around.locale)}
    for row in shown_rows(fields):
        labels |= _labels_of_question(row, fields, locale=around.locale)
    return labels


def _labels_of_question(row: int, fields: Mapping[str, str], *, locale: str) -> dict[str, str]:
    field = f"questions.{row}"
    labels = {
        f"{field}.{key}": translate(LABELS[key], locale=locale)
        for key in ("key", "kind", "position")
    }
    labels[f"{field}.segments"] = name_key("segments", locale=locale)
    labels |= in_languages(
        f"{field}.label", translate(LABELS["label"], locale=locale), locale=locale
    )
    for option in shown_options(fields, row):
        value, label = (
            translate(LABELS[key], locale=locale, number=option + 1) for key in ("value", "option")
        )
        labels[f"{field}.options.{option}.value"] = value
        labels |= in_languages(f"{field}.options.{option}.label", label, locale=locale)
    return labels


def shown_rows(fields: Mapping[str, str]) -> list[int]:
    """Return the rows of questions that are shown: one more than there are, while there may be."""
    there = rows(fields, field="questions")[:MOST_QUESTIONS]
    more = [max(there, default=-1) + 1] if len(there) < MOST_QUESTIONS else []
    return [*there, *more]


def shown_options(fields: Mapping[str, str], row: int) -> list[int]:
    """Return the rows of options that a question shows: some more than there are."""
    there = rows(fields, field=f"questions.{row}.options")
    after = max(there, default=-1) + 1
    return [*there, *range(after, after + BLANK_OPTIONS)]


def read(stored: Table, form: Mapping[str, str], _around: Around) -> Reading:
    """Return what the form says, by the positions given; blank questions and options are none.

    What is not shown, being too much, is not read either.
    """
    offered, there = segments_of(stored), rows(form, field="questions")
    found = [
        (row, question)
        for row in there[:MOST_QUESTIONS]
        if (question := _read_question(form, field=f"questions.{row}", offered=offered))
    ]
    found = _in_order(found, form)
    fields: dict[str, str] = {}
    for place, (row, _) in enumerate(found):
        fields |= _form_fields(form, row=row, place=place)
    return Reading(
        changes={"questions": [question for _, question in found]},
        errors=_too_many(there),
        fields=fields,
    )


def _too_many(there: list[int]) -> tuple[FieldError, ...]:
    if len(there) <= MOST_QUESTIONS:
        return ()
    return (FieldError("questions", "too_many", MOST_QUESTIONS),)


def _read_question(
    form: Mapping[str, str], *, field: str, offered: list[Segment]
) -> dict[str, Any] | None:
    """Return the question that stands there; None where nothing was typed."""
    key, label = form.get(f"{field}.key", "").strip(), texts(form, field=f"{field}.label")
    options = [option for _, option in _read_options(form, field=field)]
    if not (key or label or options):
        return None
    return {
        "key": key,
        "label": label,
        "kind": form.get(f"{field}.kind", ""),
        "required": form.get(f"{field}.required") == "on",
        "segments": [
            segment.value
            for segment in offered
            if len(offered) == 1 or form.get(f"{field}.segments.{segment}") == "on"
        ],
        "options": options,
    }


def _read_options(form: Mapping[str, str], *, field: str) -> list[tuple[int, dict[str, Any]]]:
    options = [
        (
            row,
            {
                "value": form.get(f"{field}.options.{row}.value", "").strip(),
                "label": texts(form, field=f"{field}.options.{row}.label"),
            },
        )
        for row in rows(form, field=f"{field}.options")
    ]
    return [(row, option) for row, option in options if option["value"] or option["label"]]


def _form_fields(form: Mapping[str, str], *, row: int, place: int) -> dict[str, str]:
    """Return the fields of one question, by their paths: rows may be out of order, or blank."""
    path, field = f"questions.{place}", f"questions.{row}"
    names = ["key", "kind", "segments", *(f"label.{language}" for language in text_locales())]
    fields = {f"{path}.{name}": f"{field}.{name}" for name in names}
    fields |= {f"{path}.label": f"{field}.label.{next(iter(text_locales()))}"}
    for index, (option, _) in enumerate(_read_options(form, field=field)):
        for name in ("value", *(f"label.{language}" for language in text_locales())):
            fields[f"{path}.options.{index}.{name}"] = f"{field}.options.{option}.{name}"
    # What is wrong with all of its options together has to do with the kind of answer.
    return fields | {f"{path}.options": f"{field}.kind"}


def _in_order(found: list[Row], form: Mapping[str, str]) -> list[Row]:
    """Return the rows as they were numbered: what was moved stands at the place given to it."""
    places = {row: _position(form, row) for row, _ in found}
    ordered = [one for one in found if places[one[0]] == one[0] + 1]
    moved = [one for one in found if places[one[0]] != one[0] + 1]
    for one in sorted(moved, key=lambda one: places[one[0]]):
        ordered.insert(max(places[one[0]] - 1, 0), one)
    return ordered


def _position(form: Mapping[str, str], row: int) -> int:
    text = form.get(f"questions.{row}.position", "").strip()
    return int(text) if POSITION.fullmatch(text) else LAST_POSITION


SECTION = Section(
    name="questions",
    template="staff/event_type_questions.html",
    title=N_("Questions"),
    fields_of=fields_of,
    labels_of=labels_of,
    read=read,
    words={
        "kinds": QUESTION_KINDS,
        "shown_rows": shown_rows,
        "shown_options": shown_options,
        "most_questions": MOST_QUESTIONS,
    },
)


@blueprint.get("/staff/event-types/<int:event_type_id>/questions")
@is_for(Audience.MANAGER)
def show_questions(event_type_id: int) -> Response:
    """Show what leads are asked."""
    return show_section(SECTION, event_type_id)


@blueprint.post("/staff/event-types/<int:event_type_id>/questions")
@is_for(Audience.ADMIN)
def save_questions(event_type_id: int) -> AnyResponse:
    """Save the questions, tell first what they mean for booked demos, or make room for more."""
    if request.form.get("do") == "more":
        return render_section(SECTION, event_type_id, typed=request.form)
    return save_section(SECTION, event_type_id)
