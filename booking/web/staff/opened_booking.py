"""Opens one booking for staff: whose it is, what may be done, and what has changed since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import redirect, request

from booking import clock
from booking.bookings.lifecycle import BookingState
from booking.bookings.refusals import ChangedMeanwhileError
from booking.bookings.seen import find_made_booking, open_seen
from booking.bookings.summary import summarise
from booking.bookings.whose import is_of
from booking.db import db, run_in_transaction
from booking.errors import NotFoundError
from booking.history import list_history_of, version_of
from booking.web.page import page_url
from booking.web.problem_table import PROBLEMS
from booking.web.refusals import ForbiddenError
from booking.web.staff.booking_words import BOOKING_WORDS
from booking.web.staff.console_page import render_console_page
from booking.web.staff.scope import sees_everybody
from booking.web.staff.shown_version import shown_version
from booking.web.staff.signed_in import get_signed_in
from booking.web.staff.told_history import tell_history_here

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from flask import Blueprint, Response
    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response as AnyResponse

    from booking.bookings.models import Booking
    from booking.bookings.summary import BookingSummary
    from booking.history import HistoryEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """One booking as a page of the console shows it."""

    summary: BookingSummary
    history: Sequence[HistoryEntry]
    """The latest first."""
    version: int
    may_act: bool
    """False: somebody else's by now; only to be looked at."""
    now: datetime

    @property
    def booking(self) -> Booking:
        """The booking itself."""
        return self.summary.booking

    @property
    def is_to_come(self) -> bool:
        """Tell whether it can still be moved, handed over and cancelled."""
        is_cancelled = self.booking.state is BookingState.CANCELLED
        return not is_cancelled and self.now < self.summary.meeting.starts_at


def open_booking(public_id: str) -> Opened:
    """Return the booking, if it is or was the staff member's to see.

    Raises:
        NotFoundError: there is none, or it is not.
    """
    session = db.session()
    booking = find_made_booking(public_id, session=session)
    if not may_open(booking, session=session):
        raise NotFoundError
    return Opened(
        summary=summarise(booking, session=session),
        history=list_history_of(booking, session=session),
        version=version_of(booking, session=session),
        may_act=_may_act(booking),
        now=clock.now(),
    )


def may_open(booking: Booking, *, session: Session) -> bool:
    """Tell whether whoever is signed in may see ``booking``: managers each, hosts their own."""
    signed_in = get_signed_in()
    return sees_everybody(signed_in) or is_of(booking, signed_in.staff_id, session=session)


def open_to_act(public_id: str, *, to_come: bool = True) -> Opened:
    """Return the booking for a page on which something is done with it.

    Raises:
        NotFoundError: there is none, it is not the staff member's, or it is too late for that.
        ForbiddenError: it is somebody else's by now.
    """
    opened = open_booking(public_id)
    if not opened.may_act:
        raise ForbiddenError
    if to_come and not opened.is_to_come:
        raise NotFoundError
    return opened


def act(public_id: str, work: Callable[[Booking, Session], None], *, done: str) -> AnyResponse:
    """Do ``work`` with the booking as it was shown; lead back to its page, which says so.

    Raises:
        NotFoundError, ForbiddenError: as ``open_to_act``.
        ChangedMeanwhileError: it has changed since it was shown.
    """
    open_to_act(public_id, to_come=False)
    db.session.rollback()

    def open_and_work(session: Session) -> None:
        work(
            open_seen(
                public_id, version=shown_version(), authorise=require_may_act, session=session
            ),
            session,
        )

    run_in_transaction(open_and_work)
    return lead_back(public_id, done=done)


def require_may_act(booking: Booking) -> None:
    """Insist that whoever is signed in may change ``booking``, which is locked.

    Raises:
        ForbiddenError: it is somebody else's by now.
    """
    if not _may_act(booking):
        raise ForbiddenError


def lead_back(public_id: str, *, done: str) -> AnyResponse:
    """Lead to the page of the booking, which tells that something is ``done``."""
    address = page_url("staff_bookings.show_booking", public_id=public_id, done=done)
    return redirect(address, code=303)


def render_booking_page(template: str, opened: Opened, **context: Any) -> Response:
    """Return the page made of ``template`` about one booking."""
    return render_console_page(
        template,
        opened=opened,
        booking=opened.booking,
        summary=opened.summary,
        now=opened.now,
        **BOOKING_WORDS | context,
    )


def explain_changed(blueprint: Blueprint) -> None:
    """Let every form of ``blueprint`` that comes too late be answered with what has changed."""
    blueprint.register_error_handler(ChangedMeanwhileError, _show_changed)


def _show_changed(error: ChangedMeanwhileError) -> Response:
    db.session.rollback()
    opened = open_booking((request.view_args or {})["public_id"])
    newer = {entry.id for entry in error.entries}
    entries = [entry for entry in opened.history if entry.id in newer]
    problem = PROBLEMS[error.code]
    return render_booking_page(
        "staff/booking_changed.html",
        opened,
        status=problem.status,
        title=problem.title,
        entries=tell_history_here(entries),
    )


def _may_act(booking: Booking) -> bool:
    signed_in = get_signed_in()
    host_ids = {host.host_id for host in booking.meeting.hosts}
    return sees_everybody(signed_in) or signed_in.staff_id in host_ids
