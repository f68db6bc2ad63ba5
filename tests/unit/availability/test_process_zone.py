"""Neither the zone of the process nor the zone files of the system change an offer."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import time
from dataclasses import replace
from datetime import timedelta
from booking.availability.engine import find_slots
from booking.availability.explain import explain
from booking.availability.facts import HostFacts
from tests.unit.availability.pools import HALF_HOURS, at, booked, every_day
print(time.tzname[0])
host = HostFacts(
    host_id=1,
    hours=every_day("Europe/Berlin", "01:00-04:00"),
    reservations=(booked("2027-10-30T09:00", "2027-10-30T09:30"),),
)
policy = replace(HALF_HOURS, max_per_day=1)
start, now = at("2027-10-29T12:00"), at("2027-10-29T00:00")
for slot in find_slots(policy, [host], start=start, end=at("2027-11-01T12:00"), now=now):
    print(slot)
print(explain(policy, [host], start=at("2027-10-29T23:30"), now=now))
"""


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Apia", "Asia/Kathmandu"])
def test_slots_do_not_depend_on_the_zone_of_the_process(zone: str, tmp_path: Path) -> None:
    def answer(**environment: str) -> list[str]:
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.splitlines()

    in_utc = answer(TZ="UTC")
    elsewhere = answer(TZ=zone, PYTHONTZPATH=str(tmp_path))

    assert elsewhere[1:] == in_utc[1:]
    assert elsewhere[0] != in_utc[0] == "UTC"
    assert len(in_utc) == 16
