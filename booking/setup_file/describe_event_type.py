"""Says what an event type is now as a table of ``[[event_types]]`` in a setup file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from booking.event_types.models import PoolMember
from booking.segment import Segment
from booking.setup_file.describe_windows import describe_week
from booking.setup_file.load_event_types import AS_WRITTEN
from booking.staff.models import Staff

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy.orm import Session

    from booking.event_types.models import EventType, SegmentRule

TEXTS = {"title", "description"}


def describe_event_type(event_type: EventType, *, session: Session) -> dict[str, Any]:
    """Return every key of ``event_type``; read again, it is what is stored."""
    described: dict[str, Any] = {"slug": event_type.slug}
    for key in AS_WRITTEN:
        value = getattr(event_type, key)
        described[key] = sort_texts(value) if key in TEXTS else value
    return described | {
        "hosts_needed": event_type.hosts_needed.value,
        "agenda": [sort_texts(item) for item in event_type.agenda],
        "segments": list(event_type.segments),
        "location": {"kind": event_type.location_kind.value, "url": event_type.location_url},
        "segment_rules": [_rule(rule) for rule in event_type.segment_rules],
        "questions": [_question(question) for question in event_type.questions],
        "hosts": _hosts(event_type, session=session),
    }


def sort_texts(texts: Mapping[str, str]) -> dict[str, str]:
    """Return a text by locale in one order: databases keep none."""
    return dict(sorted(texts.items()))


def _rule(rule: SegmentRule) -> dict[str, Any]:
    described: dict[str, Any] = {"segment": rule.segment.value}
    if rule.hours is not None:
        described["hours"] = describe_week(rule.hours)
    for key in (
        "minimum_notice_minutes",
        "max_per_day",
        "max_per_week",
        "reminders_minutes_before",
    ):
        value = getattr(rule, key)
        if value is not None:
            described[key] = value
    return described


def _question(question: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "key": question["key"],
        "label": sort_texts(question["label"]),
        "kind": question["kind"],
        "required": question["required"],
        "segments": list(question["segments"]),
        "options": [
            {"value": option["value"], "label": sort_texts(option["label"])}
            for option in question["options"]
        ],
    }


def _hosts(event_type: EventType, *, session: Session) -> list[dict[str, Any]]:
    members = session.execute(
        select(Staff.email, PoolMember.segment, PoolMember.weight)
        .join(Staff, PoolMember.host_id == Staff.id)
        .where(PoolMember.event_type_id == event_type.id)
        .order_by(PoolMember.host_id, PoolMember.segment)
    )
    return describe_hosts((email, segment, weight) for email, segment, weight in members)


def describe_hosts(members: Iterable[tuple[str, Segment, int]]) -> list[dict[str, Any]]:
    """Return a pool, each host once where the weight is the same in all of their segments."""
    weights: dict[tuple[str, int], list[str]] = {}
    for email, segment, weight in members:
        weights.setdefault((email, weight), []).append(segment.value)
    return [
        {
            "email": email,
            "segments": [segment.value for segment in Segment if segment in segments],
            "weight": weight,
        }
        for (email, weight), segments in weights.items()
    ]
