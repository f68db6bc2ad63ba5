"""Lists leads, the newest first, page by page: each page goes on where the one before ended."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Self

from sqlalchemy import Select, func, literal, select, tuple_

from booking.db import UtcDateTime
from booking.inbox.models import InboxEntry, key_of
from booking.inbox.requests import load_facts_of_leads
from booking.inbox.standing import as_searched
from booking.staff.names import names_of_staff

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from booking.inbox.requests import LeadFacts
    from booking.inbox.standing import LeadState, Standing
    from booking.segment import Segment

PLACE = re.compile(r"(\d{1,16})-(\d{1,18})", re.ASCII)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOST_SOURCES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadFilter:
    """Which leads are asked for; None and empty where it does not matter."""

    seen_by: int | None = None
    """Whose leads, and whose part of each; None: all there is."""
    segment: Segment | None = None
    state: LeadState | None = None
    source: str = ""
    came_from: datetime | None = None
    came_before: datetime | None = None
    text: str = ""
    """Each of its words must occur in a name, a company or an address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One lead's place in the list."""

    came_at: datetime
    lead_id: int

    @classmethod
    def read(cls, written: str) -> Self | None:
        """Return the place that ``write`` has written; None where it is none."""
        found = PLACE.fullmatch(written)
        if found is None:
            return None
        return cls(came_at=EPOCH + timedelta(microseconds=int(found[1])), lead_id=int(found[2]))

    def write(self) -> str:
        """Return the place as it stands in an address."""
        return f"{(self.came_at - EPOCH) // timedelta(microseconds=1)}-{self.lead_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadRow:
    """One lead in the list; instants are UTC."""

    lead_id: int
    standing: Standing
    hosts: tuple[str, ...]
    """The names of who gives, gave or was to give the newest demo."""
    next_start: datetime | None
    last_start: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadPage:
    """Some leads, and where the next page begins; None after the last one."""

    rows: Sequence[LeadRow]
    goes_on_after: Place | None


def list_leads(
    wanted: LeadFilter, *, after: Place | None, most: int, now: datetime, session: Session
) -> LeadPage:
    """Return at most ``most`` of the leads wanted, those that come after ``after``.

    One entry more than that is read, to know whether there is a next page.
    """
    entries = session.execute(select_entries(wanted, after=after).limit(most + 1)).all()
    lead_ids = [entry.lead_id for entry in entries[:most]]
    facts = {
        lead_id: own
        for lead_id, all_there_is in load_facts_of_leads(lead_ids, session=session).items()
        if (own := all_there_is.seen_by(wanted.seen_by)) is not None
    }
    host_ids = chain.from_iterable(one.present_host_ids for one in facts.values())
    names = names_of_staff(host_ids, session=session)
    last = entries[most - 1] if len(entries) > most else None
    return LeadPage(
        # An entry that a process of the release before has left behind may be of nobody any more.
        rows=[
            _row(lead_id, facts=facts[lead_id], names=names, now=now)
            for lead_id in lead_ids
            if lead_id in facts
        ],
        goes_on_after=None if last is None else Place(came_at=last[0], lead_id=last[1]),
    )


def select_entries(wanted: LeadFilter, *, after: Place | None) -> Select[datetime, int]:
    """Return the query for the entries wanted, the newest first."""
    place = tuple_(InboxEntry.came_at, InboxEntry.lead_id)
    query = select(InboxEntry.came_at, InboxEntry.lead_id).where(*_conditions(wanted))
    if after is not None:
        query = query.where(
            place < tuple_(literal(after.came_at, UtcDateTime()), literal(after.lead_id))
        )
    return query.order_by(InboxEntry.came_at.desc(), InboxEntry.lead_id.desc())


def list_sources(seen_by: int | None, *, session: Session) -> Sequence[str]:
    """Return where the leads of ``seen_by`` came from, in alphabetical order, the first of them."""
    # From one to the next by the index: each is looked up once, however many leads it brought.
    of_reader = (InboxEntry.seen_by == key_of(seen_by), InboxEntry.source != "")
    found = (
        select(func.min(InboxEntry.source).label("source")).where(*of_reader).cte(recursive=True)
    )
    following = (
        select(func.min(InboxEntry.source))
        .where(*of_reader, InboxEntry.source > found.c.source)
        .scalar_subquery()
    )
    found = found.union_all(select(following).where(found.c.source.is_not(None)))
    query = select(found.c.source).where(found.c.source.is_not(None)).limit(MOST_SOURCES)
    return session.scalars(query).all()


def _conditions(wanted: LeadFilter) -> Iterator[ColumnElement[bool]]:
    yield InboxEntry.seen_by == key_of(wanted.seen_by)
    if wanted.segment is not None:
        yield InboxEntry.segment == wanted.segment
    if wanted.state is not None:
        yield InboxEntry.state == wanted.state
    if wanted.source:
        yield InboxEntry.source == wanted.source
    if wanted.came_from is not None:
        yield InboxEntry.came_at >= wanted.came_from
    if wanted.came_before is not None:
        yield InboxEntry.came_at < wanted.came_before
    for word in as_searched(wanted.text).split():
        yield InboxEntry.words.contains(word, autoescape=True)


def _row(lead_id: int, *, facts: LeadFacts, names: Mapping[int, str], now: datetime) -> LeadRow:
    return LeadRow(
        lead_id=lead_id,
        standing=facts.standing,
        hosts=tuple(names[host_id] for host_id in facts.present_host_ids),
        next_start=facts.next_start(now=now),
        last_start=facts.last_start(now=now),
    )
