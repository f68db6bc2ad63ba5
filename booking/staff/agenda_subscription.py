"""Whether a staff member wants an agenda by mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booking.history import record
from booking.staff.models import AgendaSubscription, Staff

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session


def wants_agenda(staff_id: int, *, session: Session) -> bool:
    """Tell whether they do."""
    return session.get(AgendaSubscription, staff_id) is not None


def set_agenda(
    staff: Staff, *, is_wanted: bool, actor: str, now: datetime, session: Session
) -> None:
    """Send ``staff`` an agenda from now on, or none any more."""
    # The row is the lock: two browsers that switch it on together are no fault.
    session.refresh(staff, with_for_update=True)
    subscription = session.get(AgendaSubscription, staff.id)
    if is_wanted == (subscription is not None):
        return
    if subscription is None:
        session.add(AgendaSubscription(staff_id=staff.id, created_at=now))
    else:
        session.delete(subscription)
    facts = {"is_wanted": is_wanted}
    record("agenda_set", subject=staff, actor=actor, facts=facts, now=now, session=session)
