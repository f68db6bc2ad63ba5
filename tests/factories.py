"""Rows to start a test from: plain functions that add what they are told, and flush.

Times are those of Monday, 23 November 2026, 09:00 in Berlin (winter time, UTC+1).
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from booking.availability.policy import HostsNeeded
from booking.bookings.lifecycle import BookingState
from booking.bookings.models import Booking, Meeting, MeetingHost
from booking.event_types.models import EventType, LocationKind, PoolMember, SegmentRule
from booking.leads.models import Lead
from booking.organisation.models import ORGANISATION_ID, ClosingDay, Organisation
from booking.segment import Segment
from booking.staff.models import BusyTime, DateOverride, Role, Staff, TimeOff, WeeklyHours

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
"""Tuesday, 10:00 in Berlin: inside OFFICE_HOURS and past the notice."""

MONDAY_TO_FRIDAY = range(5)
OFFICE_HOURS = tuple((weekday, "09:00", "17:00") for weekday in MONDAY_TO_FRIDAY)

numbers = count(1)


def make_organisation(session: Session, **changes: Any) -> Organisation:
    """Add the one organisation."""
    organisation = Organisation(
        **{
            "id": ORGANISATION_ID,
            "name": "Beispiel KI GmbH",
            "time_zone": "Europe/Berlin",
            "locale": "de",
            "accent": "#0b5fff",
            "logo": None,
            "logo_media_type": None,
            "contact_email": "kontakt@beispiel.example",
            "imprint_url": "https://beispiel.example/impressum",
            "privacy_url": "https://beispiel.example/datenschutz",
            "accessibility_url": "",
            "imprint_text": "Beispiel KI GmbH · Musterweg 1 · 10115 Berlin",
            "notice_version": None,
            "created_at": NOW,
            "updated_at": NOW,
            "embed_origins": [],
        }
        | changes
    )
    session.add(organisation)
    session.flush()
    return organisation


def make_staff(
    session: Session,
    *,
    hours: Sequence[tuple[int, str, str]] = OFFICE_HOURS,
    **changes: Any,
) -> Staff:
    """Add a host who works ``hours``: (weekday with 0 = Monday, from, to) in the host's zone."""
    number = next(numbers)
    staff = Staff(
        **{
            "email": f"host-{number}@beispiel.example",
            "name": f"Host {number}",
            "role": Role.HOST,
            "time_zone": "Europe/Berlin",
            "active": True,
            "meeting_url": "https://meet.example/{meeting}",
            "calendar_version": 0,
            "created_at": NOW,
        }
        | changes
    )
    session.add(staff)
    session.flush()
    for weekday, from_time, to_time in hours:
        session.add(
            WeeklyHours(
                staff_id=staff.id,
                weekday=weekday,
                from_minute=minute_of(from_time),
                to_minute=minute_of(to_time),
            )
        )
    session.flush()
    return staff


def make_busy_time(session: Session, *, staff: Staff, start: datetime, end: datetime) -> BusyTime:
    """Add an interval [start, end) in which ``staff`` cannot be booked."""
    busy_time = BusyTime(staff_id=staff.id, starts_at=start, ends_at=end, source="setup")
    session.add(busy_time)
    session.flush()
    return busy_time


def make_time_off(session: Session, *, staff: Staff, start: datetime, end: datetime) -> TimeOff:
    """Add an absence [start, end)."""
    time_off = TimeOff(staff_id=staff.id, starts_at=start, ends_at=end, note="")
    session.add(time_off)
    session.flush()
    return time_off


def make_closing_day(session: Session, day: date, *, note: str = "") -> ClosingDay:
    """Add a date on which the whole company gives no demos."""
    closing_day = ClosingDay(local_date=day, note=note)
    session.add(closing_day)
    session.flush()
    return closing_day


def make_date_override(
    session: Session, *, staff: Staff, day: date, hours: Sequence[tuple[str, str]]
) -> DateOverride:
    """Replace the hours of ``staff`` on one date by windows (from, to)."""
    windows = [[minute_of(from_time), minute_of(to_time)] for from_time, to_time in hours]
    override = DateOverride(staff_id=staff.id, local_date=day, windows=windows)
    session.add(override)
    session.flush()
    return override


def make_event_type(
    session: Session,
    *,
    hosts: Sequence[Staff],
    segments: Sequence[Segment] = tuple(Segment),
    **changes: Any,
) -> EventType:
    """Add a published event type of 30 minutes whose pool is ``hosts``, each in all segments."""
    event_type = EventType(
        **{
            "slug": f"demo-{next(numbers)}",
            "published": True,
            "title": {"de": "Produktdemo", "en": "Product demo"},
            "description": {"de": "30 Minuten, live.", "en": "30 minutes, live."},
            "duration_minutes": 30,
            "slot_interval_minutes": 30,
            "buffer_before_minutes": 0,
            "buffer_after_minutes": 0,
            "minimum_notice_minutes": 120,
            "minimum_change_notice_minutes": 60,
            "horizon_days": 60,
            "max_per_day": 0,
            "max_per_week": 0,
            "hold_minutes": 5,
            "capacity": 1,
            "hosts_needed": HostsNeeded.ANY,
            "segments": [segment.value for segment in segments],
            "location_kind": LocationKind.VIDEO,
            "location_url": "",
            "questions": [],
            "agenda": [],
            "reminders_minutes_before": [1440, 60],
            "segment_rules": [],
            "created_at": NOW,
        }
        | changes
    )
    session.add(event_type)
    session.flush()
    for host in hosts:
        for segment in segments:
            make_pool_member(session, event_type=event_type, host=host, segment=segment)
    return event_type


def make_question(key: str, **changes: Any) -> dict[str, Any]:
    """Return a question as an event type stores it: an optional text, asked in all segments."""
    return {
        "key": key,
        "label": {"de": f"Frage {key}", "en": f"Question {key}"},
        "kind": "text",
        "required": False,
        "segments": [segment.value for segment in Segment],
        "options": [],
    } | changes


def make_pool_member(
    session: Session, *, event_type: EventType, host: Staff, segment: Segment, weight: int = 1
) -> PoolMember:
    """Let ``host`` take ``segment`` of ``event_type``."""
    member = PoolMember(
        event_type_id=event_type.id,
        host_id=host.id,
        segment=segment,
        weight=weight,
        joined_at=NOW,
    )
    session.add(member)
    session.flush()
    return member


def make_segment_rule(
    session: Session, *, event_type: EventType, segment: Segment, **changes: Any
) -> SegmentRule:
    """Let ``segment`` of ``event_type`` have rules of its own; without changes it has none."""
    rule = SegmentRule(segment=segment, **changes)
    event_type.segment_rules.append(rule)
    session.flush()
    return rule


def make_meeting(
    session: Session,
    *,
    event_type: EventType,
    hosts: Sequence[Staff],
    start: datetime = START,
    **changes: Any,
) -> Meeting:
    """Add a meeting with its reservations; buffers are those of ``event_type``."""
    number = next(numbers)
    end = start + timedelta(minutes=event_type.duration_minutes)
    meeting = Meeting(
        **{
            "event_type_id": event_type.id,
            "uid": f"meeting-{number}@termine.example.com",
            "sequence": 0,
            "organizer": "demo@termine.example.com",
            "starts_at": start,
            "ends_at": end,
            "room": f"room-{number}",
            "created_at": NOW,
        }
        | changes
    )
    session.add(meeting)
    session.flush()
    for host in hosts:
        session.add(
            MeetingHost(
                meeting_id=meeting.id,
                host_id=host.id,
                blocked_start=start - timedelta(minutes=event_type.buffer_before_minutes),
                blocked_end=end + timedelta(minutes=event_type.buffer_after_minutes),
                active=True,
            )
        )
    session.flush()
    return meeting


def make_booking(session: Session, *, meeting: Meeting, **changes: Any) -> Booking:
    """Add a confirmed booking of a lead of its own in ``meeting``."""
    number = next(numbers)
    email = str(changes.get("email", f"lead-{number}@kunde.example"))
    lead = Lead(address=email.lower(), mailbox=email.lower(), created_at=NOW)
    session.add(lead)
    session.flush()
    booking = Booking(
        **{
            "public_id": f"booking-{number}",
            "meeting_id": meeting.id,
            "seat": 1,
            "state": BookingState.CONFIRMED,
            "segment": Segment.INDIVIDUAL,
            "original_segment": Segment.INDIVIDUAL,
            "first_starts_at": meeting.starts_at,
            "assignment": {},
            "lead_id": lead.id,
            "name": "Erika Mustermann",
            "email": email,
            "answers": {},
            "source": {},
            "time_zone": "Europe/Berlin",
            "locale": "de",
            "marketing_opt_in": False,
            "changes": 0,
            "created_at": NOW,
            "confirmed_at": NOW,
        }
        | changes
    )
    session.add(booking)
    session.flush()
    return booking


def minute_of(wall_time: str) -> int:
    """Return the minutes after midnight of ``HH:MM``."""
    hours, minutes = wall_time.split(":")
    return int(hours) * 60 + int(minutes)
