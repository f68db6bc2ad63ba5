"""Prepares the history of a lead for being told in sentences: who, when, facts as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from booking.history import LEAD, OWNER, HistoryEntry
from booking.templating import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.orm import Session

    from booking.db import Model

ACTOR_NAMES = {LEAD: N_("Lead"), OWNER: N_("Owner of the address")}
STAFF = "staff:"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldEntry:
    """One thing that happened; what an action does not tell is None or empty."""

    at: datetime
    who: str | None
    """A staff member's name."""
    actor_name: str | None
    """What somebody is called who is no staff member, as a message id; None: nobody did it."""
    action: str
    start: datetime | None
    previous_start: datetime | None
    until: datetime | None
    starts: tuple[datetime, ...]
    hosts: str
    outcome: str | None


def list_history_of(subject: Model, *, session: Session) -> Sequence[HistoryEntry]:
    """Return what has happened to one row, the latest first."""
    return session.scalars(
        select(HistoryEntry)
        .where(
            HistoryEntry.subject == subject.__tablename__,
            HistoryEntry.subject_id == subject.id,  # type: ignore[attr-defined]  # it has a Key
        )
        .order_by(HistoryEntry.at.desc(), HistoryEntry.id.desc())
    ).all()


def tell_history(
    history: Iterable[HistoryEntry], *, staff_names: Mapping[int, str]
) -> list[ToldEntry]:
    """Return the entries in their order."""
    return [_told(entry, staff_names=staff_names) for entry in history]


def _told(entry: HistoryEntry, *, staff_names: Mapping[int, str]) -> ToldEntry:
    facts = entry.facts
    now_there, before = _side(facts, "to") or facts, _side(facts, "from")
    return ToldEntry(
        at=entry.at,
        who=_name_of(entry.actor, staff_names=staff_names),
        actor_name=ACTOR_NAMES.get(entry.actor),
        action=entry.action,
        start=_instant(now_there, "start"),
        previous_start=_instant(before, "start"),
        until=_instant(facts, "until"),
        starts=tuple(datetime.fromisoformat(start) for start in facts.get("starts", ())),
        hosts=", ".join(
            staff_names[host_id] for host_id in now_there.get("hosts", ()) if host_id in staff_names
        ),
        outcome=facts.get("to") if entry.action == "outcome" else None,
    )


def _side(facts: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return one side of a change of several things; empty where there is none."""
    side = facts.get(name)
    return side if isinstance(side, dict) else {}


def _name_of(actor: str, *, staff_names: Mapping[int, str]) -> str | None:
    if not actor.startswith(STAFF):
        return None
    return staff_names.get(int(actor.removeprefix(STAFF)))


def _instant(facts: Mapping[str, Any], key: str) -> datetime | None:
    found = facts.get(key)
    return datetime.fromisoformat(found) if found else None
