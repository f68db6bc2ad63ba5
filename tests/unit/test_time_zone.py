import os
import subprocess
import sys
from datetime import datetime
from importlib import resources
from pathlib import Path

import pytest

from booking.time_zone import TIME_ZONES, is_time_zone, time_zone

NO_ZONES = [
    "Europe",
    "",
    "../../etc/passwd",
    "A" * 300,
    "europe/berlin",
    "UTC+1",
    "Factory",
    "localtime",
    "posixrules",
    "Europe/Berlin\0",
    " Europe/Berlin",
]


@pytest.mark.parametrize("name", NO_ZONES)
def test_time_zone_of_a_name_that_is_no_zone_is_refused(name: str) -> None:
    assert not is_time_zone(name)
    with pytest.raises(ValueError, match="unknown time zone"):
        time_zone(name)


def test_every_time_zone_can_be_loaded_and_carries_its_name() -> None:
    assert {time_zone(name).key for name in TIME_ZONES} == TIME_ZONES
    assert {"Europe/Berlin", "UTC", "Asia/Kathmandu"} < TIME_ZONES
    assert all(is_time_zone(name) for name in TIME_ZONES)


def test_time_zone_comes_from_the_package_even_if_the_system_has_another(tmp_path: Path) -> None:
    tokyo = resources.files("tzdata").joinpath("zoneinfo", "Asia", "Tokyo")
    (tmp_path / "Europe").mkdir()
    (tmp_path / "Europe" / "Berlin").write_bytes(tokyo.read_bytes())
    program = (
        "import zoneinfo; from datetime import datetime as d; noon = d(2027, 6, 9, 12)\n"
        "system = zoneinfo.ZoneInfo('Europe/Berlin')\n"
        "from booking.time_zone import time_zone\n"
        "pinned = time_zone('Europe/Berlin')\n"
        "later = zoneinfo.ZoneInfo('Europe/Berlin')\n"
        "print(*(noon.replace(tzinfo=zone).utcoffset() for zone in (system, pinned, later)))"
    )

    answer = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONTZPATH": str(tmp_path), "TZ": "America/New_York"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert answer.stdout.split() == ["9:00:00", "2:00:00", "2:00:00"]


def test_time_zone_knows_both_offsets_of_berlin() -> None:
    berlin = time_zone("Europe/Berlin")

    offsets = [datetime(2027, month, 1, tzinfo=berlin).tzname() for month in (1, 7)]

    assert offsets == ["CET", "CEST"]
