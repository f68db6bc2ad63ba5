"""When the next request is welcome after one too many: in whole minutes to people, else seconds."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING

from booking.errors import RateLimitedError

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Response

    from booking.errors import BookingError

ONE_MINUTE = timedelta(minutes=1)


def retry_minute(refusal: BookingError | None) -> datetime | None:
    """Return the first whole minute (UTC) from which on it is; None for other refusals."""
    if not isinstance(refusal, RateLimitedError):
        return None
    minute = refusal.retry_at.replace(second=0, microsecond=0)
    return minute if minute == refusal.retry_at else minute + ONE_MINUTE


def add_retry_after(response: Response, refusal: BookingError | None, *, now: datetime) -> Response:
    """Return ``response`` with the header that tells it to programs, where ``refusal`` asks so."""
    if isinstance(refusal, RateLimitedError):
        seconds = math.ceil((refusal.retry_at - now).total_seconds())
        response.headers["Retry-After"] = str(max(seconds, 1))
    return response
