"""The page that tells a person of a refusal or a failure: what is so, and what can be done now.

It promises nothing that it cannot know: what was typed is in the hands of the browser.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from flask import current_app, request

from booking.web.language import visitor_time_zone
from booking.web.page import render_page
from booking.web.problem_table import PROBLEMS
from booking.web.security import is_change

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Flask, Response

SETUP_COMMAND = "flask --app wsgi load-setup company.toml"
PASSING = frozenset({"rate_limited", "unavailable", "failure"})
"""What may be over when the same is asked again."""

WITHOUT_START = frozenset({"not_set_up", "nothing_offered"})
"""What holds for the page of free times as well."""


EXTENSION = "problem_pages"


class ProblemPage(Protocol):
    """Makes the page of a problem out of what is known of it."""

    def __call__(self, *, status: int, **context: Any) -> Response:
        """Return the page."""


def show_problems_below(prefix: str, *, by: ProblemPage, app: Flask) -> None:
    """Let ``by`` show the problems of every address that begins with ``prefix``."""
    app.extensions.setdefault(EXTENSION, {})[prefix] = by


def render_problem(
    code: str, *, title: str, request_id: str | None = None, retry_at: datetime | None = None
) -> Response:
    """Return the page for ``code``; from ``retry_at`` (UTC) on, the next request is welcome."""
    show = _page_of(request.path)
    return show(
        status=PROBLEMS[code].status,
        code=code,
        title=title,
        request_id=request_id,
        retry_at=retry_at,
        zone_name=visitor_time_zone() if retry_at else None,
        # Relative to itself: a path that begins with two slashes would lead elsewhere.
        same_address=f"?{request.query_string.decode('ascii', 'replace')}",
        is_change=is_change(),
        passes=code in PASSING,
        has_start=code not in WITHOUT_START,
        setup_command=SETUP_COMMAND,
    )


def _page_of(path: str) -> ProblemPage:
    pages: dict[str, ProblemPage] = current_app.extensions.get(EXTENSION, {})
    found = (page for prefix, page in pages.items() if path.startswith(prefix))
    return next(found, partial(render_page, "pages/problem.html"))
