"""Notes how far visitors come on the booking page: how often, never who."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

import structlog
from flask import current_app, request
from sqlalchemy.exc import SQLAlchemyError

from booking import clock
from booking.db import run_in_transaction
from booking.errors import BookingError
from booking.numbers.models import Step
from booking.numbers.steps import StepCounter, TakenStep, write_steps
from booking.web.public.choice import Choice
from booking.web.public.forms import TRAP

if TYPE_CHECKING:
    from collections.abc import Collection

    from flask import Blueprint, Flask, Response

EXTENSION = "step_counter"
OWN_PAGE = "same-origin"
REFUSED = 400
TAKEN_AS_FORM = frozenset({200, 303, 409, 422})
"""The answers to a form that could be read; what is too large or broken is looked at no more."""

log = structlog.get_logger(__name__)


def note_steps(blueprint: Blueprint, *, looking: Collection[str]) -> None:
    """Count what is done on the page of ``blueprint``; its buttons ``looking`` only look around."""
    blueprint.record_once(lambda state: state.app.extensions.setdefault(EXTENSION, StepCounter()))
    blueprint.after_request(partial(_note, looking=frozenset(looking)))


def _note(response: Response, *, looking: frozenset[str]) -> Response:
    step = _step(response, looking=looking)
    if step is not None:
        choice = Choice.read(request.values)
        counter: StepCounter = current_app.extensions[EXTENSION]
        counter.add(
            TakenStep(
                slug=(request.view_args or {}).get("slug"),
                step=step,
                segment=choice.segment or "",
                source=choice.source.get("utm_source", ""),
            )
        )
        app = cast("Flask", current_app._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001 - Flask documents it for this
        response.call_on_close(partial(_write, counter, app=app))
    return response


def _step(response: Response, *, looking: frozenset[str]) -> Step | None:
    """Return the step that the request has taken, if any."""
    if request.method == "GET":
        came = response.status_code < REFUSED and _comes_from_elsewhere()
        return Step.OPENED if came else None
    if request.method != "POST" or response.status_code not in TAKEN_AS_FORM:
        return None
    if request.form.get(TRAP):
        return None
    # First, as on the page itself: the day that was picked before goes along with the time.
    if "choose" in request.form:
        return Step.CHOSEN if response.status_code < REFUSED else None
    return None if looking & request.form.keys() else Step.SENT


def _comes_from_elsewhere() -> bool:
    """Tell whether somebody came to the page, who had not just been on it, and no browser ahead."""
    purpose = request.headers.get("Sec-Purpose") or request.headers.get("Purpose") or ""
    if purpose.startswith("prefetch"):
        return False
    return request.headers.get("Sec-Fetch-Site") != OWN_PAGE


def _write(counter: StepCounter, *, app: Flask) -> None:
    """Write what is due; whatever goes wrong, nobody's page suffers from it."""
    now = clock.now()
    taken = counter.take_due(now=now)
    if not taken:
        return
    try:
        with app.app_context():
            run_in_transaction(lambda session: write_steps(taken, now=now, session=session))
    except (SQLAlchemyError, BookingError):
        counter.give_back(taken)
        log.warning("steps could not be counted")
