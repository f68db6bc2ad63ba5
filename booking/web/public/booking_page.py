"""The page on which a demo is booked: segment and day, time, details; all on one page.

Looking never changes anything. Choosing a time holds it, which is a POST; so is sending the
details, which books. Whatever is refused, the page comes back with all that was typed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect, request

from booking import clock
from booking.bookings.refusals import AddressSuppressedError, AlreadyBookedError
from booking.db import db, run_in_transaction
from booking.errors import (
    BookingError,
    FieldError,
    InvalidFieldsError,
    NotFoundError,
    RateLimitedError,
    UnavailableError,
)
from booking.event_types.find import get_event_type, list_event_types
from booking.organisation.find import get_organisation
from booking.web.current import (
    count_hold,
    current_installation,
    find_home_time_zone,
    find_questions,
    mail_link_to_owner,
)
from booking.web.language import asked_locale
from booking.web.page import page_url, render_page
from booking.web.public.cross_site import show_forms_again
from booking.web.public.draft import Draft
from booking.web.public.forms import TRAP
from booking.web.public.offered_details import fill_in_offer
from booking.web.public.show_booking_page import show_booking_page
from booking.web.public.step_notes import note_steps
from booking.web.public.submission import Submission, book_once, choose_time
from booking.web.rate_limits import BOOKINGS, SLOT_QUERIES, count
from booking.web.refusals import NothingOfferedError, NotSetUpError, StaleFormError
from booking.web.rfc3339 import read_start, write_start
from booking.web.typed_details import read_details

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response as AnyResponse

    from booking.bookings.hold import Hold
    from booking.web.public.choice import Choice


LOOKING = {"show", "day", "month"}
"""Names of the buttons that only look elsewhere."""

blueprint = Blueprint("booking_page", __name__)
note_steps(blueprint, looking=LOOKING)


@blueprint.get("/")
def show_start() -> Response:
    """Show the one event type there is to book, or all of them to choose from."""
    event_types = list_event_types(session=db.session())
    if not event_types:
        raise _why_nothing(session=db.session())
    if len(event_types) > 1:
        return render_page("pages/start.html", event_types=event_types)
    count(SLOT_QUERIES)
    return show_booking_page(event_types[0], draft=_followed_link(event_types[0].slug))


@blueprint.get("/<slug:slug>")
def show_event_type(slug: str) -> Response:
    """Show what is free, and where the visitor stands."""
    response = _show(slug, draft=_followed_link(slug))
    if "offer" in request.args:
        # What stands in it of the lead is for that person's browser alone.
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.post("/<slug:slug>")
def send_form(slug: str) -> AnyResponse:
    """Do what the button says that sent the form: look elsewhere, choose a time, or book."""
    form, draft = request.form, _sent_draft()
    if form.get(TRAP):
        return render_page("pages/received.html")
    if "choose" in form:
        return _choose(slug, draft=draft, start=read_start(form["choose"]))
    if not form.keys().isdisjoint(LOOKING):
        return _show(slug, draft=draft)
    start = read_start(form["book"]) if "book" in form else draft.choice.start
    return _book(slug, draft=draft, start=start)


def _why_nothing(*, session: Session) -> BookingError:
    try:
        get_organisation(session=session)
    except NotFoundError:
        return NotSetUpError()
    return NothingOfferedError()


def _show(slug: str, *, draft: Draft) -> Response:
    count(SLOT_QUERIES)
    return show_booking_page(get_event_type(slug, session=db.session()), draft=draft)


def _followed_link(slug: str) -> Draft:
    """Return the draft that the address tells; an offer's link fills in what its lead has told."""
    return fill_in_offer(
        Draft.from_link(request.args),
        slug=slug,
        now=clock.now(),
        session=db.session(),
        installation=current_installation(),
    )


def _sent_draft() -> Draft:
    return Draft.from_form(request.form, now=clock.now(), installation=current_installation())


show_forms_again(
    blueprint, show=lambda slug, refusal: _show(slug, draft=_sent_draft().refused(refusal))
)


def _choose(slug: str, *, draft: Draft, start: datetime | None) -> AnyResponse:
    """Hold the time and go on to the details, or to for whom it is, where that is still open."""
    chosen = draft.choosing(start=start, day=None, month=None)
    if start and draft.choice.segment is None:
        # Whoever begins with the time does nothing wrong.
        return _go_on(slug, draft=chosen.going_on_at("segment"), at={"show": "segment"})
    try:
        held = _hold(slug, choice=draft.choice, start=start)
    except (NotFoundError, UnavailableError):
        raise
    except BookingError as refusal:
        return _show(slug, draft=draft.refused(refusal))
    chosen = chosen.choosing(hold=held and held.token)
    return _go_on(slug, draft=chosen, at={"_anchor": "details"})


def _go_on(slug: str, *, draft: Draft, at: dict[str, str]) -> AnyResponse:
    """Show the page to somebody who has typed already, and lead others to an address of it."""
    if draft.has_details:
        return _show(slug, draft=draft)
    query = draft.choice.query()
    return redirect(page_url("booking_page.show_event_type", slug=slug, **query, **at), code=303)


def _hold(slug: str, *, choice: Choice, start: datetime | None) -> Hold | None:
    """Return the hold; None where this client has had enough of them and must do without one."""
    segment = choice.segment
    if start is None or segment is None:
        raise InvalidFieldsError([FieldError("start", "required")])
    try:
        count_hold(slug)
    except RateLimitedError:
        return None
    return run_in_transaction(
        lambda session: choose_time(
            slug,
            start=start,
            segment=segment,
            hold=choice.hold,
            now=clock.now(),
            session=session,
            installation=current_installation(),
        )
    )


def _book(slug: str, *, draft: Draft, start: datetime | None) -> AnyResponse:
    try:
        submission = _read_submission(slug, draft=draft, start=start)
        count(BOOKINGS)
        booked = run_in_transaction(
            lambda session: book_once(
                submission,
                now=clock.now(),
                session=session,
                installation=current_installation(),
            )
        )
    except (NotFoundError, UnavailableError):
        raise
    except AddressSuppressedError:
        return render_page("pages/received.html")
    except BookingError as refusal:
        if isinstance(refusal, AlreadyBookedError):
            mail_link_to_owner(refusal)
        return _show(slug, draft=draft.refused(refusal))
    address = page_url(
        "manage_page.show_booking",
        token=booked.token,
        wanted=None if booked.is_as_sent else write_start(submission.start),
    )
    return redirect(address, code=303)


def _read_submission(slug: str, *, draft: Draft, start: datetime | None) -> Submission:
    if draft.stamp is None:
        raise StaleFormError
    if start is None:
        raise InvalidFieldsError([FieldError("start", "required")])
    choice = draft.choice
    return Submission(
        slug=slug,
        start=start,
        details=read_details(
            draft.typed,
            questions=find_questions(slug),
            segment=choice.segment,
            time_zone=choice.time_zone,
            home_time_zone=find_home_time_zone(),
            locale=asked_locale(),
            notice_version=request.form.get("notice_version"),
            source=choice.source,
        ),
        key=draft.stamp.key,
        hold=choice.hold,
        wish_id=draft.stamp.wish_id,
    )
