"""The mails of a demonstration, to be read in the browser they were caused in.

There only under ``make run``, and only for somebody at this very machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import Blueprint, Response, current_app

from booking.outbox.mail_folder import get_mail, list_mails, read_header
from booking.templating import N_
from booking.web.language import request_time_zone
from booking.web.page import render_page
from booking.web.public.dev_only import POLICY_WITH_FRAMES, refuse_strangers
from booking.web.security import let_embed

if TYPE_CHECKING:
    from email.message import EmailMessage
    from pathlib import Path

EXTENSION = "mail_folder"
CSP = "Content-Security-Policy"
SEALED_OFF = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; "
    "sandbox allow-popups"
)
"""A mail may style itself; it runs nothing and fetches nothing."""
MOST_LISTED = 50

SHOWN = {
    "From": N_("From"),
    "To": N_("To"),
    "Reply-To": N_("Reply to"),
    "Date": N_("Date"),
    "Message-ID": N_("Message id"),
    "In-Reply-To": N_("In reply to"),
}
"""Which headers are shown, and what they are called."""

blueprint = Blueprint("dev_mails", __name__, url_prefix="/dev/mails")
blueprint.before_request(refuse_strangers)


@blueprint.get("")
def show_mails() -> Response:
    """Show the newest mails, the last one first."""
    folder = _folder()
    names = list_mails(folder)[:MOST_LISTED]
    mails = {name: get_mail(folder, name=name) for name in names}
    return render_page(
        "pages/dev_mails.html",
        mails=mails,
        read_header=read_header,
        zone_name=request_time_zone(),
    )


@blueprint.get("/<name>")
def show_mail(name: str) -> Response:
    """Show one mail: headers, HTML, text, and the invite it carries."""
    mail = get_mail(_folder(), name=name)
    calendar = next((p for p in mail.walk() if p.get_content_type() == "text/calendar"), None)
    response = render_page(
        "pages/dev_mail.html",
        name=name,
        subject=read_header(mail, "Subject"),
        headers={SHOWN[header]: read_header(mail, header) for header in SHOWN if mail[header]},
        text=_body(mail, "plain"),
        calendar=calendar and calendar.get_content(),
    )
    response.headers[CSP] = POLICY_WITH_FRAMES
    return response


@blueprint.get("/<name>/html")
def show_html(name: str) -> Response:
    """Show the HTML of one mail as a mail program would, in a frame that can do nothing."""
    response = Response(_body(get_mail(_folder(), name=name), "html"), mimetype="text/html")
    response.headers[CSP] = SEALED_OFF
    let_embed(["'self'"])
    return response


def _folder() -> Path:
    return cast("Path", current_app.extensions[EXTENSION])


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return part.get_content() if part else ""
