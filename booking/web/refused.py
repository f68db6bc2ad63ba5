"""What is told of a refusal: which fields are at fault, and when the next request is welcome."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from booking.errors import InvalidFieldsError, RateLimitedError
from booking.templating import translate
from booking.web.language import request_locale
from booking.web.problem_table import FIELD_MESSAGES, LIMIT_MESSAGES, PROBLEMS

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Response

    from booking.errors import BookingError, FieldError

ONE_MINUTE = timedelta(minutes=1)


def tell(refusal: BookingError | None) -> dict[str, Any]:
    """Return what a page is rendered with to tell of ``refusal``, if there is one."""
    problem = refusal and PROBLEMS[refusal.code]
    return {
        "refusal": refusal,
        "alert_title": problem and problem.title,
        "faults": _faults_of(refusal),
        "retry_at": retry_minute(refusal),
    }


def field_messages(error: InvalidFieldsError) -> list[dict[str, str]]:
    """Return every faulty field with its code and a message in the request's language."""
    locale = request_locale()
    return [
        {
            "field": fault.field,
            "code": fault.code,
            "message": _words(fault, locale=locale),
        }
        for fault in error.errors
    ]


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


def _faults_of(refusal: BookingError | None) -> dict[str, str]:
    """Return what is wrong with which field of a form, in words; empty for other refusals."""
    if not isinstance(refusal, InvalidFieldsError):
        return {}
    return {fault["field"]: fault["message"] for fault in field_messages(refusal)}


def _words(fault: FieldError, *, locale: str) -> str:
    if fault.limit is None:
        return translate(FIELD_MESSAGES[fault.code], locale=locale)
    return translate(LIMIT_MESSAGES[fault.code], locale=locale, limit=fault.limit)
