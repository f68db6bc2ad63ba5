"""How the outbox is: how many mails of each state, which they are, and to whom they go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from booking.bookings.models import Booking
from booking.organisation.find import get_organisation
from booking.outbox.models import Message, MessageState, Priority, Recipient
from booking.outbox.trouble import (
    has_expired,
    has_failed,
    is_undecided,
    oldest_overdue_at,
)
from booking.staff.models import Staff
from booking.wishes.models import Wish

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

LATELY = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbox:
    """How the outbox is at one moment."""

    waiting: int
    """Due, and not sent yet."""
    planned: int
    """For later, such as reminders."""
    overdue_at: datetime | None
    """When the one that has waited longest was due, UTC."""
    sent_lately: int
    failed: int
    undecided: int
    expired: int


def find_outbox(*, now: datetime, session: Session) -> Outbox:
    """Return how the outbox is at ``now`` (UTC)."""
    is_open = Message.state.in_((MessageState.QUEUED, MessageState.SENDING))
    is_sent = Message.sent_at > now - LATELY
    count = {
        "waiting": is_open & (Message.due_at <= now),
        "planned": is_open & (Message.due_at > now),
        "sent_lately": is_sent,
        "failed": has_failed(),
        "undecided": is_undecided(now=now),
        "expired": has_expired(),
    }
    counts = {name: _count(condition, session=session) for name, condition in count.items()}
    return Outbox(overdue_at=oldest_overdue_at(now=now, session=session), **counts)


def list_mails(
    state: MessageState, *, before: int | None = None, limit: int, session: Session
) -> Sequence[Message]:
    """Return at most ``limit`` mails in ``state``, the newest first, all older than ``before``.

    What staff have settled, and reminders that came too late, are left out.
    """
    query = select(Message).where(Message.state == state, Message.settled.is_(False))
    if state is MessageState.EXPIRED:
        query = query.where(Message.priority != Priority.LATER)
    if before is not None:
        query = query.where(Message.id < before)
    return session.scalars(query.order_by(Message.id.desc()).limit(limit)).all()


def find_addresses(messages: Iterable[Message], *, session: Session) -> dict[int, str | None]:
    """Return to which address each mail would go at this moment, by its id.

    None where its recipient has none any more.
    """
    messages = list(messages)
    leads = _by_id(Booking, {message.booking_id for message in messages}, session=session)
    wishes = _by_id(Wish, {message.wish_id for message in messages}, session=session)
    staff = _by_id(Staff, {message.staff_id for message in messages}, session=session)
    contact = get_organisation(session=session).contact_email
    addresses: dict[int, str | None] = {}
    for message in messages:
        match message.recipient:
            case Recipient.LEAD:
                addresses[message.id] = (
                    message.facts.get("email")
                    or leads.get(message.booking_id)
                    or wishes.get(message.wish_id)
                )
            case Recipient.ORGANISATION:
                addresses[message.id] = contact
            case _:
                addresses[message.id] = staff.get(message.staff_id)
    return addresses


def _count(condition: ColumnElement[bool], *, session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Message).where(condition)) or 0


def _by_id(
    table: type[Booking | Staff | Wish], ids: set[int | None], *, session: Session
) -> dict[int | None, str | None]:
    found = session.execute(select(table.id, table.email).where(table.id.in_(ids)))
    return dict(found.all())
