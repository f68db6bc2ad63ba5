"""Which mails follow from what happened to a booking; written in the transaction that did it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import IntegrityError

from booking.history import OWNER
from booking.outbox.models import Priority, Recipient
from booking.outbox.queue import ALWAYS_VALID_KINDS, drop_open_messages, enqueue
from booking.reminders import plan_reminders

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.bookings.models import Booking
    from booking.event_types.models import EventType


def notify_confirmed(
    booking: Booking, *, event_type: EventType, now: datetime, session: Session
) -> None:
    """Write the confirmation to the lead, the news to every host, and the reminders."""
    write = _Writer(booking, now=now, session=session)
    write.to_lead("confirmation")
    write.to_hosts("confirmation", host_ids=write.host_ids)
    write.reminders(event_type)


def notify_moved(
    booking: Booking,
    *,
    event_type: EventType,
    previous_start: datetime,
    previous_host_ids: Iterable[int],
    now: datetime,
    session: Session,
) -> None:
    """Tell the lead and the staying hosts of the move, invite the new hosts, uninvite the old."""
    before = set(previous_host_ids)
    write = _Writer(booking, previous_start=previous_start, now=now, session=session)
    drop_open_messages(booking_id=booking.id, session=session)
    facts = {"previous_start": previous_start.isoformat()}
    present = set(write.host_ids)
    write.to_lead("moved", facts=facts)
    write.to_hosts("moved", host_ids=present & before, facts=facts)
    write.to_hosts("confirmation", host_ids=present - before)
    write.to_hosts(
        "uninvited", host_ids=before - present, facts=facts | {"host_ids": sorted(present)}
    )
    write.reminders(event_type)


def notify_cancelled(booking: Booking, *, actor: str, now: datetime, session: Session) -> None:
    """Tell the lead and every host that the meeting will not take place.

    Who says that the booking was never theirs gets no more mail about it.
    """
    write = _Writer(booking, now=now, session=session)
    drop_open_messages(booking_id=booking.id, session=session)
    facts = {"by": actor.partition(":")[0]}
    if actor != OWNER:
        write.to_lead("cancelled", facts=facts)
    write.to_hosts("cancelled", host_ids=write.host_ids, facts=facts)


def notify_undeliverable(booking: Booking, *, now: datetime, session: Session) -> None:
    """Tell every host, once a sequence, that the lead does not get the mails."""
    write = _Writer(booking, now=now, session=session)
    # Two mails may be given up at once, by two workers: the unique key lets one of them tell.
    with suppress(IntegrityError), session.begin_nested():
        write.to_hosts("undeliverable", host_ids=write.host_ids)


class _Writer:
    """Writes rows about one booking as it is now."""

    def __init__(
        self,
        booking: Booking,
        *,
        previous_start: datetime | None = None,
        now: datetime,
        session: Session,
    ) -> None:
        self._booking = booking
        self._meeting = booking.meeting
        # A cancellation is of use as long as the meeting stands in a calendar as still to come,
        # at its new time or, with hosts who were uninvited, at its old one.
        last_start = max(previous_start or self._meeting.starts_at, self._meeting.starts_at)
        self._lasting_until = last_start + (self._meeting.ends_at - self._meeting.starts_at)
        self._now = now
        self._session = session
        self.host_ids = [row.host_id for row in booking.meeting.hosts]

    def to_lead(self, kind: str, *, facts: dict[str, Any] | None = None) -> None:
        self._enqueue(kind, recipient=Recipient.LEAD, facts=facts or {})

    def to_hosts(
        self, kind: str, *, host_ids: Iterable[int], facts: dict[str, Any] | None = None
    ) -> None:
        for host_id in sorted(host_ids):
            self._enqueue(kind, recipient=Recipient.HOST, staff_id=host_id, facts=facts or {})

    def reminders(self, event_type: EventType) -> None:
        assert self._booking.time_zone is not None  # noqa: S101 - a confirmed booking has one
        for reminder in plan_reminders(
            start=self._meeting.starts_at,
            minutes_before=event_type.reminders_minutes_before,
            time_zone=self._booking.time_zone,
            now=self._now,
        ):
            self._enqueue(
                "reminder",
                occasion=f"reminder-{reminder.minutes_before}",
                recipient=Recipient.LEAD,
                facts={"minutes_before": reminder.minutes_before},
                due_at=reminder.due_at,
                priority=Priority.LATER,
            )

    def _enqueue(
        self,
        kind: str,
        *,
        recipient: Recipient,
        facts: dict[str, Any],
        staff_id: int | None = None,
        occasion: str | None = None,
        due_at: datetime | None = None,
        priority: Priority = Priority.SOON,
    ) -> None:
        lasting = kind in ALWAYS_VALID_KINDS
        enqueue(
            kind,
            occasion=occasion or kind,
            subject=self._booking,
            sequence=self._meeting.sequence,
            recipient=recipient,
            staff_id=staff_id,
            facts=facts,
            due_at=due_at or self._now,
            expires_at=self._lasting_until if lasting else self._meeting.starts_at,
            priority=priority,
            mail_domain=self._meeting.mail_domain,
            now=self._now,
            session=self._session,
        )
