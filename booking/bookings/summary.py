"""Everything that a page, a mail or the API tells of one booking, gathered once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from booking.bookings.lifecycle import BookingState, is_address_open, is_change_open
from booking.bookings.models import Booking, Meeting, MeetingHost
from booking.event_types.models import EventType, LocationKind
from booking.organisation.find import get_organisation
from booking.staff.models import Staff

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.orm import Session

    from booking.organisation.models import Organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingSummary:
    """One booking with what stands around it."""

    booking: Booking
    meeting: Meeting
    event_type: EventType
    organisation: Organisation
    hosts: tuple[Staff, ...]
    join_url: str | None
    """Where a video meeting takes place."""
    location: str
    """The address of the room, the lead's number, or the join address: where to be."""

    def is_over(self, now: datetime) -> bool:
        """Tell whether the meeting has ended."""
        return now >= self.meeting.ends_at

    def is_change_open(self, now: datetime) -> bool:
        """Tell whether the lead may still move or cancel."""
        notice = timedelta(minutes=self.event_type.minimum_change_notice_minutes)
        return is_change_open(start=self.meeting.starts_at, minimum_change_notice=notice, now=now)

    def is_address_open(self, now: datetime) -> bool:
        """Tell whether the lead may still correct the mail address."""
        confirmed_at = self.booking.confirmed_at
        return (
            self.booking.state is BookingState.CONFIRMED
            and confirmed_at is not None
            and is_address_open(confirmed_at=confirmed_at, start=self.meeting.starts_at, now=now)
        )


def summarise(
    booking: Booking, *, host_ids: Collection[int] | None = None, session: Session
) -> BookingSummary:
    """Return what there is to tell of ``booking``, which a person has confirmed.

    ``host_ids``: whom to tell of as hosts; by default those of this moment.
    """
    meeting = booking.meeting
    event_type = session.get_one(EventType, meeting.event_type_id)
    present = select(MeetingHost.host_id).where(MeetingHost.meeting_id == meeting.id)
    told = present if host_ids is None else host_ids
    hosts = tuple(session.scalars(select(Staff).where(Staff.id.in_(told)).order_by(Staff.id)))
    join_url = join_url_of(event_type, hosts=hosts, meeting=meeting)
    return BookingSummary(
        booking=booking,
        meeting=meeting,
        event_type=event_type,
        organisation=get_organisation(session=session),
        hosts=hosts,
        join_url=join_url,
        location=location_of(booking, event_type=event_type, join_url=join_url),
    )


def join_url_of(event_type: EventType, *, hosts: tuple[Staff, ...], meeting: Meeting) -> str | None:
    """Return the event type's own address, else the first host's; each may name the meeting."""
    if event_type.location_kind is not LocationKind.VIDEO:
        return None
    url = event_type.location_url or next((host.meeting_url for host in hosts), None)
    return url.replace("{meeting}", meeting.room) if url else None


def location_of(booking: Booking, *, event_type: EventType, join_url: str | None) -> str:
    """Return the lead's number, the join address, or the address of the room."""
    if event_type.location_kind is LocationKind.PHONE:
        return booking.phone or ""
    return join_url or event_type.location_url
