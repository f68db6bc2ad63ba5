"""Stores what a setup file says of event types, and who stands in the pools behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from booking.event_types.find import list_pool
from booking.event_types.models import EventType, PoolMember, SegmentRule
from booking.setup_file.changes import Change, assign, differing, record_change
from booking.staff.models import Staff

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.segment import Segment
    from booking.setup_file.event_type_entry import EventTypeEntry

NUMBERS = (
    "duration_minutes",
    "slot_interval_minutes",
    "buffer_before_minutes",
    "buffer_after_minutes",
    "minimum_notice_minutes",
    "minimum_change_notice_minutes",
    "horizon_days",
    "max_per_day",
    "max_per_week",
    "hold_minutes",
)
"""The rules that are whole numbers."""

AS_WRITTEN = (
    "published",
    "title",
    "description",
    "agenda",
    *NUMBERS,
    "capacity",
    "hosts_needed",
    "prefer_known_host",
    "reminders_minutes_before",
)
"""Keys that are columns of the same name."""

KEYS = {"location_kind": "location", "location_url": "location"}
"""Columns that are called otherwise in the file."""


def load_event_types(
    entries: Sequence[EventTypeEntry], *, now: datetime, session: Session
) -> list[Change]:
    """Make every event type named what the file says; return the changes, in its order.

    The staff are stored already.
    """
    slugs = [entry.slug for entry in entries]
    stored = {
        event_type.slug: event_type
        for event_type in session.scalars(select(EventType).where(EventType.slug.in_(slugs)))
    }
    changes = []
    for entry in entries:
        event_type = stored.get(entry.slug)
        keys: list[str] = []
        if event_type is None:
            event_type = add_event_type(entry, now=now, session=session)
        elif not (keys := change_event_type(event_type, entry=entry, now=now, session=session)):
            continue
        subject = f"event type {entry.slug}"
        changes.append(
            record_change(event_type, subject=subject, keys=keys, now=now, session=session)
        )
    return changes


def add_event_type(entry: EventTypeEntry, *, now: datetime, session: Session) -> EventType:
    """Store a new event type with its pool; the history is the caller's."""
    event_type = EventType(slug=entry.slug, created_at=now, **columns_of(entry))
    session.add(event_type)
    session.flush()
    _change_pool(event_type, entry=entry, now=now, session=session)
    _change_segment_rules(event_type, wanted=entry.rules_by_segment())
    session.flush()
    return event_type


def change_event_type(
    event_type: EventType, *, entry: EventTypeEntry, now: datetime, session: Session
) -> list[str]:
    """Make ``event_type`` what ``entry`` says; return the keys that differed, each once.

    The slug stays, and the history is the caller's.
    """
    wanted = columns_of(entry)
    keys = [KEYS.get(column, column) for column in differing(event_type, wanted)]
    assign(event_type, wanted)
    if _change_pool(event_type, entry=entry, now=now, session=session):
        keys.append("hosts")
    if _change_segment_rules(event_type, wanted=entry.rules_by_segment()):
        keys.append("segment_rules")
    session.flush()
    return list(dict.fromkeys(keys))


def _change_pool(
    event_type: EventType, *, entry: EventTypeEntry, now: datetime, session: Session
) -> bool:
    """Make the pool what is wanted, joined now but for those who stay; tell whether it differed."""
    host_ids: dict[str, int] = dict(
        session.execute(select(func.lower(Staff.email), Staff.id)).all()
    )
    wanted = {
        (host_ids[email], segment): weight for (email, segment), weight in entry.pool().items()
    }
    members = {
        (member.host_id, member.segment): member
        for member in list_pool(event_type, session=session)
    }
    if {place: member.weight for place, member in members.items()} == wanted:
        return False
    for place in members.keys() - wanted.keys():
        session.delete(members[place])
    for (host_id, segment), weight in wanted.items():
        member = members.get((host_id, segment))
        if member is None:
            member = PoolMember(
                event_type_id=event_type.id, host_id=host_id, segment=segment, joined_at=now
            )
            session.add(member)
        member.weight = weight
    return True


def _change_segment_rules(
    event_type: EventType, *, wanted: Mapping[Segment, Mapping[str, Any]]
) -> bool:
    """Make the rules of the segments what is wanted; tell whether they differed."""
    rules = {rule.segment: rule for rule in event_type.segment_rules}
    differs = rules.keys() != wanted.keys()
    for segment in rules.keys() - wanted.keys():
        event_type.segment_rules.remove(rules[segment])
    for segment, columns in wanted.items():
        rule = rules.get(segment)
        if rule is None:
            event_type.segment_rules.append(SegmentRule(segment=segment, **columns))
        elif differing(rule, columns):
            differs = True
            assign(rule, columns)
    return differs


def columns_of(entry: EventTypeEntry) -> dict[str, Any]:
    """Return what stands in the row of the event type itself, but for the slug."""
    return {key: getattr(entry, key) for key in AS_WRITTEN} | {
        "segments": entry.offered_segments(),
        "questions": entry.stored_questions(),
        "location_kind": entry.location.kind,
        "location_url": entry.location.url,
    }
