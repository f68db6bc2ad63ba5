"""Who did what, when: append-only, in the same transaction as the change itself.

Personal fields stand here by name and by reference to their row, never by value: so the database
can refuse that any entry is changed or removed, and nobody's data is kept longer for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Index, String, and_, func, literal, select, tuple_
from sqlalchemy.orm import Mapped, mapped_column

from booking.db import Json, Key, Model, Reference

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

LEAD = "lead"
SYSTEM = "system"
OWNER = "owner"
"""The owner of an address, who says that somebody else has booked with it."""

ABOUT_MAILS_ALONE = ("mail_retried", "mail_sent_again", "mail_left")
"""What leaves a booking or a wish as it is."""

TOLD = "history"
STAFF = "staff:"


def staff_actor(staff_id: int) -> str:
    """Return how the history names a staff member who has done something."""
    return f"{STAFF}{staff_id}"


def staff_id_of(actor: str) -> int | None:
    """Return which staff member ``actor`` is; None where it is somebody else."""
    return int(actor.removeprefix(STAFF)) if actor.startswith(STAFF) else None


class HistoryEntry(Model):
    """One thing that happened to one row."""

    __tablename__ = "history"
    __table_args__ = (
        Index("ix_history_subject", "subject", "subject_id"),
        Index("ix_history_at", "at", "id"),
        Index("ix_history_actor", "actor", "at", "id"),
        Index("ix_history_action", "action", "at", "id"),
    )

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


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryFilter:
    """Which entries are looked for; None and nothing at all stand for every one."""

    actor: str | None = None
    action: str | None = None
    subject: str | None = None
    subject_id: int | None = None
    start: datetime | None = None
    """From this instant on, UTC."""
    end: datetime | None = None
    """Before this instant, UTC."""


def list_history(
    wanted: HistoryFilter, *, before: int | None = None, limit: int, session: Session
) -> Sequence[HistoryEntry]:
    """Return at most ``limit`` entries, the newest first, that follow on the entry ``before``.

    Nothing follows on an entry that is not there.
    """
    query = select(HistoryEntry).where(*_conditions(wanted))
    if before is not None:
        last = session.get(HistoryEntry, before)
        if last is None:
            return []
        query = query.where(_is_older_than(last))
    newest_first = (HistoryEntry.at.desc(), HistoryEntry.id.desc())
    return session.scalars(query.order_by(*newest_first).limit(limit)).all()


def _is_older_than(entry: HistoryEntry) -> ColumnElement[bool]:
    instant = literal(entry.at, HistoryEntry.at.type)
    return tuple_(HistoryEntry.at, HistoryEntry.id) < tuple_(instant, entry.id)


def _conditions(wanted: HistoryFilter) -> Iterator[ColumnElement[bool]]:
    for name in ("actor", "action", "subject", "subject_id"):
        value = getattr(wanted, name)
        if value is not None:
            yield getattr(HistoryEntry, name) == value
    if wanted.start is not None:
        yield HistoryEntry.at >= wanted.start
    if wanted.end is not None:
        yield HistoryEntry.at < wanted.end


def has_happened(action: str, *, to: Model, since: datetime, session: Session) -> bool:
    """Tell whether somebody has done ``action`` to that row at ``since`` (UTC) or later."""
    found = session.scalars(
        select(HistoryEntry.id)
        .where(
            _is_about(to),
            HistoryEntry.action == action,
            HistoryEntry.at >= since,
        )
        .limit(1)
    ).first()
    return found is not None


def list_history_of(subject: Model, *, session: Session) -> Sequence[HistoryEntry]:
    """Return what has happened to one row, the latest first."""
    return session.scalars(
        select(HistoryEntry)
        .where(_is_about(subject))
        .order_by(HistoryEntry.at.desc(), HistoryEntry.id.desc())
    ).all()


def version_of(subject: Model, *, by: Collection[str] = (), session: Session) -> int:
    """Return the id of the newest entry that tells of a change of the row itself; 0 without one.

    A form brings it back, to tell whether somebody else has worked on the row meanwhile. Where a
    form is about a part of the row alone, ``by`` are the actions that change that part.
    """
    newest = select(func.max(HistoryEntry.id)).where(_changes(subject, by=by))
    return session.scalar(newest) or 0


def list_newer(
    subject: Model, *, version: int, by: Collection[str] = (), session: Session
) -> Sequence[HistoryEntry]:
    """Return what has changed the row since it was at ``version``, the first change first."""
    newer = select(HistoryEntry).where(_changes(subject, by=by), HistoryEntry.id > version)
    return session.scalars(newer.order_by(HistoryEntry.id)).all()


def versions_of(subjects: Sequence[Model], *, session: Session) -> dict[int, int]:
    """Return the version of each of ``subjects``, rows of one table, by its id; by one query.

    What nothing tells of is left out.
    """
    if not subjects:
        return {}
    newest = (
        select(HistoryEntry.subject_id, func.max(HistoryEntry.id))
        .where(
            HistoryEntry.subject == subjects[0].__tablename__,
            HistoryEntry.subject_id.in_([subject.id for subject in subjects]),  # type: ignore[attr-defined]  # as in record
            HistoryEntry.action.not_in(ABOUT_MAILS_ALONE),
        )
        .group_by(HistoryEntry.subject_id)
    )
    return dict(session.execute(newest).all())


def _changes(subject: Model, *, by: Collection[str]) -> ColumnElement[bool]:
    action = HistoryEntry.action
    return _is_about(subject) & (action.in_(by) if by else action.not_in(ABOUT_MAILS_ALONE))


def _is_about(subject: Model) -> ColumnElement[bool]:
    return and_(
        HistoryEntry.subject == subject.__tablename__,
        HistoryEntry.subject_id == subject.id,  # type: ignore[attr-defined]  # as in record
    )


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
