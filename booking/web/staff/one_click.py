"""What is said with one click in a list of demos: whether the lead came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import redirect, request

from booking.bookings.ask_to_move import list_unanswered
from booking.history import versions_of
from booking.web.page import page_url
from booking.web.staff.history_facts import OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response as AnyResponse

    from booking.bookings.agenda import AgendaEntry

LISTS = {"start": "staff_start.show_start", "unmarked": "staff_calendar.show_unmarked"}
"""The pages with such lists, as their forms name them."""


def marking(entries: Sequence[AgendaEntry], *, now: datetime, session: Session) -> dict[str, Any]:
    """Return what a page needs whose lists let outcomes be noted."""
    return {
        "versions": _versions_to_mark(entries, now=now, session=session),
        "unanswered": list_unanswered(
            [entry.booking.id for entry in entries], now=now, session=session
        ),
        "outcome_words": OUTCOMES,
        "done": request.args.get("done"),
    }


def _versions_to_mark(
    entries: Sequence[AgendaEntry], *, now: datetime, session: Session
) -> dict[int, int]:
    """Return the versions, by id of the booking, of the demos whose outcome nobody has noted."""
    begun = [
        entry.booking
        for entry in entries
        if entry.meeting.starts_at <= now
        and entry.booking.outcome is None
        and not entry.is_cancelled
    ]
    return {booking.id: 0 for booking in begun} | versions_of(begun, session=session)


def lead_back_to_list() -> AnyResponse | None:
    """Lead to the list that the form stood in; None where it stood on the page of the booking."""
    endpoint = LISTS.get(request.form.get("list", ""))
    if endpoint is None:
        return None
    host = request.form.get("host") or None
    return redirect(page_url(endpoint, host=host, done="outcome"), code=303)
