"""How much a form of working hours may hold, and that its length costs no more than once."""

from collections.abc import ItemsView
from datetime import date, timedelta

import pytest

from booking.errors import FieldError, InvalidFieldsError
from booking.staff.host_rules import MOST_DATES, MOST_WINDOWS, HostRules
from booking.web.staff.hours_days import sort_out
from booking.web.staff.hours_form import dates_shown, read_hours

TODAY = date(2026, 11, 23)
HOME = {"time_zone": "Europe/Berlin", "holiday_region": "none"}


class WatchedForm(dict[str, str]):
    """A form that counts how often all of it is looked through."""

    looked_through = 0

    def items(self) -> ItemsView[str, str]:
        self.looked_through += 1
        return super().items()


def dates_form(number: int) -> WatchedForm:
    coming = (TODAY + timedelta(days) for days in range(number))
    return WatchedForm(HOME | {f"o{place}-date": on.isoformat() for place, on in enumerate(coming)})


def faults_in(form: dict[str, str]) -> tuple[FieldError, ...]:
    with pytest.raises(InvalidFieldsError) as refusal:
        read_hours(form, today=TODAY)
    return refusal.value.errors


def test_as_many_dates_as_there_may_be_are_read_in_one_look() -> None:
    form = dates_form(MOST_DATES)

    rules = read_hours(form, today=TODAY)

    assert len(rules.overrides) == MOST_DATES
    assert form.looked_through == 1
    assert sort_out(form).blank is None


def test_dates_beyond_are_one_fault_and_not_shown() -> None:
    form = dates_form(MOST_DATES + 500)

    assert faults_in(form) == (FieldError("o399-date", "too_many", MOST_DATES),)
    assert sort_out(form).shown_dates() == [f"o{place}" for place in range(MOST_DATES)]


def test_windows_beyond_are_one_fault_a_day_and_not_shown() -> None:
    form = HOME | {"d0-from-99": "9", "d0-to-99": "10", "d1-from-9": "9", "d1-to-9": "10"}

    days = sort_out(form)

    assert faults_in(form) == (FieldError("d0-from-9", "too_many", MOST_WINDOWS),)
    assert [days.rows(f"d{day}") for day in range(3)] == [range(10), range(10), range(2)]


def test_one_date_at_the_last_place_draws_one_date() -> None:
    assert sort_out({"o9999-date": "2026-12-24", "o10000-date": "x"}).shown_dates() == ["o9999"]
    assert sort_out({"o7-to-1": "9"}).shown_dates() == ["o7", "o8"]


def test_of_many_stored_dates_the_next_ones_are_shown() -> None:
    overrides = {TODAY + timedelta(days): () for days in range(-5, 2 * MOST_DATES)}
    rules = HostRules(time_zone="UTC", holiday_region=None, weekly={}, overrides=overrides)

    assert dates_shown(rules, today=TODAY) == [TODAY + timedelta(n) for n in range(MOST_DATES)]
