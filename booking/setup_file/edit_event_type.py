"""Changes one event type as staff wish it, by the rules of a setup file, and keeps who did it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from booking.errors import FieldError, InvalidFieldsError
from booking.event_types.models import EventType
from booking.event_types.seen import open_seen
from booking.fields.read import read
from booking.history import record
from booking.setup_file.describe_event_type import describe_event_type
from booking.setup_file.event_type_entry import EventTypeEntry
from booking.setup_file.load_event_types import (
    KEYS,
    add_event_type,
    change_event_type,
    columns_of,
)
from booking.setup_file.references import find_misfits
from booking.setup_file.stored import find_stored

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.setup_file.rules import Stored

UNPUBLISHED = {"published": False}
REMINDERS = "reminders_minutes_before"

OF_LISTS = {"too_short": "required", "too_long": "too_many"}
"""What is told of a list with too few or too many entries."""


def check_event_type(table: Mapping[str, Any], *, stored: Stored) -> EventTypeEntry:
    """Return what ``table`` says, which is written as in a setup file.

    Raises:
        InvalidFieldsError: every fault; fields are paths such as ``questions.0.label.de``.
    """
    misfits = [
        FieldError(".".join(map(str, fault.path[2:])), fault.code)
        for fault in find_misfits({"event_types": [table]}, stored=stored)
    ]
    try:
        entry = read(EventTypeEntry, table)
    except InvalidFieldsError as refusal:
        faults = [_of_lists(error) for error in refusal.errors]
        raise InvalidFieldsError(list(dict.fromkeys([*faults, *misfits]))) from None
    if misfits:
        raise InvalidFieldsError(misfits)
    return entry


def create_event_type(
    table: Mapping[str, Any], *, actor: str, now: datetime, session: Session
) -> EventType:
    """Add the event type that ``table`` describes.

    Raises:
        InvalidFieldsError: as ``check_event_type``; or the slug is another one's.
    """
    entry = check_event_type(table, stored=find_stored(session))
    if session.scalar(select(EventType.id).where(EventType.slug == entry.slug)) is not None:
        raise InvalidFieldsError([FieldError("slug", "slug_taken")])
    try:
        with session.begin_nested():
            event_type = add_event_type(entry, now=now, session=session)
    except IntegrityError as error:
        # Another admin was faster; the insert has waited for their commit.
        raise InvalidFieldsError([FieldError("slug", "slug_taken")]) from error
    record("event_type_added", subject=event_type, actor=actor, facts={}, now=now, session=session)
    return event_type


def edit_event_type(
    event_type_id: int,
    *,
    changes: Mapping[str, Any],
    seen: int,
    actor: str,
    now: datetime,
    session: Session,
) -> None:
    """Give the event type the keys of ``changes``; ``seen`` is the version its author saw.

    Where nothing differs, nothing happens.

    Raises:
        NotFoundError: there is none.
        StaleSettingsError: it has changed since.
        InvalidFieldsError: as ``check_event_type``.
    """
    event_type = open_seen(event_type_id, version=seen, session=session)
    before = describe_event_type(event_type, session=session)
    if changes == UNPUBLISHED:
        # Whatever else it lacks by now, nobody must be kept from taking it off the page.
        keys = ["published"] if event_type.published else []
        event_type.published = False
    else:
        entry = check_event_type({**before, **changes}, stored=find_stored(session))
        keys = change_event_type(event_type, entry=entry, now=now, session=session)
    if not keys:
        return
    after = describe_event_type(event_type, session=session)
    told = [key for key in keys if isinstance(before[key], int)]
    record(
        "event_type_changed",
        subject=event_type,
        actor=actor,
        facts={
            "changed": keys,
            "before": {key: before[key] for key in told},
            "after": {key: after[key] for key in told},
        },
        now=now,
        session=session,
    )


def differing_keys(one: EventTypeEntry, other: EventTypeEntry) -> list[str]:
    """Return by which keys of a setup file two event types differ."""
    said, wanted = _said(one), _said(other)
    return [key for key in said if said[key] != wanted[key]]


def _said(entry: EventTypeEntry) -> dict[str, Any]:
    """Return what is stored of ``entry``, by key, whatever the order in which it was said."""
    said: dict[str, Any] = {}
    for column, value in columns_of(entry).items():
        said.setdefault(KEYS.get(column, column), []).append(value)
    rules = {segment: dict(rule) for segment, rule in entry.rules_by_segment().items()}
    # A segment's own reminders are reminders first.
    said[REMINDERS].append({segment: rule.pop(REMINDERS) for segment, rule in rules.items()})
    others = {
        segment: rule
        for segment, rule in rules.items()
        if any(value is not None for value in rule.values())
    }
    return said | {"hosts": entry.pool(), "segment_rules": others}


def _of_lists(error: FieldError) -> FieldError:
    if error.limit is None and error.code in OF_LISTS:
        return FieldError(error.field, OF_LISTS[error.code])
    return error
