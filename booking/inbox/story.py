"""Everything there is about one lead, for those who may see it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select

from booking.bookings.models import Booking, Meeting, MeetingHost
from booking.errors import NotFoundError
from booking.event_types.models import EventType
from booking.history import HistoryEntry
from booking.inbox.models import EVERYBODY, InboxEntry
from booking.leads.models import Lead, StaffNote
from booking.outbox.models import Message
from booking.staff.models import Staff
from booking.wishes.models import Wish

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingOfLead:
    """One booking, what was booked, and who gives it."""

    booking: Booking
    meeting: Meeting
    event_type: EventType
    host_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WishOfLead:
    """One wish, and what it is for."""

    wish: Wish
    event_type: EventType


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadStory:
    """One lead's bookings, wishes, notes, mails and history, the newest of each first."""

    lead: Lead
    bookings: Sequence[BookingOfLead]
    wishes: Sequence[WishOfLead]
    notes: Sequence[StaffNote]
    messages: Sequence[Message]
    history: Sequence[HistoryEntry]
    staff_names: Mapping[int, str]

    @property
    def newest(self) -> Booking | Wish | None:
        """The request whose words are the latest."""
        requests: list[Booking | Wish] = [one.booking for one in self.bookings]
        requests += [one.wish for one in self.wishes]
        return max(requests, key=lambda request: request.created_at, default=None)


def get_visible_lead(lead_id: int, *, seen_by: int, session: Session) -> Lead:
    """Return the lead, if it is one of ``seen_by``'s; EVERYBODY stands for those who see all.

    Raises:
        NotFoundError: it is not, or there is no such lead.
    """
    is_visible = may_see_lead(lead_id, seen_by=seen_by, session=session)
    lead = session.get(Lead, lead_id) if is_visible else None
    if lead is None:
        raise NotFoundError
    return lead


def may_see_lead(lead_id: int, *, seen_by: int, session: Session) -> bool:
    """Tell whether the lead is one of ``seen_by``'s."""
    return seen_by == EVERYBODY or session.get(InboxEntry, (seen_by, lead_id)) is not None


def tell_story(lead: Lead, *, session: Session) -> LeadStory:
    """Return all there is of ``lead``."""
    bookings = _bookings(lead, session=session)
    wishes = [
        WishOfLead(wish=wish, event_type=event_type)
        for wish, event_type in session.execute(
            select(Wish, EventType)
            .join(EventType, Wish.event_type_id == EventType.id)
            .where(Wish.lead_id == lead.id)
            .order_by(Wish.created_at.desc(), Wish.id.desc())
        )
    ]
    booking_ids = [one.booking.id for one in bookings]
    wish_ids = [one.wish.id for one in wishes]
    notes = session.scalars(
        select(StaffNote)
        .where(StaffNote.lead_id == lead.id)
        .order_by(StaffNote.created_at.desc(), StaffNote.id.desc())
    )
    messages = session.scalars(
        select(Message)
        .where(or_(Message.booking_id.in_(booking_ids), Message.wish_id.in_(wish_ids)))
        .order_by(Message.due_at.desc(), Message.id.desc())
    )
    subjects = {
        Lead.__tablename__: [lead.id],
        Booking.__tablename__: booking_ids,
        Wish.__tablename__: wish_ids,
    }
    history = session.scalars(
        select(HistoryEntry)
        .where(
            or_(
                *(
                    and_(HistoryEntry.subject == table, HistoryEntry.subject_id.in_(ids))
                    for table, ids in subjects.items()
                )
            )
        )
        .order_by(HistoryEntry.at.desc(), HistoryEntry.id.desc())
    )
    return LeadStory(
        lead=lead,
        bookings=bookings,
        wishes=wishes,
        notes=notes.all(),
        messages=messages.all(),
        history=history.all(),
        staff_names=names_of_staff(session=session),
    )


def names_of_staff(*, session: Session) -> Mapping[int, str]:
    """Return the names of all staff members by id, those who have left among them."""
    return {row.id: row.name for row in session.execute(select(Staff.id, Staff.name))}


def _bookings(lead: Lead, *, session: Session) -> list[BookingOfLead]:
    rows = session.execute(
        select(Booking, Meeting, EventType)
        .join(Meeting, Booking.meeting_id == Meeting.id)
        .join(EventType, Meeting.event_type_id == EventType.id)
        .where(Booking.lead_id == lead.id)
        .order_by(Booking.created_at.desc(), Booking.id.desc())
    ).all()
    hosts: dict[int, list[int]] = defaultdict(list)
    meeting_ids = [meeting.id for _, meeting, _ in rows]
    for row in session.execute(
        select(MeetingHost.meeting_id, MeetingHost.host_id)
        .where(MeetingHost.meeting_id.in_(meeting_ids))
        .order_by(MeetingHost.host_id)
    ):
        hosts[row.meeting_id].append(row.host_id)
    return [
        BookingOfLead(
            booking=booking,
            meeting=meeting,
            event_type=event_type,
            host_ids=tuple(hosts[meeting.id]),
        )
        for booking, meeting, event_type in rows
    ]
