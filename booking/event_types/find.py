"""Finds what can be booked, and who stands behind it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from booking.availability.policy import Policy
from booking.availability.working_hours import LocalWindow
from booking.errors import NotFoundError
from booking.event_types.models import EventType, PoolMember, SegmentRule
from booking.event_types.questions import Question, read_questions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from booking.segment import Segment


def get_event_type(slug: str, *, session: Session) -> EventType:
    """Return the published event type called ``slug``.

    Raises:
        NotFoundError: there is none, or it is not published.
    """
    event_type = session.scalar(
        select(EventType).where(EventType.slug == slug, EventType.published)
    )
    if event_type is None:
        raise NotFoundError
    return event_type


def list_event_types(*, session: Session) -> list[EventType]:
    """Return the published event types, by slug."""
    return list(
        session.scalars(select(EventType).where(EventType.published).order_by(EventType.slug))
    )


def questions_of(event_type: EventType) -> tuple[Question, ...]:
    """Return what ``event_type`` asks its leads, in that order."""
    return read_questions(event_type.questions)


def list_pool(event_type: EventType, *, session: Session) -> list[PoolMember]:
    """Return everyone behind ``event_type``, those who have left among them, by host id."""
    query = select(PoolMember).where(PoolMember.event_type_id == event_type.id)
    return list(session.scalars(query.order_by(PoolMember.host_id, PoolMember.segment)))


def policy_of(event_type: EventType, *, segment: Segment) -> Policy:
    """Return the rules for ``segment`` of ``event_type`` as the availability engine reads them."""
    rule = _rule_of(event_type, segment=segment)
    return Policy(
        duration=timedelta(minutes=event_type.duration_minutes),
        slot_interval=timedelta(minutes=event_type.slot_interval_minutes),
        buffer_before=timedelta(minutes=event_type.buffer_before_minutes),
        buffer_after=timedelta(minutes=event_type.buffer_after_minutes),
        minimum_notice=timedelta(
            minutes=_own(rule.minimum_notice_minutes, else_=event_type.minimum_notice_minutes)
        ),
        horizon_days=event_type.horizon_days,
        max_per_day=_own(rule.max_per_day, else_=event_type.max_per_day),
        max_per_week=_own(rule.max_per_week, else_=event_type.max_per_week),
        hosts_needed=event_type.hosts_needed,
        mask=None
        if rule.hours is None
        else tuple((weekday, LocalWindow(start, end)) for weekday, start, end in rule.hours),
    )


def reminders_of(event_type: EventType, *, segment: Segment) -> Sequence[int]:
    """Return how many minutes before a demo the leads of ``segment`` are reminded."""
    own = _rule_of(event_type, segment=segment).reminders_minutes_before
    return event_type.reminders_minutes_before if own is None else own


def _rule_of(event_type: EventType, *, segment: Segment) -> SegmentRule:
    """Return what differs for ``segment``; a rule that says nothing where nothing does."""
    rules = (rule for rule in event_type.segment_rules if rule.segment is segment)
    return next(rules, SegmentRule())


def _own(value: int | None, *, else_: int) -> int:
    return else_ if value is None else value
