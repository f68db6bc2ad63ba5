"""The pages around one-time links: asking for one, and choosing a password behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect, request

from booking import clock
from booking.accounts.invite import request_reset
from booking.accounts.links import find_link
from booking.accounts.passwords import check_new_password, hash_password
from booking.accounts.sign_in import redeem_link
from booking.db import run_in_transaction, snapshot
from booking.errors import InvalidFieldsError, NotFoundError
from booking.web.audience import Audience, is_for
from booking.web.current import current_installation
from booking.web.page import page_url
from booking.web.rate_limits import SIGN_IN_LINKS, UNKNOWN_TOKENS, count
from booking.web.refusals import UnknownSignInLinkError
from booking.web.staff.console_page import render_console_page
from booking.web.staff.signed_in import end_former, find_signed_in, remember

if TYPE_CHECKING:
    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response as AnyResponse

blueprint = Blueprint("staff_links", __name__)


@blueprint.get("/staff/forgotten")
@is_for(Audience.ANYONE)
def show_forgotten() -> Response:
    """Ask for the address to which a link is to go."""
    return render_console_page("staff/forgotten.html", typed={}, is_sent="sent" in request.args)


@blueprint.post("/staff/forgotten")
@is_for(Audience.ANYONE)
def send_link() -> AnyResponse:
    """Mail a link to the address if it is a staff member's; the answer is the same if not."""
    email = request.form.get("email", "").strip()
    count(SIGN_IN_LINKS)
    run_in_transaction(
        lambda session: request_reset(
            email, now=clock.now(), session=session, installation=current_installation()
        )
    )
    return redirect(page_url("staff_links.show_forgotten", sent="yes"), code=303)


@blueprint.get("/staff/link/<token>")
@is_for(Audience.LINK_HOLDER)
def show_link(token: str) -> Response:
    """Ask for a new password; mail scanners open links, so that opening it uses nothing up."""
    return _show(token)


@blueprint.post("/staff/link/<token>")
@is_for(Audience.LINK_HOLDER)
def use_link(token: str) -> AnyResponse:
    """Set the password, sign every other browser out and this one in."""
    email, _ = _open(token)
    password = request.form.get("password", "")
    try:
        check_new_password(password, email=email)
    except InvalidFieldsError as refusal:
        return _show(token, refusal=refusal)
    password_hash = hash_password(password)

    former = find_signed_in()

    def work(session: Session) -> str:
        end_former(former, session=session)
        return redeem_link(
            token,
            password_hash=password_hash,
            browser=request.user_agent.string,
            now=clock.now(),
            session=session,
        )

    try:
        cookie = run_in_transaction(work)
    except NotFoundError as error:
        raise UnknownSignInLinkError from error
    response = redirect(page_url("staff_start.show_start"), code=303)
    remember(cookie, response=response)
    return response


def _show(token: str, *, refusal: InvalidFieldsError | None = None) -> Response:
    email, name = _open(token)
    return render_console_page(
        "staff/choose_password.html",
        refusal=refusal,
        action=page_url("staff_links.use_link", token=token),
        email=email,
        name=name,
        typed={},
    )


def _open(token: str) -> tuple[str, str]:
    """Return address and name of whom the link signs in.

    Raises:
        UnknownSignInLinkError: it signs nobody in.
        RateLimitedError: too many such links came from this client.
    """
    with snapshot() as session:
        found = find_link(token, now=clock.now(), session=session)
        if found is not None:
            return found[1].email, found[1].name
    count(UNKNOWN_TOKENS)
    raise UnknownSignInLinkError
