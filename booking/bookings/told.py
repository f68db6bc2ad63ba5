"""What everybody concerned knows of a booking: what the newest mail that may have arrived has said.

The calendars and the memories of people are not ours to read; the mails that left are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from booking.bookings.mail_kinds import MailKind
from booking.bookings.models import Booking
from booking.history import HistoryEntry
from booking.outbox.models import Message

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

THE_LEAD: Final = None
"""Stands for the lead where others are named by their staff id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one person was told last."""

    start: datetime
    """When they take the meeting to start (UTC)."""
    host_ids: list[int]
    """Whom they take to give it, ascending; uninvited hosts were told of their successors."""
    is_invited: bool
    """False: they were told that it is not theirs any more."""
    is_certain: bool
    """Whether a mail server has accepted that mail; else it may have."""


def find_told(booking_id: int, *, session: Session) -> dict[int | None, Told]:
    """Return what each was told, by staff id and ``THE_LEAD``; nothing of who was told nothing."""
    telling = [kind for kind in MailKind if kind.invite]
    messages = session.scalars(
        select(Message)
        .where(Message.booking_id == booking_id, Message.kind.in_(telling))
        .order_by(Message.id)
    )
    stages = _read_stages(booking_id, session=session)
    told: dict[int | None, Told] = {}
    for message in messages:
        if MailKind(message.kind).is_to_stranger:
            # Whoever is the lead now was told nothing of what came before.
            told.pop(THE_LEAD, None)
        elif message.may_have_arrived:
            told[message.staff_id] = _read(message, stage=_stage_of(message, stages=stages))
    return told


def _read(message: Message, *, stage: dict[str, Any]) -> Told:
    is_invited = MailKind(message.kind).invites
    start = message.facts.get("start" if is_invited else "previous_start", stage["start"])
    return Told(
        start=datetime.fromisoformat(start),
        host_ids=stage["hosts"],
        is_invited=is_invited,
        is_certain=message.sent_at is not None,
    )


def _read_stages(booking_id: int, *, session: Session) -> dict[int, dict[str, Any]]:
    """Return start and hosts from each change of them on, by its sequence."""
    history = session.execute(
        select(HistoryEntry.action, HistoryEntry.facts)
        .where(
            HistoryEntry.subject == Booking.__tablename__,
            HistoryEntry.subject_id == booking_id,
            HistoryEntry.action.in_(("confirmed", "moved", "handed_over")),
        )
        .order_by(HistoryEntry.id)
    )
    return {
        facts.get("sequence", 0): facts if action == "confirmed" else facts["to"]
        for action, facts in history
    }


def _stage_of(message: Message, *, stages: Mapping[int, dict[str, Any]]) -> dict[str, Any]:
    return stages[max(sequence for sequence in stages if sequence <= message.sequence)]
