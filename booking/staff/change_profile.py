"""Changes what a host is called and where their video calls are, unless it is another by now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from booking.errors import StaleError
from booking.history import list_newer, record, version_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.staff.models import Staff

CHANGES = ("profile_changed", "setup_loaded")
"""What the history calls that which changes it."""


class StaleProfileError(StaleError):
    """Name and meeting address are no longer as they were shown."""

    code = "stale_profile"


def change_profile(
    staff: Staff,
    *,
    wanted: Mapping[str, str | None],
    seen: int,
    actor: str,
    now: datetime,
    session: Session,
) -> None:
    """Make the columns named what is ``wanted``; ``seen`` is the version that its author saw.

    The history keeps by name alone what was changed: either may say who somebody is.

    Raises:
        StaleProfileError: there is a newer version.
    """
    session.refresh(staff, with_for_update=True)
    if version_of(staff, by=CHANGES, session=session) != seen:
        raise StaleProfileError(list_newer(staff, version=seen, by=CHANGES, session=session))
    changed = [name for name in wanted if getattr(staff, name) != wanted[name]]
    if not changed:
        return
    for name in changed:
        setattr(staff, name, wanted[name])
    session.flush()
    record(
        "profile_changed",
        subject=staff,
        actor=actor,
        facts={"changed": changed},
        now=now,
        session=session,
    )
