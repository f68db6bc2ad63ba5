from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from booking.availability.policy import Policy
from tests.unit.availability.pools import HALF_HOURS


def changed(name: str, value: Any) -> Policy:
    return replace(HALF_HOURS, **{name: value})


@pytest.mark.parametrize("name", ["duration", "slot_interval", "buffer_before", "buffer_after"])
def test_policy_with_seconds_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="whole minutes"):
        changed(name, timedelta(seconds=90))


@pytest.mark.parametrize("name", ["duration", "slot_interval"])
@pytest.mark.parametrize("minutes", [0, -30])
def test_policy_without_length_is_refused(name: str, minutes: int) -> None:
    with pytest.raises(ValueError, match="at least one minute"):
        changed(name, timedelta(minutes=minutes))


@pytest.mark.parametrize("name", ["buffer_before", "buffer_after", "minimum_notice"])
def test_policy_with_a_negative_span_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not negative"):
        changed(name, timedelta(minutes=-1))


@pytest.mark.parametrize("name", ["horizon_days", "max_per_day", "max_per_week"])
def test_policy_with_a_negative_number_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not negative"):
        changed(name, -1)


def test_policy_with_a_notice_in_seconds_is_taken() -> None:
    notice = timedelta(seconds=90)

    assert replace(HALF_HOURS, minimum_notice=notice).minimum_notice == notice
