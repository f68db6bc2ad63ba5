"""Keeps the inbox in step: whatever the history tells of, its lead's entries are written anew.

That happens at the end of the same transaction. Every change is recorded, so none is missed, and
no action need know that there is an inbox. A process of the release before does not do so: what it
has changed meanwhile is mended every hour.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, event, select, text

from booking.bookings.models import Booking
from booking.db import UtcDateTime, db
from booking.history import HistoryEntry, take_subjects
from booking.inbox.models import EVERYBODY, InboxEntry
from booking.inbox.requests import load_facts_of_leads
from booking.leads.models import Lead
from booking.wishes.models import Wish

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sqlalchemy.orm import Session

    from booking.inbox.requests import LeadFacts

MENDED_FOR = timedelta(days=1)
"""How long an update may take in which processes of two releases work side by side."""

CLAIM = text("""
    INSERT INTO inbox_entry (seen_by, lead_id, came_at, segment, state, source, words)
    VALUES (:seen_by, :lead_id, :came_at, 'individual', 'closed', '', '')
    ON CONFLICT (seen_by, lead_id) DO UPDATE SET words = inbox_entry.words
""").bindparams(bindparam("came_at", type_=UtcDateTime()))
AT_ONCE = 500
EVER = datetime(1970, 1, 1, tzinfo=UTC)


def follow_history() -> None:
    """Let every transaction from now on end with the inbox in step."""
    if not event.contains(db.session, "before_commit", _catch_up):
        event.listen(db.session, "before_commit", _catch_up)


def mend_inbox(*, now: datetime, session: Session) -> None:
    """Write the entries of all leads anew that something has happened to since yesterday."""
    before = (
        select(HistoryEntry.id)
        .where(HistoryEntry.at < now - MENDED_FOR)
        .order_by(HistoryEntry.id.desc())
        .limit(1)
    )
    since = session.scalar(before) or 0
    subjects = session.execute(
        select(HistoryEntry.subject, HistoryEntry.subject_id).where(HistoryEntry.id > since)
    )
    lead_ids = sorted(
        _leads_of(((row.subject, row.subject_id) for row in subjects), session=session)
    )
    for first in range(0, len(lead_ids), AT_ONCE):
        write_entries(lead_ids[first : first + AT_ONCE], session=session)


def write_entries(lead_ids: Collection[int], *, session: Session) -> None:
    """Make the entries of these leads what follows from their bookings and wishes."""
    # In one order, and after every other lock there is: nobody waits for the other in a circle.
    for lead_id in sorted(lead_ids):
        claim = {"seen_by": EVERYBODY, "lead_id": lead_id, "came_at": EVER}
        session.execute(CLAIM, claim)
    facts = load_facts_of_leads(lead_ids, session=session)
    present: dict[int, dict[int, InboxEntry]] = {lead_id: {} for lead_id in lead_ids}
    for entry in session.scalars(select(InboxEntry).where(InboxEntry.lead_id.in_(lead_ids))):
        present[entry.lead_id][entry.seen_by] = entry
    for lead_id, entries in present.items():
        _write(lead_id, facts=facts.get(lead_id), present=entries, session=session)
    session.flush()


def _catch_up(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    lead_ids = _leads_of(take_subjects(session), session=session)
    if lead_ids:
        write_entries(lead_ids, session=session)


def _leads_of(subjects: Iterable[tuple[str, int]], *, session: Session) -> set[int]:
    by_table: dict[str, set[int]] = {}
    for table, subject_id in subjects:
        by_table.setdefault(table, set()).add(subject_id)
    lead_ids = by_table.get(Lead.__tablename__, set())
    for model in (Booking, Wish):
        if ids := by_table.get(model.__tablename__):
            found = session.scalars(select(model.lead_id).where(model.id.in_(ids)))
            lead_ids |= {lead_id for lead_id in found if lead_id is not None}
    return lead_ids


def _write(
    lead_id: int,
    *,
    facts: LeadFacts | None,
    present: Mapping[int, InboxEntry],
    session: Session,
) -> None:
    readers = {EVERYBODY, *facts.host_ids} if facts else set[int]()
    for key in sorted({*readers, *present}):
        entry = present.get(key) or InboxEntry(seen_by=key, lead_id=lead_id)
        own = facts and facts.seen_by(None if key == EVERYBODY else key)
        if own is None:
            session.delete(entry)
            continue
        standing = own.standing
        entry.came_at = standing.newest.came_at
        entry.segment = standing.newest.segment
        entry.state = standing.state
        entry.source = standing.source
        entry.words = standing.words
        session.add(entry)
