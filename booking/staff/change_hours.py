"""Changes when somebody gives demos, unless somebody else has changed it meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booking.errors import BookingError
from booking.history import record
from booking.staff.calendar_lock import lock_calendars
from booking.staff.host_rules import (
    list_changes_of_rules,
    load_rules,
    store_rules,
    version_of_rules,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.history import HistoryEntry
    from booking.staff.host_rules import HostRules
    from booking.staff.models import Staff


class StaleHoursError(BookingError):
    """The hours are no longer as they were shown; ``entries`` of the history tell why."""

    code = "stale_hours"

    def __init__(self, entries: Sequence[HistoryEntry]) -> None:
        super().__init__()
        self.entries = tuple(entries)


def change_hours(
    staff: Staff,
    *,
    rules: HostRules,
    seen: int,
    actor: str,
    now: datetime,
    session: Session,
) -> bool:
    """Let ``rules`` hold for ``staff``; tell whether that changed anything.

    ``seen`` is the version that whoever decides has seen. What is booked stays booked.

    Raises:
        StaleHoursError: there is a newer version.
    """
    lock_calendars([staff.id], session=session)
    session.refresh(staff)
    if version_of_rules(staff.id, session=session) != seen:
        raise StaleHoursError(list_changes_of_rules(staff.id, since=seen, session=session))
    before, after = load_rules(staff, session=session).told(), rules.told()
    changed = [
        name for name in {**before, **after} if before.get(name, None) != after.get(name, None)
    ]
    if not changed:
        return False
    store_rules(staff, rules=rules, session=session)
    record(
        "hours_changed",
        subject=staff,
        actor=actor,
        facts={
            "changed": changed,
            "before": {name: before.get(name) for name in changed},
            "after": {name: after.get(name) for name in changed},
        },
        now=now,
        session=session,
    )
    return True
