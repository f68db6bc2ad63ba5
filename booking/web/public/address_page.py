"""The page on which a lead corrects the mail address of a booking that was just made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect, request
from pydantic import BaseModel

from booking import clock
from booking.bookings.lifecycle import BookingState
from booking.bookings.refusals import (
    AddressSettledError,
    AddressSuppressedError,
    AlreadyBookedError,
    AlreadyCancelledError,
    TooManyOpenError,
)
from booking.db import db, run_in_transaction
from booking.errors import InvalidFieldsError, RateLimitedError
from booking.fields.read import Email, read
from booking.web.current import current_installation, mail_link_to_owner
from booking.web.page import page_url, render_page
from booking.web.public.correction import correct_once
from booking.web.public.forms import Stamp
from booking.web.public.opened import (
    explain_closed,
    explain_unknown_link,
    open_summary,
    render_manage_page,
)
from booking.web.rate_limits import CHANGES, count
from booking.web.refusals import StaleFormError
from booking.web.refused import faults_told

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from booking.errors import BookingError

TOLD_HERE = (
    InvalidFieldsError,
    StaleFormError,
    AlreadyBookedError,
    TooManyOpenError,
    RateLimitedError,
)
"""What is told on the page itself, with the address as it was typed."""

blueprint = Blueprint("address_page", __name__)
explain_closed(blueprint)
explain_unknown_link(blueprint)


class AddressForm(BaseModel):
    """What is corrected."""

    email: Email


@blueprint.get("/b/<token>/address")
def show_address(token: str) -> Response:
    """Show the address that was given, to be corrected."""
    return _show(token)


@blueprint.post("/b/<token>/address")
def correct_address(token: str) -> AnyResponse:
    """Correct the address once, however often the form is sent; lead to the booking's new link."""
    typed = request.form.get("email", "")
    if "show" in request.form:
        return _show(token, typed=typed, refusal=faults_told(request.form))
    try:
        new_token = _correct(token, typed=typed)
    except AddressSuppressedError:
        return render_page("pages/received.html")
    except TOLD_HERE as refusal:
        if isinstance(refusal, AlreadyBookedError):
            mail_link_to_owner(refusal)
        return _show(token, typed=typed, refusal=refusal)
    return redirect(page_url("manage_page.show_booking", token=new_token), code=303)


def _correct(token: str, *, typed: str) -> str:
    installation = current_installation()
    stamp = Stamp.read(request.form.get("stamp", ""), now=clock.now(), installation=installation)
    if stamp is None:
        raise StaleFormError
    form = read(AddressForm, {"email": typed})
    count(CHANGES)
    return run_in_transaction(
        lambda session: correct_once(
            token,
            email=form.email,
            key=stamp.key,
            now=clock.now(),
            session=session,
            installation=installation,
        )
    )


def _show(token: str, *, typed: str | None = None, refusal: BookingError | None = None) -> Response:
    summary, now = open_summary(token, session=db.session()), clock.now()
    if summary.booking.state is BookingState.CANCELLED:
        raise AlreadyCancelledError
    if not summary.is_address_open(now):
        raise AddressSettledError
    return render_manage_page(
        "pages/address.html",
        refusal=refusal,
        summary=summary,
        typed={"email": summary.booking.email if typed is None else typed},
        stamp=Stamp.new(now=now).write(installation=current_installation()),
        action=page_url("address_page.correct_address", token=token),
    )
