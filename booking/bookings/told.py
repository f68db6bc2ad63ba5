"""What everybody concerned knows of a booking: what the newest mail that may have arrived has said.

The calendars and the memories of people are not ours to read; the mails that left are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from booking.outbox.models import Message

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

TELLING_KINDS = ("confirmation", "moved", "readdressed", "uninvited", "withdrawn")

LEAD: Final = None
"""Stands for the lead where others are named by their staff id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one person was told last."""

    start: datetime
    """When they take the meeting to start (UTC)."""
    is_invited: bool
    """False: they were told that it is not theirs any more."""
    is_certain: bool
    """Whether a mail server has accepted that mail; else it may have."""


def find_told(
    booking_id: int, *, default_start: datetime, session: Session
) -> dict[int | None, Told]:
    """Return what each was told, by staff id and ``LEAD``; who was told nothing is not in it.

    ``default_start`` (UTC): what a mail of the release before has told, whose row does not say so.
    """
    messages = session.scalars(
        select(Message)
        .where(Message.booking_id == booking_id, Message.kind.in_(TELLING_KINDS))
        .order_by(Message.id)
    )
    told: dict[int | None, Told] = {}
    for message in messages:
        if message.kind == "withdrawn":
            # Whoever is the lead now was told nothing of what came before.
            told.pop(LEAD, None)
        elif message.may_have_arrived:
            told[message.staff_id] = _read(message, default_start=default_start)
    return told


def _read(message: Message, *, default_start: datetime) -> Told:
    is_invited = message.kind != "uninvited"
    start = message.facts.get("start" if is_invited else "previous_start")
    return Told(
        start=datetime.fromisoformat(start) if start else default_start,
        is_invited=is_invited,
        is_certain=message.sent_at is not None,
    )
