"""What the pages behind a booking's link share: how it is opened, and how its pages are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request

from booking import clock
from booking.bookings.ask_to_move import list_unanswered
from booking.bookings.lifecycle import BookingState
from booking.bookings.refusals import (
    AddressSettledError,
    AlreadyCancelledError,
    TooLateError,
    TooManyChangesError,
)
from booking.bookings.summary import BookingSummary, summarise
from booking.db import db
from booking.errors import NotFoundError
from booking.web.current import open_booking
from booking.web.page import render_page
from booking.web.problem_table import PROBLEMS
from booking.web.problems import answer_refusal
from booking.web.refusals import UnknownLinkError

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Blueprint, Response
    from sqlalchemy.orm import Session

    from booking.errors import BookingError

WORD_JOINER = "\u2060"

CLOSED = (AddressSettledError, AlreadyCancelledError, TooLateError, TooManyChangesError)
"""Why a booking can no longer be changed by its lead."""


def open_summary(token: str, *, session: Session) -> BookingSummary:
    """Return what there is to tell of the booking that ``token`` opens.

    Raises:
        NotFoundError: it opens nothing.
        RateLimitedError: too many tokens that open nothing came from this client.
    """
    booking = open_booking(token, session=session)
    return summarise(booking, session=session)


def require_change_open(summary: BookingSummary, *, now: datetime) -> None:
    """Let the lead on to a page that changes the booking.

    Raises:
        AlreadyCancelledError, TooLateError: there is nothing to change any more.
    """
    if summary.booking.state is BookingState.CANCELLED:
        raise AlreadyCancelledError
    if not summary.is_change_open(now):
        raise TooLateError


def is_asked_to_move(summary: BookingSummary, *, now: datetime, session: Session) -> bool:
    """Tell whether the lead was asked to choose another time, and has not done so yet."""
    return bool(list_unanswered([summary.booking.id], now=now, session=session))


def explain_closed(blueprint: Blueprint) -> None:
    """Let the pages of ``blueprint`` say why a booking cannot be changed, and what to do."""
    for error in CLOSED:
        blueprint.register_error_handler(error, _show_closed)


def explain_unknown_link(blueprint: Blueprint) -> None:
    """Let the pages of ``blueprint`` tell whoever followed a mail what to do with a dead link."""
    blueprint.register_error_handler(NotFoundError, _show_unknown_link)


def render_manage_page(template: str, *, summary: BookingSummary, **context: Any) -> Response:
    """Return a page about ``summary`` that no search engine may list."""
    response = render_page(
        template,
        summary=summary,
        booking=summary.booking,
        token=(request.view_args or {})["token"],
        **{"zone_name": summary.booking.time_zone or summary.organisation.time_zone} | context,
    )
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def mask_address(email: str) -> str:
    """Return ``email`` so that its owner knows it and nobody else learns it: ``a…@firma.de``."""
    local_part, _, domain = email.rpartition("@")
    # Browsers would break the line after an ellipsis.
    return f"{local_part[:1]}…{WORD_JOINER}@{domain}"


def _show_unknown_link(_error: NotFoundError) -> Response:
    return answer_refusal(UnknownLinkError())


def _show_closed(error: BookingError) -> Response:
    token = (request.view_args or {})["token"]
    summary = open_summary(token, session=db.session())
    return render_manage_page(
        "pages/closed.html",
        status=PROBLEMS[error.code].status,
        summary=summary,
        code=error.code,
        is_over=summary.is_over(clock.now()),
    )
