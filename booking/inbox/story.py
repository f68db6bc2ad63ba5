"""Everything there is about one lead, or as much of it as is one host's own.

A host who books for a lead can type anybody's address. So a booking of a lead opens nothing of what
colleagues have with the same lead: neither their bookings and wishes, nor what was told, mailed and
noted with them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, or_, select, true

from booking.bookings.models import Booking, Meeting, MeetingHost
from booking.bookings.whose import load_hosts_ever
from booking.errors import NotFoundError
from booking.event_types.models import EventType
from booking.history import OWNER, HistoryEntry, staff_actor
from booking.inbox.models import InboxEntry
from booking.inbox.requests import came_at
from booking.inbox.standing import LeadState, state_of_booking
from booking.leads.models import Lead, StaffNote
from booking.outbox.models import Message
from booking.staff.names import names_of_staff
from booking.wishes.models import Wish

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import InstrumentedAttribute, Session


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingOfLead:
    """One booking, what was booked, and who gives it."""

    booking: Booking
    meeting: Meeting
    event_type: EventType
    host_ids: tuple[int, ...]

    @property
    def state(self) -> LeadState:
        """Where a lead with this booking alone stands."""
        return state_of_booking(
            state=self.booking.state,
            outcome=self.booking.outcome,
            start=self.meeting.starts_at,
            first_start=self.booking.first_starts_at,
        )

    def waits_for_outcome(self, now: datetime) -> bool:
        """Tell whether it is over, and nobody has marked what became of it."""
        return self.state in {LeadState.BOOKED, LeadState.MOVED} and self.meeting.ends_at <= now


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
        return max(requests, key=came_at, default=None)


def get_visible_lead(lead_id: int, *, seen_by: int | None, session: Session) -> Lead:
    """Return the lead, if it is one of ``seen_by``'s; None stands for those who see all.

    Raises:
        NotFoundError: it is not, or there is no such lead.
    """
    is_visible = may_see_lead(lead_id, seen_by=seen_by, session=session)
    lead = session.get(Lead, lead_id) if is_visible else None
    if lead is None:
        raise NotFoundError
    return lead


def may_see_lead(lead_id: int, *, seen_by: int | None, session: Session) -> bool:
    """Tell whether the lead is one of ``seen_by``'s."""
    return seen_by is None or session.get(InboxEntry, (seen_by, lead_id)) is not None


def tell_story(lead: Lead, *, seen_by: int | None, session: Session) -> LeadStory:
    """Return all there is of ``lead`` that ``seen_by`` may know; None sees all of it.

    A host's own are the bookings that they give or were ever to give, the wishes that they have
    taken, and the notes that they have written.
    """
    bookings = _bookings(lead, seen_by=seen_by, session=session)
    wishes = _wishes(lead, seen_by=seen_by, session=session)
    booking_ids = [one.booking.id for one in bookings]
    wish_ids = [one.wish.id for one in wishes]
    messages = session.scalars(
        select(Message)
        .where(or_(Message.booking_id.in_(booking_ids), Message.wish_id.in_(wish_ids)))
        .order_by(Message.due_at.desc(), Message.id.desc())
    )
    return LeadStory(
        lead=lead,
        bookings=bookings,
        wishes=wishes,
        notes=_notes(lead, seen_by=seen_by, session=session),
        messages=messages.all(),
        history=_history(
            lead, booking_ids=booking_ids, wish_ids=wish_ids, seen_by=seen_by, session=session
        ),
        staff_names=names_of_staff(session=session),
    )


def _bookings(lead: Lead, *, seen_by: int | None, session: Session) -> list[BookingOfLead]:
    rows = session.execute(
        select(Booking, Meeting, EventType)
        .join(Meeting, Booking.meeting_id == Meeting.id)
        .join(EventType, Meeting.event_type_id == EventType.id)
        .where(Booking.lead_id == lead.id)
        .order_by(func.coalesce(Booking.confirmed_at, Booking.created_at).desc(), Booking.id.desc())
    ).all()
    ever = load_hosts_ever([booking.id for booking, _, _ in rows], session=session)
    hosts: dict[int, list[int]] = defaultdict(list)
    for row in session.execute(
        select(MeetingHost.meeting_id, MeetingHost.host_id)
        .where(MeetingHost.meeting_id.in_([meeting.id for _, meeting, _ in rows]))
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
        if seen_by is None or seen_by in ever[booking.id]
    ]


def _wishes(lead: Lead, *, seen_by: int | None, session: Session) -> list[WishOfLead]:
    rows = session.execute(
        select(Wish, EventType)
        .join(EventType, Wish.event_type_id == EventType.id)
        .where(Wish.lead_id == lead.id, _is_own(Wish.assigned_to, seen_by))
        .order_by(Wish.created_at.desc(), Wish.id.desc())
    )
    return [WishOfLead(wish=wish, event_type=event_type) for wish, event_type in rows]


def _notes(lead: Lead, *, seen_by: int | None, session: Session) -> Sequence[StaffNote]:
    return session.scalars(
        select(StaffNote)
        .where(StaffNote.lead_id == lead.id, _is_own(StaffNote.staff_id, seen_by))
        .order_by(StaffNote.created_at.desc(), StaffNote.id.desc())
    ).all()


def _history(
    lead: Lead,
    *,
    booking_ids: Sequence[int],
    wish_ids: Sequence[int],
    seen_by: int | None,
    session: Session,
) -> Sequence[HistoryEntry]:
    def is_about(table: str, ids: Sequence[int]) -> ColumnElement[bool]:
        return and_(HistoryEntry.subject == table, HistoryEntry.subject_id.in_(ids))

    about_lead = is_about(Lead.__tablename__, [lead.id])
    if seen_by is not None:
        # What colleagues have noted is theirs; what the owner of the address has said is for all.
        told_to_all = HistoryEntry.actor.in_((OWNER, staff_actor(seen_by)))
        about_lead = and_(about_lead, told_to_all)
    return session.scalars(
        select(HistoryEntry)
        .where(
            or_(
                about_lead,
                is_about(Booking.__tablename__, booking_ids),
                is_about(Wish.__tablename__, wish_ids),
            )
        )
        .order_by(HistoryEntry.at.desc(), HistoryEntry.id.desc())
    ).all()


def _is_own(whose: InstrumentedAttribute[Any], seen_by: int | None) -> ColumnElement[bool]:
    return true() if seen_by is None else whose == seen_by
