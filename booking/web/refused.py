"""What is told of a refusal: which fields are at fault, and when the next request is welcome."""

from __future__ import annotations

import math
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from booking.errors import FieldError, InvalidFieldsError, RateLimitedError
from booking.event_types.questions import QuestionKind
from booking.templating import locales, translate
from booking.web.field_messages import FIELD_MESSAGES, LIMIT_MESSAGES, NOT_CHOSEN
from booking.web.language import request_locale
from booking.web.problem_table import PROBLEMS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from flask import Response

    from booking.errors import BookingError
    from booking.event_types.questions import Question

FAULT = re.compile(r"(?P<field>[\w.-]+):(?P<code>[a-z_]+)(:(?P<limit>\d{1,9}))?")

ONE_MINUTE = timedelta(minutes=1)


def tell(refusal: BookingError | None, *, questions: Iterable[Question] = ()) -> dict[str, Any]:
    """Return what a page is rendered with to tell of ``refusal``, if there is one.

    ``questions``: what the page asks besides the usual fields.
    """
    problem = refusal and PROBLEMS[refusal.code]
    return {
        "refusal": refusal,
        "alert_title": problem and problem.title,
        "faults": _faults_of(refusal, questions=questions),
        "told": _write_faults(refusal),
        "retry_at": retry_minute(refusal),
    }


def faults_told(form: Mapping[str, str]) -> InvalidFieldsError | None:
    """Return what the page tells that is to be shown in another language; None for other forms.

    Nothing is looked into anew: until it is sent, the form is as faulty as it was.
    """
    if form.get("show") not in locales():
        return None
    read = [FAULT.fullmatch(text) for text in form.get("told", "").split()]
    errors = [
        FieldError(found["field"], found["code"], int(found["limit"]) if found["limit"] else None)
        for found in read
        if found and found["code"] in (LIMIT_MESSAGES if found["limit"] else FIELD_MESSAGES)
    ]
    return InvalidFieldsError(errors) if errors else None


def field_messages(
    error: InvalidFieldsError, *, questions: Iterable[Question] = ()
) -> list[dict[str, str]]:
    """Return every faulty field with its code and a message in the request's language."""
    locale = request_locale()
    chosen = {one.field for one in questions if one.kind is QuestionKind.CHOICE} | {"segment"}
    return [
        {
            "field": fault.field,
            "code": fault.code,
            "message": _words(fault, is_chosen=fault.field in chosen, locale=locale),
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


def _write_faults(refusal: BookingError | None) -> str:
    """Return faulty fields as `faults_told` reads them."""
    if not isinstance(refusal, InvalidFieldsError):
        return ""
    return " ".join(
        ":".join(str(part) for part in (one.field, one.code, one.limit) if part is not None)
        for one in refusal.errors
    )


def _faults_of(refusal: BookingError | None, *, questions: Iterable[Question]) -> dict[str, str]:
    """Return what is wrong with which field of a form, in words; empty for other refusals."""
    if not isinstance(refusal, InvalidFieldsError):
        return {}
    messages = field_messages(refusal, questions=questions)
    return {fault["field"]: fault["message"] for fault in messages}


def _words(fault: FieldError, *, is_chosen: bool, locale: str) -> str:
    if is_chosen and fault.code == "required":
        return translate(NOT_CHOSEN, locale=locale)
    if fault.limit is None:
        return translate(FIELD_MESSAGES[fault.code], locale=locale)
    return translate(LIMIT_MESSAGES[fault.code], locale=locale, limit=fault.limit)
