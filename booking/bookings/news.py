"""Writes the mails about one booking into the outbox, each to one person; knows no reason why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from booking.bookings.mail_kinds import MailKind
from booking.event_types.find import reminders_of
from booking.history import LEAD
from booking.outbox.models import Recipient
from booking.outbox.queue import enqueue
from booking.reminders import plan_reminders

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.bookings.models import Booking
    from booking.bookings.told import Told
    from booking.event_types.models import EventType


class NewsWriter:
    """Writes rows about one booking as it is now; ``whom`` is a staff id, or None for the lead."""

    def __init__(
        self,
        booking: Booking,
        *,
        due_at: datetime,
        now: datetime,
        session: Session,
        actor: str = LEAD,
    ) -> None:
        """Write what ``actor`` did; it may be sent from ``due_at`` on. Both instants are UTC."""
        self._booking = booking
        self._by = {"by": actor}
        self._meeting = booking.meeting
        self._due_at = due_at
        self._now = now
        self._session = session
        self.host_ids = sorted(row.host_id for row in booking.meeting.hosts)

    def news(self, whom: int | None, *, known: Told | None) -> None:
        """Tell of the meeting as it is now what ``whom`` does not know."""
        if known is None or not known.is_invited:
            self.confirmation(whom)
        elif known.start != self._meeting.starts_at:
            facts = self._start | _previous(known.start) | self._by
            self._write(MailKind.MOVED, whom=whom, facts=facts)
        elif whom is None and known.host_ids != self.host_ids:
            self._write(MailKind.HANDED_OVER, whom=whom, facts=self._start)
        elif not known.is_certain:
            self.confirmation(whom)

    def confirmation(self, whom: int | None) -> None:
        """Tell of the meeting for the first time, and a host whether a colleague has seen to it."""
        by = {} if whom is None else self._by
        self._write(MailKind.CONFIRMATION, whom=whom, facts=self._start | by)

    def new_address(self, host_id: int, *, known: Told | None) -> None:
        """Tell a host of the lead's new mail address, and of whatever else they do not know."""
        if known and known.is_invited and known.start == self._meeting.starts_at:
            self._write(MailKind.READDRESSED, whom=host_id, facts=self._start)
        else:
            self.news(host_id, known=known)

    def withdrawal(self, *, email: str, known: Told) -> None:
        """Take the meeting back from ``email``, which was never the lead's."""
        self._write(
            MailKind.WITHDRAWN,
            whom=None,
            facts={"email": email, "start": known.start.isoformat()},
            expires_at=self._end_of(known.start),
        )

    def uninvitation(self, host_id: int, *, known: Told) -> None:
        """Tell a host who took over, unless they know that it is not theirs any more."""
        if known.is_invited or not known.is_certain:
            self._write(
                MailKind.UNINVITED,
                whom=host_id,
                facts=_previous(known.start) | {"host_ids": self.host_ids},
                expires_at=self._end_of(known.start),
            )

    def cancellation(self, whom: int | None, *, start: datetime) -> None:
        """Tell that the meeting, which they take to start at ``start``, will not take place."""
        is_theirs = whom is None or whom in self.host_ids
        self._write(
            MailKind.CANCELLED,
            whom=whom,
            facts=self._by
            | {"start": start.isoformat()}
            | ({} if is_theirs else {"host_ids": [whom]}),
            expires_at=self._end_of(start),
        )

    def undeliverable(self, host_id: int) -> None:
        """Tell a host that the lead does not get the mails."""
        self._write(MailKind.UNDELIVERABLE, whom=host_id, facts={})

    def reminders(self, event_type: EventType) -> None:
        """Write the reminders to the lead, each for its time."""
        assert self._booking.time_zone is not None  # noqa: S101 - a confirmed booking has one
        for reminder in plan_reminders(
            start=self._meeting.starts_at,
            minutes_before=reminders_of(event_type, segment=self._booking.segment),
            time_zone=self._booking.time_zone,
            now=self._now,
        ):
            self._write(
                MailKind.REMINDER,
                occasion=f"reminder-{reminder.minutes_before}",
                whom=None,
                facts={"minutes_before": reminder.minutes_before},
                due_at=reminder.due_at,
            )

    @property
    def _start(self) -> dict[str, str]:
        return {"start": self._meeting.starts_at.isoformat()}

    def _end_of(self, start: datetime) -> datetime:
        """Return until when a cancellation is of use to whom ``start`` was told last.

        That is as long as the meeting stands in some calendar as still to come.
        """
        duration = self._meeting.ends_at - self._meeting.starts_at
        return max(start, self._meeting.starts_at) + duration

    def _write(
        self,
        kind: MailKind,
        *,
        whom: int | None,
        facts: dict[str, Any],
        occasion: str | None = None,
        due_at: datetime | None = None,
        expires_at: datetime | None = None,
    ) -> None:
        enqueue(
            kind,
            occasion=occasion or kind,
            subject=self._booking,
            sequence=self._meeting.sequence,
            recipient=Recipient.LEAD if whom is None else Recipient.HOST,
            staff_id=whom,
            facts=facts,
            due_at=due_at or self._due_at,
            expires_at=expires_at or self._meeting.starts_at,
            priority=kind.priority,
            mail_domain=self._meeting.mail_domain,
            now=self._now,
            session=self._session,
        )


def _previous(start: datetime) -> dict[str, str]:
    return {"previous_start": start.isoformat()}
