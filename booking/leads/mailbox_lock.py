"""Keeps two transactions from counting one mailbox at once: what is counted is what is locked.

The rows of its leads would not do. Each spelling of the address has one of its own, and those of
new spellings are not there yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def lock_mailbox(mailbox: str, *, session: Session) -> None:
    """Let nobody else count what was done with ``mailbox`` until the transaction ends.

    To be taken before its leads. On SQLite the transaction itself is the only one that writes.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(mailbox, 0))))
