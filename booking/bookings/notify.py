"""Which mails follow from what happened to a booking; written in the transaction that did it.

Everybody is told what differs from what they know: several changes in a row are one mail.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError

from booking.bookings.mail_kinds import MailKind
from booking.bookings.news import NewsWriter
from booking.bookings.told import THE_LEAD, find_told
from booking.fields.rules import mailbox_of
from booking.history import OWNER
from booking.outbox.queue import drop_open_messages

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.bookings.models import Booking, Meeting
    from booking.bookings.told import Told
    from booking.event_types.models import EventType

PAUSE = timedelta(seconds=30)
"""How long the news of a move waits for another move, which would overtake it."""

SOON = timedelta(hours=1)
"""Whatever starts within that time is told at once."""


def notify_confirmed(
    booking: Booking, *, event_type: EventType, actor: str, now: datetime, session: Session
) -> None:
    """Write the confirmation to the lead, the news to every host, and the reminders."""
    write = NewsWriter(booking, due_at=now, now=now, session=session, actor=actor)
    write.confirmation(THE_LEAD)
    for host_id in write.host_ids:
        write.confirmation(host_id)
    write.reminders(event_type)


def notify_rearranged(
    booking: Booking,
    *,
    event_type: EventType,
    actor: str,
    now: datetime,
    session: Session,
) -> None:
    """Tell lead and hosts of another time or host, invite the new hosts, uninvite the old ones.

    Who has been told nothing yet gets a confirmation; who knows the time already gets nothing.
    """
    _drop_overtaken(booking, session=session)
    told = find_told(booking.id, session=session)
    due_at = _after_a_pause(booking.meeting, now=now)
    write = NewsWriter(booking, due_at=due_at, now=now, session=session, actor=actor)
    for whom in (THE_LEAD, *write.host_ids):
        write.news(whom, known=told.get(whom))
    _uninvite_others(write, told=told)
    write.reminders(event_type)


def notify_readdressed(
    booking: Booking, *, event_type: EventType, former_email: str, now: datetime, session: Session
) -> None:
    """Confirm to the lead at the new address, take back what the former one has, tell the hosts."""
    _drop_overtaken(booking, session=session)
    told = find_told(booking.id, session=session)
    write = NewsWriter(booking, due_at=now, now=now, session=session)
    if THE_LEAD in told and mailbox_of(former_email) != mailbox_of(booking.email or ""):
        write.withdrawal(email=former_email, known=told[THE_LEAD])
    write.confirmation(THE_LEAD)
    for host_id in write.host_ids:
        write.new_address(host_id, known=told.get(host_id))
    _uninvite_others(write, told=told)
    write.reminders(event_type)


def notify_cancelled(booking: Booking, *, actor: str, now: datetime, session: Session) -> None:
    """Tell the lead, and every host who takes the meeting for theirs, that it will not take place.

    Among them is a host who has not been told yet that somebody else was to take over. Who says
    that the booking was never theirs gets no more mail about it.
    """
    _drop_overtaken(booking, session=session)
    told = find_told(booking.id, session=session)
    write = NewsWriter(booking, due_at=now, now=now, session=session, actor=actor)
    if actor != OWNER:
        write.cancellation(THE_LEAD, start=booking.meeting.starts_at)
    for host_id, known in told.items():
        if host_id is not THE_LEAD and (known.is_invited or not known.is_certain):
            write.cancellation(host_id, start=known.start)


def notify_undeliverable(booking: Booking, *, now: datetime, session: Session) -> None:
    """Tell every host, once a sequence, that the lead does not get the mails."""
    write = NewsWriter(booking, due_at=now, now=now, session=session)
    # Two mails may be given up at once, by two workers: the unique key lets one of them tell.
    with suppress(IntegrityError), session.begin_nested():
        for host_id in write.host_ids:
            write.undeliverable(host_id)


def _drop_overtaken(booking: Booking, *, session: Session) -> None:
    stays_true = [kind for kind in MailKind if kind.is_to_stranger]
    drop_open_messages(booking_id=booking.id, keep=stays_true, session=session)


def _uninvite_others(write: NewsWriter, *, told: dict[int | None, Told]) -> None:
    for host_id, known in told.items():
        if host_id is not THE_LEAD and host_id not in write.host_ids:
            write.uninvitation(host_id, known=known)


def _after_a_pause(meeting: Meeting, *, now: datetime) -> datetime:
    return now + PAUSE if meeting.starts_at > now + SOON else now
