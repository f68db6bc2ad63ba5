"""One wish: what was asked for, which times are free near it, and what staff can do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, request

from booking import clock
from booking.bookings.answers import tell_answers
from booking.bookings.slots import list_all_slots
from booking.db import db, run_in_transaction
from booking.errors import BookingError, InvalidFieldsError
from booking.event_types.find import questions_of
from booking.history import list_history_of, version_of
from booking.inbox.story import may_see_lead
from booking.organisation.find import get_organisation
from booking.time_zone import time_zone
from booking.web.audience import Audience, is_for
from booking.web.current import current_installation
from booking.web.language import request_locale
from booking.web.page import page_url
from booking.web.rfc3339 import DateTimeError, parse_query_instant
from booking.web.staff.console_page import render_console_page
from booking.web.staff.lead_names import STATE_NAMES, WISH_STATE_NAMES
from booking.web.staff.opened_booking import may_open
from booking.web.staff.scope import own_id_of_host
from booking.web.staff.shown_version import shown_version
from booking.web.staff.signed_in import get_signed_in
from booking.web.staff.told_history import tell_history_here
from booking.web.staff.wishes_page import blueprint
from booking.wishes.booked_since import find_booking_since
from booking.wishes.fitting import choose_starts, fits
from booking.wishes.list_wishes import get_wish_to_work
from booking.wishes.offer import MOST_OFFERED, UnmailableError, is_mailable, offer_times
from booking.wishes.part_names import PART_NAMES
from booking.wishes.wished_times import WishedTime
from booking.wishes.work import (
    WishChangedError,
    WishClosedError,
    answer_wish,
    close_wish,
    get_wish_to_change,
    reopen_wish,
    take_wish,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from flask import Response
    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response as AnyResponse

    from booking.wishes.list_wishes import WishToWork
    from booking.wishes.models import Wish

MOST_SHOWN = 18
"""How many free times are shown to choose an offer from."""

REFUSALS = (InvalidFieldsError, WishChangedError, WishClosedError, UnmailableError)


@blueprint.get("/staff/wishes/<int:wish_id>")
@is_for(Audience.HOST)
def show_wish(wish_id: int) -> Response:
    """Show the wish, and what is free near it."""
    return _show(wish_id)


@blueprint.post("/staff/wishes/<int:wish_id>/take")
@is_for(Audience.HOST)
def take(wish_id: int) -> AnyResponse:
    """Make it one's own."""
    signed_in, now = get_signed_in(), clock.now()
    return _work(
        wish_id,
        lambda wish, session: take_wish(
            wish,
            staff_id=signed_in.staff_id,
            actor=signed_in.actor,
            now=now,
            session=session,
        ),
    )


@blueprint.post("/staff/wishes/<int:wish_id>/offer")
@is_for(Audience.HOST)
def offer(wish_id: int) -> AnyResponse:
    """Mail the lead the times that are ticked."""
    signed_in, now = get_signed_in(), clock.now()
    return _work(
        wish_id,
        lambda wish, session: offer_times(
            wish,
            starts=_ticked(),
            staff_id=signed_in.staff_id,
            actor=signed_in.actor,
            now=now,
            session=session,
            installation=current_installation(),
        ),
    )


@blueprint.post("/staff/wishes/<int:wish_id>/answered")
@is_for(Audience.HOST)
def answer(wish_id: int) -> AnyResponse:
    """Say that the lead was answered elsewhere."""
    return _mark(wish_id, answer_wish)


@blueprint.post("/staff/wishes/<int:wish_id>/close")
@is_for(Audience.HOST)
def close(wish_id: int) -> AnyResponse:
    """Say that there is nothing more to do."""
    return _mark(wish_id, close_wish)


@blueprint.post("/staff/wishes/<int:wish_id>/reopen")
@is_for(Audience.HOST)
def reopen(wish_id: int) -> AnyResponse:
    """Say that it waits for an answer after all."""
    return _mark(wish_id, reopen_wish)


def _mark(wish_id: int, mark: Callable[..., None]) -> AnyResponse:
    actor, now = get_signed_in().actor, clock.now()
    return _work(wish_id, lambda wish, session: mark(wish, actor=actor, now=now, session=session))


def _work(wish_id: int, work: Callable[[Wish, Session], None]) -> AnyResponse:
    """Do ``work`` with the wish as it was seen; else show how it stands now."""
    host_id = own_id_of_host(get_signed_in())

    def change(session: Session) -> None:
        get_wish_to_work(wish_id, host_id=host_id, session=session)
        work(get_wish_to_change(wish_id, version=shown_version(), session=session), session)

    try:
        run_in_transaction(change)
    except REFUSALS as refusal:
        return _show(wish_id, refusal=refusal)
    done = request.path.rpartition("/")[2]
    return redirect(page_url("staff_wishes.show_wish", wish_id=wish_id, done=done), code=303)


def _ticked() -> list[datetime]:
    """Return the starts that were ticked; what makes no sense is left out."""
    starts = []
    for text in request.form.getlist("starts"):
        try:
            starts.append(parse_query_instant(text))
        except DateTimeError:
            continue
    return starts


def _show(wish_id: int, *, refusal: BookingError | None = None) -> Response:
    session, now = db.session(), clock.now()
    found = get_wish_to_work(wish_id, host_id=own_id_of_host(get_signed_in()), session=session)
    wish = found.wish
    zone = time_zone(wish.time_zone)
    wished_times = [WishedTime.read(stored) for stored in wish.wished_times]
    history = list_history_of(wish, session=session)
    booked = find_booking_since(wish, session=session)
    return render_console_page(
        "staff/wish.html",
        refusal=refusal,
        found=found,
        wish=wish,
        version=version_of(wish, session=session),
        # What colleagues have with the same lead is none of a host's.
        booked=booked if booked and may_open(booked, session=session) else None,
        starts=_free_starts(found, wished_times=wished_times, now=now, session=session),
        is_wished=lambda start: any(fits(start, wished=one, zone=zone) for one in wished_times),
        may_see_lead=may_see_lead(
            wish.lead_id, seen_by=own_id_of_host(get_signed_in()), session=session
        ),
        is_mailable=is_mailable(wish, now=now, session=session),
        ticked=_ticked(),
        most_offered=MOST_OFFERED,
        answers=tell_answers(
            wish.answers,
            questions=questions_of(found.event_type),
            locale=request_locale(),
            fallback=get_organisation(session=session).locale,
        ),
        history=tell_history_here(history),
        read_wished=WishedTime.read,
        part_names=PART_NAMES,
        state_names=STATE_NAMES,
        wish_state_names=WISH_STATE_NAMES,
        done=request.args.get("done"),
    )


def _free_starts(
    found: WishToWork, *, wished_times: Sequence[WishedTime], now: datetime, session: Session
) -> list[datetime]:
    slots = list_all_slots(found.event_type, segment=found.wish.segment, now=now, session=session)
    return choose_starts(
        [slot.start for slot in slots],
        wished_times=wished_times,
        zone=time_zone(found.wish.time_zone),
        most=MOST_SHOWN,
    )
