"""Which times can be wished for, and what is wrong with the others."""

from datetime import date

import pytest

from booking.errors import FieldError
from booking.wishes.wished_times import (
    WISHED_FIELDS,
    PartOfDay,
    WishedTime,
    read_wished_times,
)

TODAY = date(2026, 11, 23)
FIRST = {"on-1": "2026-12-01", "part-1": "morning"}


def wished(on: str, part: PartOfDay = PartOfDay.ANY) -> WishedTime:
    return WishedTime(on=date.fromisoformat(on), part=part)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (FIRST, [wished("2026-12-01", PartOfDay.MORNING)]),
        ({"on-1": " 2026-12-01 "}, [wished("2026-12-01")]),
        ({"on-1": "2026-12-01", "part-1": ""}, [wished("2026-12-01")]),
        ({"on-1": "2026-11-23"}, [wished("2026-11-23")]),
        ({"on-1": "2027-11-23"}, [wished("2027-11-23")]),
        (FIRST | {"on-2": "", "part-2": "any"}, [wished("2026-12-01", PartOfDay.MORNING)]),
        (
            FIRST
            | {"on-2": "2026-12-01", "part-2": "evening"}
            | {"on-3": "2026-11-30", "part-3": "midday"},
            [
                wished("2026-12-01", PartOfDay.MORNING),
                wished("2026-12-01", PartOfDay.EVENING),
                wished("2026-11-30", PartOfDay.MIDDAY),
            ],
        ),
        (
            FIRST | {"on-3": "2026-12-02", "part-3": "afternoon"},
            [
                wished("2026-12-01", PartOfDay.MORNING),
                wished("2026-12-02", PartOfDay.AFTERNOON),
            ],
        ),
    ],
)
def test_times_are_read_in_their_order(typed: dict[str, str], expected: list[WishedTime]) -> None:
    assert read_wished_times(typed, today=TODAY) == (expected, [])


@pytest.mark.parametrize(
    ("typed", "faults"),
    [
        ({}, {"on-1": "required"}),
        ({"on-2": "2026-12-01"}, {"on-1": "required"}),
        (FIRST | {"part-2": "evening"}, {"on-2": "day_missing"}),
        ({"on-1": "1.12.2026"}, {"on-1": "date"}),
        ({"on-1": "2026-02-30"}, {"on-1": "date"}),
        (FIRST | {"part-1": "night"}, {"on-1": "choice"}),
        ({"on-1": "2026-11-22"}, {"on-1": "past"}),
        ({"on-1": "0001-01-01"}, {"on-1": "past"}),
        ({"on-1": "2027-11-24"}, {"on-1": "too_far"}),
        ({"on-1": "9999-12-31"}, {"on-1": "too_far"}),
        (FIRST | {"on-2": "2026-12-01", "part-2": "morning"}, {"on-2": "wished_before"}),
        (
            FIRST
            | {"on-2": "2026-12-02", "part-2": "any"}
            | {"on-3": "2026-12-02", "part-3": "any"},
            {"on-3": "wished_before"},
        ),
        (
            {"on-1": "", "on-2": "2026-11-01", "on-3": "morgen"},
            {"on-1": "required", "on-2": "past", "on-3": "date"},
        ),
    ],
)
def test_faults_are_told_by_field_and_all_at_once(
    typed: dict[str, str], faults: dict[str, str]
) -> None:
    _, found = read_wished_times(typed, today=TODAY)

    assert found == [FieldError(field, code) for field, code in faults.items()]


def test_time_is_stored_as_the_console_will_read_it() -> None:
    stored = wished("2026-12-01", PartOfDay.EVENING).write()

    assert stored == {"on": "2026-12-01", "part": "evening"}
    assert WishedTime.read(stored) == wished("2026-12-01", PartOfDay.EVENING)


def test_fields_stand_in_the_order_of_the_page() -> None:
    assert WISHED_FIELDS == ("on-1", "part-1", "on-2", "part-2", "on-3", "part-3")
