"""The engine against the naive finder around every change of every zone in 2026 and 2027."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from booking.availability.engine import find_slots
from booking.availability.facts import HostFacts
from booking.time_zone import TIME_ZONES
from tests.reference.naive_slots import naive_slots
from tests.unit.availability.pools import HALF_HOURS, at, every_day

SLICES = 12
WINDOWS = ("00:00-00:45", "01:10-02:30", "02:50-05:00", "23:00-25:30")
QUARTERS = replace(HALF_HOURS, slot_interval=timedelta(minutes=15))


def days_of_change(zone: ZoneInfo) -> Iterator[datetime]:
    """Yield each UTC midnight of 2026 and 2027 before a change of offset."""
    midnight = at("2026-01-01T00:00")
    while midnight < at("2028-01-01T00:00"):
        next_midnight = midnight + timedelta(days=1)
        if midnight.astimezone(zone).utcoffset() != next_midnight.astimezone(zone).utcoffset():
            yield midnight
        midnight = next_midnight


@pytest.mark.fault("F16")
@pytest.mark.parametrize("part", range(SLICES))
def test_slots_of_every_zone_around_its_changes(part: int) -> None:
    for name in sorted(TIME_ZONES)[part::SLICES]:
        host = HostFacts(host_id=1, hours=every_day(name, *WINDOWS))
        days = [*days_of_change(ZoneInfo(name)), datetime(2026, 12, 31, tzinfo=UTC)]
        for day in days:
            question = {
                "start": day - timedelta(hours=2),
                "end": day + timedelta(hours=28),
                "now": day - timedelta(days=3),
            }

            slots = find_slots(QUARTERS, [host], **question)

            expected = naive_slots(QUARTERS, [host], **question)
            assert [slot.start for slot in slots] == expected, (name, day)
            assert slots, (name, day)
