"""When the next request is welcome, as people are told."""

from datetime import UTC, datetime, timedelta

import pytest

from booking.errors import RateLimitedError
from booking.web.refused import retry_minute

MINUTE = datetime(2026, 11, 23, 8, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("after", "told"),
    [
        (timedelta(0), MINUTE),
        (timedelta(microseconds=1), MINUTE + timedelta(minutes=1)),
        (timedelta(seconds=59), MINUTE + timedelta(minutes=1)),
        (timedelta(minutes=1), MINUTE + timedelta(minutes=1)),
    ],
)
def test_minute_is_never_before_the_instant(after: timedelta, told: datetime) -> None:
    assert retry_minute(RateLimitedError(retry_at=MINUTE + after)) == told
