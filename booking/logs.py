"""What is logged, and how: one JSON object a line on standard error.

Lines name routes, states and row ids; they never hold a path with a token in it, an address or a
name. Our own events keep to that. Of other people's, only the template of the text is kept, of
errors only the kind and the place, and what still looks like a secret is cut out at the end.
"""

from __future__ import annotations

import logging
import re
import secrets
import sys
import traceback
from contextlib import suppress
from datetime import date
from time import perf_counter
from typing import TYPE_CHECKING, Any

import structlog
from flask import g, request, request_finished, request_started
from structlog.contextvars import bind_contextvars, clear_contextvars, merge_contextvars
from structlog.stdlib import ProcessorFormatter

from booking import clock

if TYPE_CHECKING:
    from flask import Flask, Response
    from structlog.typing import EventDict, WrappedLogger

ADDRESS = re.compile(r"[^\s<>\"']+@[^\s<>\"']+")
TOKEN = re.compile(r"(?=[\w-]*[A-Z0-9])[\w-]{32,}", re.ASCII)
"""Longer than any word of ours; the digit or capital spares the names of functions."""
PERSONAL_KEYS = frozenset(
    {"address", "company", "email", "name", "notes", "path", "phone", "token"}
)

log = structlog.get_logger(__name__)


def configure_logging(app: Flask) -> None:
    """Send the log lines of this process to standard error, one of them for each request."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.add_log_level,
            merge_contextvars,
            ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    root = logging.getLogger()
    others = [handler for handler in root.handlers if not isinstance(handler, StandardError)]
    root.handlers = [*others, StandardError()]
    logging.getLogger("booking").setLevel(logging.INFO)
    request_started.connect(_begin_request, app)
    request_finished.connect(_log_request, app)


class StandardError(logging.Handler):
    """Writes lines to what standard error is at that moment."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(
            ProcessorFormatter(
                foreign_pre_chain=[
                    structlog.stdlib.add_logger_name,
                    structlog.stdlib.add_log_level,
                    merge_contextvars,
                ],
                processors=[
                    ProcessorFormatter.remove_processors_meta,
                    _add_time,
                    _keep_kind_and_place_of_error,
                    _cut_out_secrets,
                    structlog.processors.JSONRenderer(ensure_ascii=False, default=_kind),
                ],
                use_get_message=False,
            )
        )

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line; a standard error that is closed loses it."""
        line = self.format(record)
        with suppress(OSError, ValueError):
            sys.stderr.write(f"{line}\n")


def _begin_request(_app: Flask, **_: Any) -> None:
    g.request_id = secrets.token_hex(8)
    g.request_began = perf_counter()
    clear_contextvars()
    bind_contextvars(request_id=g.request_id)


def _log_request(_app: Flask, response: Response, **_: Any) -> None:
    log.info(
        "request",
        method=request.method,
        route=None if request.url_rule is None else request.url_rule.rule,
        status=response.status_code,
        milliseconds=round((perf_counter() - g.request_began) * 1000, 1),
    )


def _add_time(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    at = clock.now().isoformat(timespec="milliseconds")
    return {"at": at, "level": event["level"], "event": event["event"], **event}


def _keep_kind_and_place_of_error(
    _logger: WrappedLogger, _method: str, event: EventDict
) -> EventDict:
    """Replace an exception by its kind and its frames: texts of errors repeat what people typed."""
    raised = event.pop("exc_info", None)
    if raised is True:
        raised = sys.exc_info()
    error = raised[1] if isinstance(raised, tuple) else raised
    if isinstance(error, BaseException):
        event["error"] = type(error).__qualname__
        event["where"] = [
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)
        ]
    return event


def _cut_out_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    return {
        key: "[personal]" if key in PERSONAL_KEYS else _harmless(value)
        for key, value in event.items()
    }


def _harmless(value: object) -> object:
    if isinstance(value, str):
        return TOKEN.sub("[token]", ADDRESS.sub("[address]", value))
    if isinstance(value, (list, tuple)):
        return [_harmless(item) for item in value]
    if isinstance(value, dict):
        return {key: _harmless(item) for key, item in value.items()}
    return value


def _kind(value: object) -> str:
    """Stand in for what JSON does not know: an instant as text, of anything else only the type."""
    return value.isoformat() if isinstance(value, date) else type(value).__name__
