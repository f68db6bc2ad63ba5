"""Queues the agenda of the day for every host who wants it and has a demo, once the morning comes.

Any number of workers may ask every minute: a subscription that one of them has in hand is passed
over by the others, and the key of the mail, one a host and day, is unique.
"""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING

from sqlalchemy import select

from booking.bookings.agenda import list_agenda
from booking.outbox.models import Priority, Recipient
from booking.outbox.queue import enqueue, is_enqueued
from booking.staff.models import AgendaSubscription, Staff
from booking.time_zone import instant_of, local_day, time_zone

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

KIND = "agenda"
DUE, EXPIRES = time(7), time(9)
"""On the host's own clock; later than that, the day has begun."""


def queue_agendas(*, mail_domain: str, now: datetime, session: Session) -> None:
    """Queue what is due at ``now`` (UTC) and has not been queued yet."""
    subscribers = session.scalars(
        select(Staff)
        .join(AgendaSubscription, AgendaSubscription.staff_id == Staff.id)
        .where(Staff.active)
        .order_by(Staff.id)
        .with_for_update(of=AgendaSubscription, skip_locked=True)
    ).all()
    for staff in subscribers:
        on = now.astimezone(time_zone(staff.time_zone)).date()
        due_at, expires_at = (_instant(on, at, staff=staff) for at in (DUE, EXPIRES))
        if due_at <= now < expires_at and not _is_queued(on, staff=staff, session=session):
            _queue(
                on,
                staff=staff,
                due_at=due_at,
                expires_at=expires_at,
                mail_domain=mail_domain,
                now=now,
                session=session,
            )


def _queue(
    on: date,
    *,
    staff: Staff,
    due_at: datetime,
    expires_at: datetime,
    mail_domain: str,
    now: datetime,
    session: Session,
) -> None:
    start, end = local_day(on, zone=staff.time_zone)
    if not list_agenda([staff.id], start=start, end=end, session=session):
        return
    enqueue(
        KIND,
        occasion=_occasion(on),
        subject=staff,
        recipient=Recipient.STAFF,
        facts={"on": on.isoformat()},
        due_at=due_at,
        expires_at=expires_at,
        priority=Priority.LATER,
        mail_domain=mail_domain,
        now=now,
        session=session,
    )


def _is_queued(on: date, *, staff: Staff, session: Session) -> bool:
    return is_enqueued(
        occasion=_occasion(on), subject=staff, recipient=Recipient.STAFF, session=session
    )


def _occasion(on: date) -> str:
    return f"{KIND}-{on}"


def _instant(on: date, at: time, *, staff: Staff) -> datetime:
    return instant_of(datetime.combine(on, at), zone=staff.time_zone)
