"""Invites as bytes: what makes a calendar add a meeting, move it and take it out again.

One meeting keeps one UID for life; SEQUENCE says which of its invites is the newest. Every object
is CRLF, folded, UTF-8 and in UTC, so that no client has to understand a time zone. Knows no mail
and no language: all texts come in ready to be read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from icalendar import Alarm, Calendar, Event

from booking.invites.values import address, line, lines, uri

PRODID = "-//Halbstunde//Halbstunde//DE"

HOST = {"ROLE": "CHAIR"}
LEAD = {"ROLE": "REQ-PARTICIPANT"}
# By publishing working hours a host has agreed to every meeting in them: there is nothing to
# answer, and the lead sees somebody who will come.
INVITED_HOST = HOST | {"PARTSTAT": "ACCEPTED"}
# Gmail shows its card, and Outlook its buttons, only to somebody who is asked for an answer.
INVITED_LEAD = LEAD | {"PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendee:
    """A person as calendars know people: a bare address, its domain in ASCII, and a name."""

    email: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """What one recipient's calendar is told about a meeting; host and lead may be told differently.

    Raises:
        ValueError: an instant is naive, the end is not after the start, or nobody is invited.
    """

    uid: str
    sequence: int
    """Rises with every change of time, host or state (RFC 5546 §2.1.4)."""
    stamp: datetime
    """When this invite came to be (RFC 5545 §3.8.7.2): the creation of its message, not the
    moment of sending, so that a second try sends the same bytes."""
    start: datetime
    end: datetime
    summary: str
    description: str
    """Local times in words, and the join link again for clients that show nothing else."""
    location: str
    """A place, a phone number or the join link; may be empty."""
    url: str | None
    """The join link of a video meeting."""
    organizer: Attendee
    """The service under the organisation's name: a change of host changes no organizer."""
    hosts: tuple[Attendee, ...]
    lead: Attendee | None
    """None in a copy that must not tell who comes."""
    alarm_minutes: int | None
    """How long before the start the calendar itself rings; None = not at all."""

    def __post_init__(self) -> None:
        """Refuse what no calendar could show."""
        if any(instant.utcoffset() is None for instant in (self.stamp, self.start, self.end)):
            raise ValueError("a naive datetime is no instant")
        if self.start >= self.end:
            raise ValueError("a meeting ends after its start")
        if not (self.hosts or self.lead):
            raise ValueError("an invite invites somebody")


def build_request(invitation: Invitation) -> bytes:
    """Return the REQUEST that adds the meeting, or moves it where an older one is known.

    RFC 5546 §3.2.2. The same bytes serve as calendar part, as attachment and as download.
    """
    event = _event(invitation)
    _add_attendees(event, invitation, host=INVITED_HOST, lead=INVITED_LEAD)
    event.add("status", "CONFIRMED")
    event.add("transp", "OPAQUE")
    # Nobody reads counter-proposals: Outlook shall not offer them (MS-OXCICAL 2.1.3.1.1.20.38).
    event.add("x-microsoft-disallow-counter", "TRUE")
    if invitation.location:
        event.add("location", line(invitation.location))
    if invitation.url:
        _add_link(event, url=invitation.url)
    if invitation.alarm_minutes is not None:
        event.add_component(_alarm(invitation.summary, minutes_before=invitation.alarm_minutes))
    return _calendar_of(event, method="REQUEST")


def build_cancel(invitation: Invitation) -> bytes:
    """Return the CANCEL that takes the meeting out of everybody's calendar (RFC 5546 §3.2.5)."""
    event = _event(invitation)
    _add_attendees(event, invitation, host=HOST, lead=LEAD)
    event.add("status", "CANCELLED")
    return _calendar_of(event, method="CANCEL")


def build_uninvite(invitation: Invitation, *, host: Attendee) -> bytes:
    """Return the CANCEL that takes the meeting out of the calendar of ``host`` alone.

    The meeting goes on without them: no STATUS, and nobody else is named (RFC 5546 §3.2.5).
    """
    return _cancel_for(host, invitation=invitation, part=HOST)


def build_withdrawal(invitation: Invitation, *, lead: Attendee) -> bytes:
    """Return the CANCEL that takes the meeting from ``lead``, who was never meant."""
    return _cancel_for(lead, invitation=invitation, part=LEAD)


def _cancel_for(person: Attendee, *, invitation: Invitation, part: dict[str, str]) -> bytes:
    event = _event(invitation)
    _add_attendee(event, person, part=part)
    return _calendar_of(event, method="CANCEL")


def _event(invitation: Invitation) -> Event:
    event = Event()
    event.add("uid", line(invitation.uid))
    event.add("sequence", invitation.sequence)
    event.add("dtstamp", invitation.stamp.astimezone(UTC))
    event.add("dtstart", invitation.start.astimezone(UTC))
    event.add("dtend", invitation.end.astimezone(UTC))
    event.add("summary", line(invitation.summary))
    event.add("description", lines(invitation.description))
    event.add("organizer", address(invitation.organizer.email, name=invitation.organizer.name))
    return event


def _add_attendees(
    event: Event, invitation: Invitation, *, host: dict[str, str], lead: dict[str, str]
) -> None:
    for person in invitation.hosts:
        _add_attendee(event, person, part=host)
    if invitation.lead:
        _add_attendee(event, invitation.lead, part=lead)


def _add_attendee(event: Event, person: Attendee, *, part: dict[str, str]) -> None:
    event.add("attendee", address(person.email, name=person.name), parameters=part)


def _add_link(event: Event, *, url: str) -> None:
    event.add("url", uri(url))
    event.add("conference", uri(url), parameters={"VALUE": "URI", "FEATURE": "VIDEO"})
    # Google makes its join button of this alone.
    event.add("x-google-conference", uri(url))


def _alarm(text: str, *, minutes_before: int) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", line(text))
    alarm.add("trigger", timedelta(minutes=-minutes_before))
    return alarm


def _calendar_of(event: Event, *, method: Literal["REQUEST", "CANCEL"]) -> bytes:
    # Calendar.new() would add a random UID, the first one in the text and not the meeting's.
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODID)
    calendar.add("method", method)
    calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content
