"""The section with the pools: for whom the demo is, and who gives it to whom with which weight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booking.errors import FieldError
from booking.segment import Segment
from booking.templating import N_, translate
from booking.web.audience import Audience, is_for
from booking.web.staff.event_type_words import name_key, name_segment
from booking.web.staff.event_types.edit import blueprint, save_section, show_section
from booking.web.staff.event_types.form_values import number
from booking.web.staff.event_types.section import Around, Reading, Section, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response
    from werkzeug.wrappers import Response as AnyResponse

WEIGHT = N_("Weight of %(name)s: %(segment)s")


def fields_of(table: Table, around: Around) -> dict[str, str]:
    """Return the fields of the form: a weight a host and segment, blank for who is in no pool."""
    fields = {
        f"segments.{segment}": "on" if segment in table["segments"] else "" for segment in Segment
    }
    for staff in around.staff:
        for segment in Segment:
            fields[f"hosts.{staff.id}.{segment}"] = ""
    ids = {staff.email: staff.id for staff in around.staff}
    for host in table["hosts"]:
        for segment in host["segments"]:
            fields[f"hosts.{ids[host['email']]}.{segment}"] = str(host["weight"])
    return fields


def labels_of(_fields: Mapping[str, str], around: Around) -> dict[str, str]:
    """Return the labels of the fields."""
    locale = around.locale
    segments = {segment: name_segment(segment, locale=locale) for segment in Segment}
    return {
        "segments": name_key("segments", locale=locale),
        "hosts": name_key("hosts", locale=locale),
    } | {
        f"hosts.{staff.id}.{segment}": translate(
            WEIGHT, locale=locale, name=staff.name, segment=name
        )
        for staff in around.staff
        for segment, name in segments.items()
    }


def read(stored: Table, form: Mapping[str, str], around: Around) -> Reading:
    """Return what the form says.

    A segment that is offered no longer takes its rules along, and nobody is asked for it; one that
    is new is asked what everybody is asked.
    """
    offered = [one.value for one in Segment if form.get(f"segments.{one}") == "on"]
    hosts: list[Table] = []
    fields: dict[str, str] = {}
    for staff in around.staff:
        for segment in offered:
            field = f"hosts.{staff.id}.{segment}"
            weight = form.get(field, "").strip()
            if weight:
                fields[f"hosts.{len(hosts)}"] = field
                hosts.append(
                    {"email": staff.email, "segments": [segment], "weight": number(weight)}
                )
    questions = [
        question | {"segments": _asked(question, stored=stored, offered=offered)}
        for question in stored["questions"]
    ]
    is_asked_nobody = offered and not all(question["segments"] for question in questions)
    return Reading(
        changes={
            "segments": offered,
            "hosts": hosts,
            "segment_rules": [
                rule for rule in stored["segment_rules"] if rule["segment"] in offered
            ],
            "questions": questions,
        },
        errors=(FieldError("segments", "asked_alone"),) if is_asked_nobody else (),
        fields=fields | {"questions": "segments"},
    )


def _asked(question: Table, *, stored: Table, offered: list[str]) -> list[str]:
    """Return who is asked: what everybody is asked, those are asked too who are new."""
    if question["segments"] == stored["segments"]:
        return offered
    return [segment for segment in question["segments"] if segment in offered]


SECTION = Section(
    name="hosts",
    template="staff/event_type_hosts.html",
    title=N_("Hosts"),
    fields_of=fields_of,
    labels_of=labels_of,
    read=read,
)


@blueprint.get("/staff/event-types/<int:event_type_id>/hosts")
@is_for(Audience.MANAGER)
def show_hosts(event_type_id: int) -> Response:
    """Show for whom the demo is, and who gives it."""
    return show_section(SECTION, event_type_id)


@blueprint.post("/staff/event-types/<int:event_type_id>/hosts")
@is_for(Audience.ADMIN)
def save_hosts(event_type_id: int) -> AnyResponse:
    """Save the pools, or tell first what they mean for booked demos."""
    return save_section(SECTION, event_type_id)
