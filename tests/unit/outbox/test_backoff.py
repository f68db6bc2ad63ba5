from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.outbox.backoff import next_attempt_at

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(1, 1), (2, 5), (3, 15), (4, 30), (5, 60), (6, 60), (500, 60)]
)
def test_wait_grows_to_an_hour(attempts: int, minutes: int) -> None:
    attempt_at = next_attempt_at(attempts=attempts, now=NOW, jitter=0.5)

    assert attempt_at == NOW + timedelta(minutes=minutes)


@pytest.mark.parametrize(("jitter", "seconds"), [(0.0, 240), (0.25, 270), (0.75, 330)])
def test_jitter_spreads_the_wait(jitter: float, seconds: int) -> None:
    attempt_at = next_attempt_at(attempts=2, now=NOW, jitter=jitter)

    assert attempt_at == NOW + timedelta(seconds=seconds)


@given(jitter=st.floats(min_value=0, max_value=1, exclude_max=True))
def test_jitter_stays_within_a_fifth(jitter: float) -> None:
    attempt_at = next_attempt_at(attempts=5, now=NOW, jitter=jitter)

    assert timedelta(minutes=48) <= attempt_at - NOW <= timedelta(minutes=72)
