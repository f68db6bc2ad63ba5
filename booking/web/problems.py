"""Tells what went wrong: RFC 9457 JSON to programs, a page in the visitor's language to people.

Refusals are told with their facts. Failures are told with nothing but the id under which the log
has them: no trace, no text of an exception, which may hold what somebody typed.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import structlog
from flask import Response, g, request
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException

from booking import clock
from booking.bookings.refusals import SlotUnavailableError
from booking.db import db
from booking.engines import is_unusable
from booking.errors import BookingError, InvalidFieldsError, UnavailableError
from booking.templating import translate
from booking.time_zone import time_zone
from booking.web.current import current_installation
from booking.web.language import request_locale, request_time_zone
from booking.web.problem_page import render_problem
from booking.web.problem_table import PROBLEMS, STATUS_CODES, TOLD_AS
from booking.web.refusals import MalformedBodyError
from booking.web.refused import add_retry_after, field_messages, retry_minute
from booking.web.security import is_api_path, is_change

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from flask import Flask

    from booking.availability.explain import Reason

DATABASE_AWAY = (OperationalError, InterfaceError, PoolTimeoutError)
REDIRECTS = range(300, 400)

log = structlog.get_logger(__name__)


def init_problems(app: Flask) -> None:
    """Let every refusal and every failure of ``app`` be answered here."""
    app.register_error_handler(BookingError, answer_refusal)
    app.register_error_handler(HTTPException, _answer_http_exception)
    app.register_error_handler(Exception, _answer_failure)


def answer_refusal(error: BookingError) -> Response:
    """Return the answer to a request that was refused."""
    db.session.rollback()
    response = _answer(error.code, facts=_facts(error), retry_at=retry_minute(error))
    return add_retry_after(response, error, now=clock.now())


def _answer_http_exception(error: HTTPException) -> Response | HTTPException:
    status = error.code or 500
    if error.response is not None or status in REDIRECTS:
        return error
    if status >= 500:  # noqa: PLR2004 - a server error
        return _answer_failure(error)
    response = _answer(STATUS_CODES.get(status, "bad_request"))
    for name, value in error.get_headers():
        if name != "Content-Type":
            response.headers[name] = value
    return response


def _answer_failure(error: Exception) -> Response:
    db.session.rollback()
    is_away = isinstance(error, DATABASE_AWAY) or (
        isinstance(error, DBAPIError) and is_unusable(error)
    )
    log.error("database_away" if is_away else "request_failed", exc_info=error)
    if is_away:
        return answer_refusal(UnavailableError())
    return _answer("failure", facts={"request_id": _request_id()})


def _answer(
    code: str, *, facts: dict[str, Any] | None = None, retry_at: datetime | None = None
) -> Response:
    problem = PROBLEMS[code]
    title = translate(problem.title, locale=request_locale())
    if _wants_json():
        content = {"title": title, "status": problem.status, "code": code, **(facts or {})}
        content["type"] = current_installation().link(f"/api/v1/openapi.json#{code}")
        response = Response(
            json.dumps(content), status=problem.status, mimetype="application/problem+json"
        )
    else:
        response = render_problem(
            code,
            title=title,
            request_id=_request_id() if code == "failure" else None,
            retry_at=retry_at,
        )
    if not is_change():
        response.headers["Cache-Control"] = "no-store"
    if problem.retry_after_seconds is not None:
        response.headers["Retry-After"] = str(problem.retry_after_seconds)
    return response


def _facts(error: BookingError) -> dict[str, Any]:
    """Return what a program is told of ``error`` beside its code."""
    if isinstance(error, InvalidFieldsError):
        return {"errors": field_messages(error)}
    if isinstance(error, MalformedBodyError):
        return {"reason": error.reason}
    if isinstance(error, SlotUnavailableError):
        zone = time_zone(request_time_zone())
        alternatives = [
            {
                "start": slot.start.astimezone(zone).isoformat(),
                "end": slot.end.astimezone(zone).isoformat(),
            }
            for slot in error.alternatives
        ]
        return {"alternatives": alternatives, "reasons": _public_reasons(error.reasons)}
    return {}


def _public_reasons(reasons: Sequence[Reason]) -> list[dict[str, Any]]:
    """Return the reasons with hosts numbered within this answer: a stranger learns no calendar."""
    numbers: dict[int, int] = {}
    for reason in reasons:
        numbers.setdefault(reason.host_id, len(numbers) + 1)
    told = [
        (numbers[reason.host_id], str(TOLD_AS.get(reason.code, reason.code))) for reason in reasons
    ]
    return [{"code": code, "host": host} for host, code in dict.fromkeys(told)]


def _wants_json() -> bool:
    if is_api_path() or request.path.startswith("/health/"):
        return True
    kinds = ["text/html", "application/problem+json", "application/json"]
    return request.accept_mimetypes.best_match(kinds, default="text/html") != "text/html"


def _request_id() -> str | None:
    """Return the id that every log line of this request carries."""
    request_id: str | None = g.get("request_id")
    return request_id
