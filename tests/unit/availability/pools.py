"""Short ways to write hosts, hours and instants down in the tests of availability."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from booking.availability.engine import Slot, find_slots
from booking.availability.facts import HostFacts, Reservation
from booking.availability.interval import Interval
from booking.availability.policy import HostsNeeded, Policy
from booking.availability.working_hours import LocalWindow, WorkingHours

HALF_HOURS = Policy(
    duration=timedelta(minutes=30),
    slot_interval=timedelta(minutes=30),
    buffer_before=timedelta(0),
    buffer_after=timedelta(0),
    minimum_notice=timedelta(0),
    horizon_days=60,
    max_per_day=0,
    max_per_week=0,
    hosts_needed=HostsNeeded.ANY,
)
CLOSED: tuple[LocalWindow, ...] = ()


def at(text: str) -> datetime:
    """Read "2027-03-28T01:30" as UTC, or with the offset that it carries."""
    instant = datetime.fromisoformat(text)
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def between(start: str, end: str) -> Interval:
    return Interval(at(start), at(end))


def window(text: str) -> LocalWindow:
    """Read "09:00-12:30"; "22:00-26:00" runs past midnight."""
    minutes = []
    for bound in text.split("-"):
        hours, minute = bound.split(":")
        minutes.append(int(hours) * 60 + int(minute))
    return LocalWindow(*minutes)


def every_day(
    zone: str,
    *windows: str,
    overrides: Mapping[date, tuple[LocalWindow, ...]] | None = None,
    closing_days: Mapping[date, str] | None = None,
    holidays: Mapping[date, str] | None = None,
) -> WorkingHours:
    return WorkingHours(
        zone,
        dict.fromkeys(range(7), tuple(window(text) for text in windows)),
        overrides or {},
        closing_days or {},
        holidays or {},
    )


def booked(
    start: str, end: str, *, meeting_start: str | None = None, counts: bool = True
) -> Reservation:
    return Reservation(
        start=at(meeting_start or start),
        blocked=between(start, end),
        held=False,
        counts=counts,
    )


def starts(policy: Policy, *hosts: HostFacts, start: str, end: str, now: str) -> list[str]:
    """Return the offered starts as "28T01:30" in UTC, most often of one or two days."""
    slots = find_slots(policy, hosts, start=at(start), end=at(end), now=at(now))
    return [brief(slot) for slot in slots]


def brief(slot: Slot) -> str:
    return f"{slot.start:%dT%H:%M}"
