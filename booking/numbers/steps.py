"""Counts the steps on the booking page, on the server and without a cookie.

An opening is not a person: whoever comes twice counts twice. Steps are gathered in memory and
written together, after an answer has gone out, so that looking at a page waits for no write; a
process that is killed loses what it has gathered in the last seconds.
"""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Date, bindparam, func, select, text

from booking.event_types.models import EventType
from booking.numbers.models import Step, StepCount
from booking.organisation.find import get_organisation
from booking.time_zone import time_zone

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.numbers.period import Days
    from booking.numbers.selection import Selection

WRITTEN_EVERY = timedelta(seconds=10)

MOST_SOURCES = 200
"""How many sources a day are told apart; whoever makes up more of them fills no table."""

MANY = "…"
"""Stands for all further ones."""

LONGEST_SOURCE = 60

# One statement, since two processes may write the same count at the same moment.
ADD = text("""
    INSERT INTO step_count (local_date, event_type_id, step, segment, source, times)
    VALUES (:local_date, :event_type_id, :step, :segment, :source, :times)
    ON CONFLICT (local_date, event_type_id, step, segment, source)
    DO UPDATE SET times = step_count.times + excluded.times
""").bindparams(bindparam("local_date", type_=Date()))


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenStep:
    """One step, as it is told apart."""

    slug: str | None
    """The event type; None is the only one that is published."""
    step: Step
    segment: str
    source: str


class StepCounter:
    """What has been counted in this process and is not written yet; safe for threads."""

    def __init__(self) -> None:
        self._counts: Counter[TakenStep] = Counter()
        self._lock = threading.Lock()
        self._taken_at: datetime | None = None

    def add(self, taken: TakenStep) -> None:
        """Count one more."""
        with self._lock:
            self._counts[taken] += 1

    def take_due(self, *, now: datetime) -> Counter[TakenStep]:
        """Return what is to be written now (UTC), and begin anew; nothing if it was only just."""
        with self._lock:
            since = now - self._taken_at if self._taken_at else WRITTEN_EVERY
            # A clock that was set back must not keep anything from being written.
            if timedelta(0) <= since < WRITTEN_EVERY:
                return Counter()
            self._taken_at = now
            taken, self._counts = self._counts, Counter()
        return taken

    def give_back(self, taken: Counter[TakenStep]) -> None:
        """Keep what could not be written for the next time."""
        with self._lock:
            self._counts.update(taken)


def write_steps(counts: Counter[TakenStep], *, now: datetime, session: Session) -> None:
    """Add ``counts`` to those of the organisation's present day; unknown event types are none."""
    day = now.astimezone(time_zone(get_organisation(session=session).time_zone)).date()
    ids = _event_type_ids(session=session)
    known = set(
        session.scalars(select(StepCount.source).where(StepCount.local_date == day).distinct())
    )
    for taken, times in counts.items():
        event_type_id = ids.get(taken.slug)
        if event_type_id is None:
            continue
        values = {
            "local_date": day,
            "event_type_id": event_type_id,
            "step": taken.step.value,
            "segment": taken.segment,
            "source": _source(taken, known=known),
            "times": times,
        }
        session.execute(ADD, values)


def count_steps(days: Days, *, selection: Selection, session: Session) -> dict[Step, int]:
    """Return how often each step was taken on ``days``, of the selected segment and source.

    Openings and choices belong to a segment from the moment on in which it was chosen.
    """
    query = (
        select(StepCount.step, func.sum(StepCount.times))
        .where(StepCount.local_date >= days.first, StepCount.local_date <= days.last)
        .group_by(StepCount.step)
    )
    if selection.segment is not None:
        query = query.where(StepCount.segment == selection.segment)
    if selection.source is not None:
        query = query.where(StepCount.source == selection.source)
    found = {step: int(times) for step, times in session.execute(query)}
    return {step: found.get(step, 0) for step in Step}


def _event_type_ids(*, session: Session) -> dict[str | None, int]:
    published = session.scalars(select(EventType).where(EventType.published)).all()
    ids: dict[str | None, int] = {event_type.slug: event_type.id for event_type in published}
    if len(published) == 1:
        ids[None] = published[0].id
    return ids


def _source(taken: TakenStep, *, known: set[str]) -> str:
    source = taken.source[:LONGEST_SOURCE]
    if source not in known and len(known) >= MOST_SOURCES:
        return MANY
    known.add(source)
    return source
