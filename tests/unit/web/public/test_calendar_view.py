"""A month of days and the times of one day, arranged from slots."""

from datetime import UTC, date, datetime, timedelta

import pytest

from booking.availability.engine import Slot
from booking.time_zone import time_zone
from booking.web.public.calendar_view import arrange_slots

BERLIN = time_zone("Europe/Berlin")
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def slot(text: str) -> Slot:
    start = datetime.fromisoformat(text).astimezone(UTC)
    return Slot(start, start + timedelta(minutes=30))


def test_first_free_day_is_selected_and_its_month_shown() -> None:
    late, later = slot("2026-12-30T10:00Z"), slot("2027-01-05T10:00Z")

    view = arrange_slots([late, later], zone=BERLIN, now=NOW)

    assert view.month == date(2026, 12, 1)
    assert view.selected is not None
    assert (view.selected.on, view.selected.slots) == (date(2026, 12, 30), (late,))
    assert (view.previous_month, view.next_month) == (date(2026, 11, 1), date(2027, 1, 1))
    assert (view.next_free, view.next_free_month) == (late, None)


def test_days_are_those_of_the_zone() -> None:
    evening = slot("2026-11-24T23:30Z")

    view = arrange_slots([evening], zone=BERLIN, now=NOW)

    assert view.selected is not None
    assert view.selected.on == date(2026, 11, 25)


def test_free_days_are_those_of_the_month_shown() -> None:
    slots = [slot("2026-11-24T10:00Z"), slot("2026-11-24T11:00Z"), slot("2026-11-30T10:00Z")]
    december = slot("2026-12-01T10:00Z")

    view = arrange_slots([*slots, december], zone=BERLIN, now=NOW)

    assert view.free_days == 2
    assert arrange_slots([], zone=BERLIN, now=NOW).free_days == 0


def test_weeks_begin_on_monday_and_hold_one_month() -> None:
    view = arrange_slots([], zone=BERLIN, now=NOW)

    days = [[day and day.on.day for day in week] for week in view.weeks]
    assert days[0] == [None, None, None, None, None, None, 1]
    assert days[-1] == [30, None, None, None, None, None, None]
    assert (view.selected, view.next_free) == (None, None)


@pytest.mark.parametrize("asked", [date(2020, 1, 1), date(2026, 11, 1), date(2099, 1, 1)])
def test_month_asked_for_is_brought_to_one_with_sense(asked: date) -> None:
    view = arrange_slots([slot("2026-12-30T10:00Z")], zone=BERLIN, now=NOW, month=asked)

    assert view.month == (date(2026, 12, 1) if asked.year == 2099 else date(2026, 11, 1))


def test_month_without_slots_names_the_next_one_with_some() -> None:
    view = arrange_slots(
        [slot("2026-11-24T10:00Z"), slot("2027-02-05T10:00Z")],
        zone=BERLIN,
        now=NOW,
        month=date(2026, 12, 1),
    )

    assert (view.selected, view.next_free_month) == (None, date(2027, 2, 1))


def test_day_asked_for_is_selected_though_nothing_is_free() -> None:
    view = arrange_slots([slot("2026-11-24T10:00Z")], zone=BERLIN, now=NOW, day=date(2026, 11, 28))

    assert view.selected is not None
    assert (view.selected.on, view.selected.is_free) == (date(2026, 11, 28), False)


def test_time_that_comes_twice_is_known() -> None:
    summer, winter = slot("2027-10-31T00:30Z"), slot("2027-10-31T01:30Z")
    once = slot("2027-10-31T09:00Z")

    view = arrange_slots([summer, winter, once], zone=BERLIN, now=NOW)

    assert view.selected is not None
    assert view.selected.twice == {summer.start, winter.start}
