"""The pulse of every process that serves or works: who lives, and by which rules of time.

A pulse is a row that is written again and again, so it also proves that the database takes what is
written.
"""

from __future__ import annotations

import os
import secrets
import socket
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import String, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from booking.db import Model, text_enum
from booking.time_zone import RULES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

SILENT_AFTER = timedelta(minutes=2)
FORGOTTEN_AFTER = timedelta(days=1)


class Role(StrEnum):
    """What a process is there for."""

    WEB = "web"
    WORKER = "worker"


class Process(Model):
    """One process that is alive, or was."""

    __tablename__ = "process"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    """Unique among all that there ever were."""
    role: Mapped[Role] = mapped_column(text_enum(Role, name="role"))
    tzdata: Mapped[str] = mapped_column(String(20))
    """The version of the time zone rules that it computes with."""
    ticked_at: Mapped[datetime]


def name_process() -> str:
    """Return a name for this process that none has had before: machine, process id, chance."""
    return f"{socket.gethostname()[:40]}-{os.getpid()}-{secrets.token_hex(4)}"


def beat(name: str, *, role: Role, now: datetime, session: Session) -> None:
    """Note that this process, called ``name``, is alive at ``now`` (UTC)."""
    row = session.get(Process, name)
    if row is None:
        session.add(Process(name=name, role=role, tzdata=RULES, ticked_at=now))
    else:
        row.ticked_at = now


def forget_dead_processes(*, now: datetime, session: Session) -> None:
    """Delete the processes that have not been heard of for a day."""
    is_heard_of = Process.ticked_at.between(now - FORGOTTEN_AFTER, now + FORGOTTEN_AFTER)
    session.execute(delete(Process).where(~is_heard_of))


def last_worker_tick_at(*, now: datetime, session: Session) -> datetime | None:
    """Return when any worker was last heard of, UTC; None when there has been none."""
    return session.scalar(
        select(func.max(Process.ticked_at)).where(
            Process.role == Role.WORKER, Process.ticked_at <= now + SILENT_AFTER
        )
    )


def is_worker_silent(*, now: datetime, session: Session) -> bool:
    """Tell whether no worker has been heard of for two minutes, so that no mail leaves."""
    ticked_at = last_worker_tick_at(now=now, session=session)
    return ticked_at is None or now - ticked_at > SILENT_AFTER


def list_processes(*, now: datetime, session: Session) -> Sequence[Process]:
    """Return the processes heard of within a day, workers first, the latest first."""
    processes = (
        select(Process)
        .where(Process.ticked_at > now - FORGOTTEN_AFTER)
        .order_by(Process.role.desc(), Process.ticked_at.desc(), Process.name)
    )
    return session.scalars(processes).all()


def rules_in_use(*, now: datetime, session: Session) -> Sequence[str]:
    """Return the versions of the time zone rules that processes now alive compute with."""
    # A pulse from further ahead was written before the clock was set back.
    is_alive = Process.ticked_at.between(now - SILENT_AFTER, now + SILENT_AFTER)
    rules = select(Process.tzdata).where(is_alive).distinct().order_by(Process.tzdata)
    return session.scalars(rules).all()
