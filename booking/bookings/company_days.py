"""Closes days for the whole company, opens them again, and says whose public holidays it keeps.

All of it takes time from every host or gives it back, so every calendar is locked. What is booked
stays booked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from booking.errors import FieldError, InvalidFieldsError, NotFoundError
from booking.history import record
from booking.organisation.change import change_organisation
from booking.organisation.models import ORGANISATION_ID, ClosingDay, Organisation
from booking.staff.calendar_lock import lock_calendars
from booking.staff.models import Staff

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session


def close_day(on: date, *, note: str, actor: str, now: datetime, session: Session) -> None:
    """Give no demos on ``on``, but for hosts who have chosen hours for that date.

    Raises:
        NotFoundError: no organisation has been set up yet.
        InvalidFieldsError: that day is closed already.
    """
    organisation = _lock_company(session)
    if session.get(ClosingDay, on) is not None:
        raise InvalidFieldsError([FieldError("date", "closed_already")])
    session.add(ClosingDay(local_date=on, note=note))
    session.flush()
    facts = {"day": on.isoformat()}
    record("day_closed", subject=organisation, actor=actor, facts=facts, now=now, session=session)


def reopen_day(on: date, *, actor: str, now: datetime, session: Session) -> None:
    """Let ``on`` be a day like any other; whoever comes second changes nothing."""
    organisation = _lock_company(session)
    opened = session.scalars(
        delete(ClosingDay).where(ClosingDay.local_date == on).returning(ClosingDay.local_date)
    ).all()
    if opened:
        facts = {"day": on.isoformat()}
        record(
            "day_reopened", subject=organisation, actor=actor, facts=facts, now=now, session=session
        )


def keep_holidays_of(
    region: str, *, seen: int, actor: str, now: datetime, session: Session
) -> None:
    """Let those who have no region of their own keep the public holidays of ``region``.

    Raises:
        NotFoundError, StaleSettingsError: as ``change_organisation``.
    """
    wanted = {"holiday_region": region}
    change_organisation(wanted, seen=seen, actor=actor, now=now, session=session)
    _lock_company(session)


def _lock_company(session: Session) -> Organisation:
    """Return the organisation, and hold it and every calendar until the transaction ends."""
    organisation = session.get(Organisation, ORGANISATION_ID, with_for_update=True)
    if organisation is None:
        raise NotFoundError
    lock_calendars(session.scalars(select(Staff.id)), session=session)
    return organisation
