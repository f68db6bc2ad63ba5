"""The staff row as the lock of a calendar: everyone who takes or frees time queues up here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from booking.staff.models import Staff

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session


def lock_calendars(staff_ids: Iterable[int], *, session: Session) -> None:
    """Hold the calendars of ``staff_ids`` until the transaction (or savepoint) ends.

    Rows are locked one by one in ascending id: two changes that share staff never wait for each
    other in a circle.
    """
    for staff_id in sorted(set(staff_ids)):
        session.execute(
            update(Staff)
            .where(Staff.id == staff_id)
            .values(calendar_version=Staff.calendar_version + 1)
            .execution_options(synchronize_session=False)
        )
