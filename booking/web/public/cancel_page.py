"""The page on which the lead cancels a booking: asked once, with a way to move it instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect, request
from pydantic import BaseModel

from booking import clock
from booking.bookings.cancel import cancel_booking
from booking.db import db, run_in_transaction
from booking.errors import InvalidFieldsError
from booking.fields.read import read
from booking.leads.intake import Reason
from booking.web.current import open_booking
from booking.web.page import page_url
from booking.web.public.opened import (
    explain_closed,
    explain_unknown_link,
    open_summary,
    render_manage_page,
    require_change_open,
)
from booking.web.rate_limits import CHANGES, count
from booking.web.refused import faults_told

if TYPE_CHECKING:
    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response as AnyResponse

blueprint = Blueprint("cancel_page", __name__)
explain_closed(blueprint)
explain_unknown_link(blueprint)


class CancelForm(BaseModel):
    """What may be said when cancelling."""

    reason: Reason | None = None


@blueprint.get("/b/<token>/cancel")
def show_cancel(token: str) -> Response:
    """Ask whether the booking is to be cancelled."""
    return _show(token, reason="")


@blueprint.post("/b/<token>/cancel")
def cancel(token: str) -> AnyResponse:
    """Cancel the booking, unless the button only shows the page anew; again changes nothing."""
    typed = request.form.get("reason", "")
    if "show" in request.form:
        return _show(token, reason=typed, refusal=faults_told(request.form))
    try:
        form = read(CancelForm, {"reason": typed})
    except InvalidFieldsError as refusal:
        return _show(token, reason=typed, refusal=refusal)
    count(CHANGES)

    def work(session: Session) -> None:
        booking = open_booking(token, session=session, for_change=True)
        cancel_booking(booking, reason=form.reason, now=clock.now(), session=session)

    run_in_transaction(work)
    done = page_url("manage_page.show_booking", token=token)
    return redirect(done, code=303)


def _show(token: str, *, reason: str, refusal: InvalidFieldsError | None = None) -> Response:
    summary = open_summary(token, session=db.session())
    require_change_open(summary, now=clock.now())
    return render_manage_page(
        "pages/cancel.html",
        refusal=refusal,
        summary=summary,
        reason=reason,
        action=page_url("cancel_page.cancel", token=token),
    )
