"""The page of one booking, behind the link in the mails: what, when, with whom, and what next."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from flask import Blueprint, redirect, request

from booking import clock
from booking.bookings.admission import READDRESSED
from booking.bookings.undelivered import has_undelivered_mail
from booking.db import db
from booking.errors import NotFoundError
from booking.history import has_happened
from booking.invites.web_calendars import web_calendar_links
from booking.templating import text_in
from booking.web.language import request_locale
from booking.web.page import page_url
from booking.web.public.opened import (
    explain_unknown_link,
    is_asked_to_move,
    mask_address,
    open_summary,
    render_manage_page,
)
from booking.web.rfc3339 import read_start, write_start

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Response
    from werkzeug.wrappers import Response as AnyResponse

    from booking.bookings.summary import BookingSummary

blueprint = Blueprint("manage_page", __name__)
explain_unknown_link(blueprint)

NEWS_LASTS = timedelta(minutes=5)
"""How long after a move its page says so; who comes back to a bookmark has known for long."""

# Mail programs take what follows a link in a sentence for its last characters.
LINK = re.compile(r"([A-Za-z0-9_-]{43})(/(?:move|cancel|not-me|invite\.ics))?[\s.,;:!?>)\]'\"/]+")
PAGES = {
    None: "manage_page.show_booking",
    "/move": "move_page.show_move",
    "/cancel": "cancel_page.show_cancel",
    "/not-me": "not_me_page.show_not_me",
    "/invite.ics": "invite_file.send_invite",
}


@blueprint.get("/b/<token>")
def show_booking(token: str) -> AnyResponse:
    """Show the booking as it stands."""
    if LINK.fullmatch(token):
        return _redirect_to_clean_address(token)
    session, now = db.session(), clock.now()
    summary = open_summary(token, session=session)
    wanted = read_start(request.args.get("wanted", ""))
    return render_manage_page(
        "pages/manage.html",
        summary=summary,
        is_over=summary.is_over(now),
        is_change_open=summary.is_change_open(now),
        is_address_open=summary.is_address_open(now),
        was_readdressed=has_happened(
            READDRESSED, to=summary.booking, since=now - NEWS_LASTS, session=session
        ),
        was_moved=has_happened(
            "moved", to=summary.booking, since=now - NEWS_LASTS, session=session
        ),
        is_asked_to_move=is_asked_to_move(summary, now=now, session=session),
        wanted=wanted,
        address_to_move=page_url(
            "move_page.show_move", token=token, start=wanted and write_start(wanted)
        ),
        shown_email=_shown_email(summary, now=now),
        is_email_refused=has_undelivered_mail(summary.booking, session=session),
        web_calendars=_web_calendars(summary),
    )


@blueprint.get("/b/<path:link>")
def correct_link(link: str) -> AnyResponse:
    """Lead to the address that was meant, where too much of a mail's text was taken for it."""
    return _redirect_to_clean_address(link)


def _shown_email(summary: BookingSummary, *, now: datetime) -> str:
    """Return the address whole while it can be corrected: a mask would hide what is mistyped."""
    email = summary.booking.email or ""
    return email if summary.is_address_open(now) else mask_address(email)


def _web_calendars(summary: BookingSummary) -> dict[str, str]:
    """Return the links to calendars on the web, in the language of the page."""
    title = text_in(
        summary.event_type.title, locale=request_locale(), fallback=summary.organisation.locale
    )
    return web_calendar_links(
        summary=f"{title} – {summary.organisation.name}",
        location=summary.location,
        start=summary.meeting.starts_at,
        end=summary.meeting.ends_at,
    )


def _redirect_to_clean_address(link: str) -> Response | AnyResponse:
    found = LINK.fullmatch(link)
    if found is None:
        raise NotFoundError
    token, page = found.groups()
    response = redirect(page_url(PAGES[page], token=token))
    # The address it leads to is the secret.
    response.headers["Cache-Control"] = "no-store"
    return response
