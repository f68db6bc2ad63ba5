"""What loading a setup file has changed: told to the operator, and kept in the history by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from booking import history

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.db import Model


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing of the setup file that the database did not say yet."""

    subject: str
    """As the operator knows it, e.g. ``staff anna@example.com``."""
    keys: tuple[str, ...]
    """The keys of the file that differed; empty for what is new."""

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.subject}: {', '.join(self.keys) if self.keys else 'added'}"


def differing(row: Model, wanted: Mapping[str, object]) -> list[str]:
    """Return the columns of ``row`` that do not hold what is wanted, in the order of ``wanted``."""
    return [name for name, value in wanted.items() if getattr(row, name) != value]


def assign(row: Model, wanted: Mapping[str, object]) -> None:
    """Write ``wanted`` into the columns of ``row``."""
    for name, value in wanted.items():
        setattr(row, name, value)


def record_change(
    row: Model, *, subject: str, keys: Sequence[str], now: datetime, session: Session
) -> Change:
    """Keep the change of ``row``, which has its id, in the history; return it for the operator."""
    history.record(
        "setup_loaded",
        subject=row,
        actor=history.SYSTEM,
        facts={"changed": list(keys)} if keys else {"added": True},
        now=now,
        session=session,
    )
    return Change(subject=subject, keys=tuple(keys))
