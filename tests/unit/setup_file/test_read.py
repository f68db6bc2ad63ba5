"""The file as a whole: what is read, and that every fault is told at once."""

from pathlib import Path

import pytest

from booking.setup_file.faults import SetupFileError
from booking.setup_file.read import read_setup
from tests.unit.setup_file.documents import (
    EMPTY,
    EVENT_TYPE,
    ORGANISATION,
    STAFF,
    faults_in,
    knowing,
    read,
)

HERE = Path(__file__).parent


def test_example_is_right() -> None:
    setup = read_setup(Path(__file__).parents[3] / "examples" / "demo.toml", stored=EMPTY)

    assert [event_type.slug for event_type in setup.event_types] == ["demo"]
    assert {staff.time_zone for staff in setup.staff} == {"Europe/Berlin", "Europe/Lisbon"}
    assert len(setup.staff) == 4


def test_defaults_are_those_of_the_contract(tmp_path: Path) -> None:
    setup = read(tmp_path, ORGANISATION, STAFF, EVENT_TYPE)

    assert setup.event_types[0].model_dump(mode="json") == {
        "slug": "demo",
        "published": True,
        "title": {"de": "Produktdemo"},
        "description": {},
        "agenda": [],
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
        "hosts_needed": "any",
        "prefer_known_host": False,
        "segments": ["individual", "team"],
        "questions": [],
        "location": {"kind": "video", "url": ""},
        "reminders_minutes_before": [1440, 60],
        "segment_rules": [],
        "hosts": [{"email": "anna@beispiel.example", "segments": None, "weight": 1}],
    }


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(SetupFileError) as raised:
        read_setup(HERE / "faulty.toml", stored=EMPTY)

    lines = [fault.removeprefix(f"{HERE}/") for fault in raised.value.faults]
    assert lines == (HERE / "faulty.txt").read_text().splitlines()


def test_faults_name_the_file(tmp_path: Path) -> None:
    path = tmp_path / "setup.toml"
    path.write_text("colour = 1", encoding="utf-8")

    with pytest.raises(SetupFileError) as raised:
        read_setup(path, stored=EMPTY)

    assert raised.value.faults == (
        f"{path}: colour = 1: is not a known key",
        f"{path}: organisation: is missing",
    )


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"a = ", "is not valid TOML: Invalid value (at end of document)"),
        (b"a = 1\nb = ?", "is not valid TOML: Invalid value (at line 2, column 5)"),
        (b'a = "\xff"', "is not UTF-8 text"),
    ],
)
def test_file_that_is_no_toml_is_one_fault(tmp_path: Path, content: bytes, problem: str) -> None:
    path = tmp_path / "setup.toml"
    path.write_bytes(content)

    with pytest.raises(SetupFileError) as raised:
        read_setup(path, stored=EMPTY)

    assert raised.value.faults == (f"{path}: {problem}",)


def test_file_that_is_not_there_is_one_fault(tmp_path: Path) -> None:
    path = tmp_path / "setup.toml"

    with pytest.raises(SetupFileError) as raised:
        read_setup(path, stored=EMPTY)

    assert raised.value.faults == (f"{path}: cannot be read: No such file or directory",)


def test_organisation_may_be_left_out_once_it_is_stored(tmp_path: Path) -> None:
    setup = read(tmp_path, STAFF, stored=knowing())

    assert setup.organisation is None


@pytest.mark.parametrize("name", ["organisation", "staff", "event_types"])
def test_part_of_a_wrong_type_is_told(tmp_path: Path, name: str) -> None:
    kind = "table" if name == "organisation" else "list"

    faults = faults_in(tmp_path, f"{name} = 1", stored=knowing())

    assert faults == [f"{name} = 1: must be a {kind}"]


def test_long_value_is_cut_short(tmp_path: Path) -> None:
    faults = faults_in(tmp_path, f'{"a" * 3} = "{"x" * 500}"', stored=knowing())

    assert faults == [f'aaa = "{"x" * 59}…: is not a known key']


def test_number_without_end_is_a_fault(tmp_path: Path) -> None:
    decimal, hexadecimal = "9" * 5000, "0x" + "f" * 5000
    known = knowing("anna@beispiel.example")

    told = [
        faults_in(tmp_path, ORGANISATION, EVENT_TYPE, f"duration_minutes = {number}", stored=known)
        for number in (decimal, hexadecimal)
    ]

    assert told == [
        ["holds a number of too many digits"],
        ["event_types[0].duration_minutes: must be at most 1440"],
    ]
