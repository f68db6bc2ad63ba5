"""The page on which the lead moves a booking: the old time stays until the new one is had."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect, request

from booking import clock
from booking.availability.engine import nearest
from booking.bookings.refusals import SlotNotOfferedError, SlotUnavailableError
from booking.bookings.reschedule import reschedule_booking
from booking.bookings.slots import list_all_slots
from booking.db import db, run_in_transaction
from booking.time_zone import time_zone
from booking.web.current import open_booking
from booking.web.language import request_locale
from booking.web.page import page_url
from booking.web.public.calendar_names import WORDS
from booking.web.public.calendar_view import arrange_slots
from booking.web.public.choice import Choice
from booking.web.public.links import addresses_of, hidden_fields
from booking.web.public.opened import (
    explain_closed,
    explain_unknown_link,
    is_asked_to_move,
    open_summary,
    render_manage_page,
    require_change_open,
)
from booking.web.public.zone_choices import zone_choices
from booking.web.rate_limits import CHANGES, SLOT_QUERIES, count
from booking.web.rfc3339 import read_start

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response as AnyResponse

    from booking.availability.engine import Slot
    from booking.bookings.summary import BookingSummary

VISIBLE = frozenset({"tz", "start"})

blueprint = Blueprint("move_page", __name__)
explain_closed(blueprint)
explain_unknown_link(blueprint)


@blueprint.get("/b/<token>/move")
def show_move(token: str) -> Response:
    """Show what else is free and, once one is chosen, old and new side by side."""
    return _show(token, choice=Choice.read(request.args))


@blueprint.post("/b/<token>/move")
def move(token: str) -> AnyResponse:
    """Move the booking; to the time it has already: nothing happens."""
    start = read_start(request.form.get("start", ""))
    if start is None:
        return _show(token, choice=Choice.read(request.args))
    count(CHANGES)

    def work(session: Session) -> None:
        booking = open_booking(token, session=session, for_change=True)
        reschedule_booking(booking, start=start, now=clock.now(), session=session)

    try:
        run_in_transaction(work)
    except SlotUnavailableError as refusal:
        choice = Choice.read(request.args).but(start=start, day=None, month=None)
        return _show(token, choice=choice, refusal=refusal)
    done = page_url("manage_page.show_booking", token=token)
    return redirect(done, code=303)


def _show(token: str, *, choice: Choice, refusal: SlotUnavailableError | None = None) -> Response:
    count(SLOT_QUERIES)
    session, now = db.session(), clock.now()
    summary = open_summary(token, session=session)
    require_change_open(summary, now=now)
    zone_name = choice.time_zone or summary.booking.time_zone or summary.organisation.time_zone
    zone = time_zone(zone_name)
    slots = _other_slots(summary, now=now, session=session)
    chosen = next((slot for slot in slots if slot.start == choice.start), None)
    if choice.start not in {None, summary.meeting.starts_at} and chosen is None and not refusal:
        refusal = SlotNotOfferedError()
    return render_manage_page(
        "pages/move.html",
        summary=summary,
        is_asked_to_move=is_asked_to_move(summary, now=now, session=session),
        choice=choice,
        chosen=chosen,
        view=arrange_slots(
            slots,
            zone=zone,
            now=now,
            month=choice.month,
            day=choice.day or _day_to_show(summary, choice=choice, slots=slots, zone=zone),
        ),
        zone_name=zone_name,
        now=now,
        zones=zone_choices(request_locale()),
        refusal=refusal,
        action=page_url("move_page.move", token=token, tz=choice.time_zone),
        alternatives=nearest(slots, start=choice.start) if refusal and choice.start else (),
        hidden=hidden_fields(choice, visible=VISIBLE),
        address=addresses_of("move_page.show_move", token=token, choice=choice),
        may_detect_zone=False,
        focus=None,
        **WORDS,
    )


def _day_to_show(
    summary: BookingSummary, *, choice: Choice, slots: Sequence[Slot], zone: ZoneInfo
) -> date | None:
    """Return the day of the chosen time, else the booked one or the next free one after it."""
    if choice.start is not None:
        return choice.start.astimezone(zone).date()
    if choice.month is not None:
        return None
    booked = summary.meeting.starts_at.astimezone(zone).date()
    days = (slot.start.astimezone(zone).date() for slot in slots)
    return next((day for day in days if day >= booked), None)


def _other_slots(summary: BookingSummary, *, now: datetime, session: Session) -> list[Slot]:
    """Return what is free besides the time the booking has already."""
    slots = list_all_slots(
        summary.event_type,
        segment=summary.booking.segment,
        now=now,
        session=session,
        moving=summary.meeting,
    )
    return [slot for slot in slots if slot.start != summary.meeting.starts_at]
