"""Changes when somebody gives demos, unless somebody else has changed it meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booking.errors import StaleError
from booking.history import list_newer, record, version_of
from booking.staff.calendar_lock import lock_calendars
from booking.staff.host_rules import CHANGES, load_rules, store_rules

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.staff.host_rules import HostRules
    from booking.staff.models import Staff


class StaleHoursError(StaleError):
    """The hours are no longer as they were shown."""

    code = "stale_hours"


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
    if version_of(staff, by=CHANGES, session=session) != seen:
        newer = list_newer(staff, version=seen, by=CHANGES, session=session)
        raise StaleHoursError(newer)
    before, after = load_rules(staff, session=session).told(), rules.told()
    changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
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
