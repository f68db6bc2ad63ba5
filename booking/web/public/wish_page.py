"""The page on which somebody asks for a time where none of those offered suits.

Whatever is refused, the page comes back with all that was typed. Whoever may not be told that
nothing was stored sees the same answer as everybody else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect, request

from booking import clock
from booking.bookings.refusals import AddressSuppressedError
from booking.db import db, run_in_transaction
from booking.errors import BookingError, InvalidFieldsError, NotFoundError, UnavailableError
from booking.event_types.find import get_event_type
from booking.time_zone import time_zone
from booking.web.current import current_installation, find_home_time_zone, find_questions
from booking.web.language import asked_locale
from booking.web.page import page_url, render_page
from booking.web.public.choice import Choice
from booking.web.public.cross_site import show_forms_again
from booking.web.public.draft import Draft
from booking.web.public.forms import TRAP
from booking.web.public.show_wish_page import show_wish_page
from booking.web.public.wish_submission import WishSubmission, wish_once
from booking.web.rate_limits import BOOKINGS, count
from booking.web.refusals import StaleFormError
from booking.web.typed_details import read_details
from booking.wishes.wished_times import read_wished_times

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

SENT, SENT_BEFORE = "yes", "before"
"""What the address of the last page says: it was sent, or another one was with the same form."""

blueprint = Blueprint("wish_page", __name__)


@blueprint.get("/<slug:slug>/wish")
def show_wish(slug: str) -> Response:
    """Show the form or, once it was sent, what happens next."""
    done = request.args.get("done")
    if done not in {SENT, SENT_BEFORE}:
        return _show(slug, draft=Draft.from_link(request.args))
    event_type = get_event_type(slug, session=db.session())
    return render_page(
        "pages/wished.html",
        event_type=event_type,
        is_as_sent=done == SENT,
        query=_what_goes_on(Choice.read(request.args)),
    )


@blueprint.post("/<slug:slug>/wish")
def send_wish(slug: str) -> AnyResponse:
    """Show what the booking page's form holds already, or ask for the times."""
    draft = _sent_draft()
    if request.form.get(TRAP):
        return _lead_on(slug, done=SENT, choice=draft.choice)
    if "show" in request.form:
        return _show(slug, draft=draft)
    try:
        submission = _read_submission(slug, draft=draft)
        count(BOOKINGS)
        is_as_sent = run_in_transaction(
            lambda session: wish_once(
                submission,
                now=clock.now(),
                session=session,
                installation=current_installation(),
            )
        )
    except (NotFoundError, UnavailableError):
        raise
    except AddressSuppressedError:
        is_as_sent = True
    except BookingError as refusal:
        return _show(slug, draft=draft.refused(refusal))
    return _lead_on(slug, done=SENT if is_as_sent else SENT_BEFORE, choice=draft.choice)


def _show(slug: str, *, draft: Draft) -> Response:
    return show_wish_page(get_event_type(slug, session=db.session()), draft=draft)


def _sent_draft() -> Draft:
    return Draft.from_form(request.form, now=clock.now(), installation=current_installation())


show_forms_again(
    blueprint, show=lambda slug, refusal: _show(slug, draft=_sent_draft().refused(refusal))
)


def _read_submission(slug: str, *, draft: Draft) -> WishSubmission:
    if draft.stamp is None:
        raise StaleFormError
    choice = draft.choice
    zone = time_zone(choice.time_zone or find_home_time_zone())
    today = clock.now().astimezone(zone).date()
    wished_times, faults = read_wished_times(draft.typed, today=today)
    try:
        details = read_details(
            draft.typed,
            segment=choice.segment,
            time_zone=choice.time_zone,
            home_time_zone=find_home_time_zone(),
            locale=asked_locale(),
            notice_version=request.form.get("notice_version"),
            source=choice.source,
            questions=find_questions(slug),
        )
    except InvalidFieldsError as refusal:
        # In the order of the page, on which the segment comes first.
        in_order = sorted([*faults, *refusal.errors], key=lambda fault: fault.field != "segment")
        raise InvalidFieldsError(in_order) from None
    if faults:
        raise InvalidFieldsError(faults)
    return WishSubmission(
        slug=slug, wished_times=wished_times, details=details, key=draft.stamp.key
    )


def _lead_on(slug: str, *, done: str, choice: Choice) -> AnyResponse:
    query = _what_goes_on(choice)
    return redirect(page_url("wish_page.show_wish", slug=slug, done=done, **query), code=303)


def _what_goes_on(choice: Choice) -> dict[str, str]:
    """Return what the next page's address carries of ``choice``: nothing personal."""
    return choice.but(prefill={}).query(month=None, day=None, start=None, hold=None)
