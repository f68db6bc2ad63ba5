"""A calendar to subscribe to: one host's meetings as bytes that change only when they do.

The same UIDs, sequences and UTC times as in the invites; nobody is invited, so no program answers.
Knows no mail and no language.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from icalendar import Calendar, Event

from booking.invites.build import PRODID
from booking.invites.values import address, line, lines, uri

if TYPE_CHECKING:
    from collections.abc import Iterable

    from booking.invites.build import Attendee

ASKED_AGAIN_AFTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedMeeting:
    """What a subscriber is told of one meeting; instants are aware."""

    uid: str
    sequence: int
    stamp: datetime
    """When it last changed."""
    start: datetime
    end: datetime
    organizer: Attendee
    summary: str
    description: str
    """May be empty, as the two that follow."""
    location: str
    url: str | None
    is_cancelled: bool


def build_feed(meetings: Iterable[FeedMeeting], *, name: str) -> bytes:
    """Return the calendar called ``name`` (RFC 5546 §3.2.1, RFC 7986 §5)."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODID)
    calendar.add("method", "PUBLISH")
    calendar.add("name", line(name))
    # The name as most programs know it, who have not heard of RFC 7986.
    calendar.add("x-wr-calname", line(name))
    calendar.add("refresh-interval", ASKED_AGAIN_AFTER, parameters={"VALUE": "DURATION"})
    for meeting in meetings:
        calendar.add_component(_event(meeting))
    content: bytes = calendar.to_ical()
    return content


def _event(meeting: FeedMeeting) -> Event:
    event = Event()
    event.add("uid", line(meeting.uid))
    event.add("sequence", meeting.sequence)
    for name in ("dtstamp", "last-modified"):
        event.add(name, meeting.stamp.astimezone(UTC))
    event.add("dtstart", meeting.start.astimezone(UTC))
    event.add("dtend", meeting.end.astimezone(UTC))
    event.add("summary", line(meeting.summary))
    event.add("organizer", address(meeting.organizer.email, name=meeting.organizer.name))
    event.add("status", "CANCELLED" if meeting.is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if meeting.is_cancelled else "OPAQUE")
    if meeting.description:
        event.add("description", lines(meeting.description))
    if meeting.location:
        event.add("location", line(meeting.location))
    if meeting.url:
        event.add("url", uri(meeting.url))
    return event
