"""Who did what, when: append-only, in the same transaction as the change itself.

Personal fields stand here by name and by reference to their row, never by value.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from booking.db import Json, Key, Model, Reference

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

LEAD = "lead"
SYSTEM = "system"
OWNER = "owner"
"""The owner of an address, who says that somebody else has booked with it."""

TOLD = "history"


class HistoryEntry(Model):
    """One thing that happened to one row."""

    __tablename__ = "history"
    __table_args__ = (Index("ix_history_subject", "subject", "subject_id"),)

    id: Mapped[Key]
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(40))
    """``lead``, ``owner``, ``system`` or ``staff:<id>``."""
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(40))
    """Name of the table the subject stands in."""
    subject_id: Mapped[int] = mapped_column(Reference)
    facts: Mapped[dict[str, Any]] = mapped_column(Json)
    """Old and new values of what is not personal; names of personal fields that changed."""


def has_happened(action: str, *, to: Model, since: datetime, session: Session) -> bool:
    """Tell whether somebody has done ``action`` to that row at ``since`` (UTC) or later."""
    found = session.scalars(
        select(HistoryEntry.id)
        .where(
            HistoryEntry.subject == to.__tablename__,
            HistoryEntry.subject_id == to.id,  # type: ignore[attr-defined]  # as in record
            HistoryEntry.action == action,
            HistoryEntry.at >= since,
        )
        .limit(1)
    ).first()
    return found is not None


def record(
    action: str,
    *,
    subject: Model,
    actor: str,
    facts: dict[str, Any],
    now: datetime,
    session: Session,
) -> None:
    """Append one entry about ``subject``, which must have its id already."""
    entry = HistoryEntry(
        at=now,
        actor=actor,
        action=action,
        subject=subject.__tablename__,
        subject_id=subject.id,  # type: ignore[attr-defined]  # every subject has a Key
        facts=facts,
    )
    session.add(entry)
    session.info.setdefault(TOLD, set()).add((entry.subject, entry.subject_id))


def take_subjects(session: Session) -> set[tuple[str, int]]:
    """Return of which rows, by table and id, something was recorded since this was asked last."""
    subjects: set[tuple[str, int]] = session.info.pop(TOLD, set())
    return subjects
