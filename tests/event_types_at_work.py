"""What tests of the event type editor do and look at: forms sent as shown, and what is stored."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from booking.event_types.models import EventType, PoolMember, SegmentRule
from booking.history import HistoryEntry
from booking.segment import Segment
from tests.factories import START, make_booking, make_meeting
from tests.fixtures.application import UnitOfWork
from tests.fixtures.staff import StaffBrowser

LIST = "/staff/event-types"


def book(transaction: UnitOfWork, *, number: int = 1) -> None:
    with transaction() as session:
        event_type = session.scalars(select(EventType)).one()
        for day in range(number):
            start = START + timedelta(days=day)
            meeting = make_meeting(session, event_type=event_type, hosts=[], start=start)
            make_booking(session, meeting=meeting)


def save(browser: StaffBrowser, address: str, **changes: str) -> TestResponse:
    """Send the form of a section as it was shown, but for ``changes``."""
    page = browser.open(address)
    return browser.client.post(
        address,
        data=page.fields | {"do": "check"} | changes,
        headers={"Sec-Fetch-Site": "same-origin"},
    )


def read(transaction: UnitOfWork) -> tuple[EventType, list[HistoryEntry]]:
    """Return the one event type, and what was recorded about it."""
    with transaction() as session:
        about = HistoryEntry.subject == "event_type"
        entries = session.scalars(select(HistoryEntry).where(about).order_by(HistoryEntry.id))
        event_type = session.scalars(select(EventType)).one()
        _ = [rule.hours for rule in event_type.segment_rules]
        return event_type, list(entries)


def rule_of_team(transaction: UnitOfWork) -> dict[str, Any]:
    with transaction() as session:
        (rule,) = session.scalars(select(SegmentRule))
        assert rule.segment is Segment.TEAM
        names = ("hours", "minimum_notice_minutes", "max_per_day", "max_per_week")
        return {name: getattr(rule, name) for name in (*names, "reminders_minutes_before")}


def pool(transaction: UnitOfWork) -> dict[tuple[int, str], int]:
    with transaction() as session:
        members = session.scalars(select(PoolMember))
        return {(member.host_id, member.segment.value): member.weight for member in members}
