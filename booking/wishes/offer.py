"""Offers free times to the lead of a wish: a mail with links that lead to the filled-in form.

Nothing is booked and nothing is held: the times are free to whoever is first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from booking.bookings.disown import is_disowned
from booking.bookings.slots import list_all_slots
from booking.errors import BookingError, FieldError, InvalidFieldsError
from booking.event_types.models import EventType
from booking.fields.rules import mailbox_of
from booking.history import record
from booking.leads.models import Lead
from booking.outbox.models import Message, Priority, Recipient
from booking.outbox.queue import enqueue
from booking.wishes.work import mark_answered, require_not_closed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from booking.installation import Installation
    from booking.wishes.models import Wish

OFFER = "offer"
MOST_OFFERED = 3


class UnmailableError(BookingError):
    """The owner of the address wants no mail of ours."""

    code = "unmailable"


def offer_times(
    wish: Wish,
    *,
    starts: Sequence[datetime],
    staff_id: int,
    actor: str,
    now: datetime,
    session: Session,
    installation: Installation,
) -> None:
    """Mail the lead one to three free starts (UTC); the wish is answered, and ``staff_id``'s.

    Raises:
        InvalidFieldsError: no start, more than three, or one that is not free.
        WishClosedError: the wish is done with.
        UnmailableError: the owner of the address wants none of this.
    """
    require_not_closed(wish)
    if not is_mailable(wish, now=now, session=session):
        raise UnmailableError
    offered = sorted(set(starts))
    _check(offered, wish=wish, now=now, session=session)

    mark_answered(wish, now=now)
    if wish.assigned_to is None:
        wish.assigned_to = staff_id
    session.flush()
    facts = {"starts": [start.isoformat() for start in offered]}
    record("wish_offered", subject=wish, actor=actor, facts=facts, now=now, session=session)
    enqueue(
        OFFER,
        occasion=OFFER,
        subject=wish,
        recipient=Recipient.LEAD,
        facts=facts | {"by": staff_id},
        due_at=now,
        expires_at=offered[-1],
        priority=Priority.SOON,
        copy=_count_offers(wish, session=session) + 1,
        mail_domain=installation.mail_domain,
        now=now,
        session=session,
    )


def is_mailable(wish: Wish, *, now: datetime, session: Session) -> bool:
    """Tell whether a mail may go to the lead of ``wish``, whatever its address is spelled like."""
    mailbox = session.scalars(select(Lead).where(Lead.mailbox == mailbox_of(wish.email)))
    return not any(is_disowned(lead, now=now) for lead in mailbox)


def _check(starts: Sequence[datetime], *, wish: Wish, now: datetime, session: Session) -> None:
    if not starts:
        raise InvalidFieldsError([FieldError("starts", "required")])
    if len(starts) > MOST_OFFERED:
        raise InvalidFieldsError([FieldError("starts", "too_many_times")])
    event_type = session.get_one(EventType, wish.event_type_id)
    slots = list_all_slots(event_type, segment=wish.segment, now=now, session=session)
    if not set(starts) <= {slot.start for slot in slots}:
        raise InvalidFieldsError([FieldError("starts", "not_free")])


def _count_offers(wish: Wish, *, session: Session) -> int:
    query = select(func.count()).where(Message.wish_id == wish.id, Message.kind == OFFER)
    return session.scalar(query) or 0
