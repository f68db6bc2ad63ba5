"""„Das war ich nicht“: the page for somebody who gets mails about what a stranger has booked.

Its link stands in the mails alone, so that only who reads them can use it. It speaks of the address
it was mailed to, also when the booking has got another one since.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect

from booking import clock
from booking.bookings.disown import disown_address, is_disowned
from booking.bookings.summary import summarise
from booking.bookings.tokens import get_addressee
from booking.db import db, run_in_transaction
from booking.leads.models import Lead
from booking.web.current import guesses_counted
from booking.web.page import page_url
from booking.web.public.opened import explain_unknown_link, render_manage_page
from booking.web.rate_limits import CHANGES, count

if TYPE_CHECKING:
    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response as AnyResponse

blueprint = Blueprint("not_me_page", __name__)
explain_unknown_link(blueprint)


@blueprint.get("/b/<token>/not-me")
def show_not_me(token: str) -> Response:
    """Ask whether somebody else has booked; afterwards, say that it is done."""
    session, now = db.session(), clock.now()
    with guesses_counted():
        booking, lead_id = get_addressee(token, session=session)
    return render_manage_page(
        "pages/not_me.html",
        summary=summarise(booking, session=session),
        is_theirs=booking.lead_id == lead_id,
        is_done=is_disowned(session.get_one(Lead, lead_id), now=now),
        action=page_url("not_me_page.disown", token=token),
    )


@blueprint.post("/b/<token>/not-me")
def disown(token: str) -> AnyResponse:
    """Call off what was booked with the address and let nobody use it; again changes nothing."""
    count(CHANGES)

    def work(session: Session) -> None:
        with guesses_counted():
            _, lead_id = get_addressee(token, session=session)
        disown_address(lead_id, now=clock.now(), session=session)

    run_in_transaction(work)
    return redirect(page_url("not_me_page.show_not_me", token=token), code=303)
