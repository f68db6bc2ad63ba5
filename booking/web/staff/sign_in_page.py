"""The page on which staff members sign in, and the button that signs them out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect, request

from booking import clock
from booking.accounts.passwords import hash_password, is_hash_outdated, is_password_right
from booking.accounts.sessions import end_session
from booking.accounts.sign_in import find_credentials, sign_in
from booking.db import run_in_transaction, snapshot
from booking.errors import NotFoundError, RateLimitedError
from booking.staff.find import as_compared
from booking.web.audience import Audience, is_for
from booking.web.page import page_url
from booking.web.rate_limits import SIGN_INS, SIGN_INS_OF_NETWORK, count
from booking.web.refusals import WrongPasswordError
from booking.web.staff.console_page import render_console_page
from booking.web.staff.signed_in import end_former, find_signed_in, forget, get_signed_in, remember

if TYPE_CHECKING:
    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response as AnyResponse

    from booking.accounts.sign_in import Credentials
    from booking.errors import BookingError

# Parsers disagree about what begins with two slashes or a backslash; none does about this.
OWN_PATH = re.compile(r"/staff/[A-Za-z0-9._~/?=&%+:-]*")

blueprint = Blueprint("staff_sign_in", __name__)


@blueprint.get("/staff/sign-in")
@is_for(Audience.ANYONE)
def show_sign_in() -> AnyResponse:
    """Ask for address and password; who is signed in goes on."""
    if find_signed_in() is not None:
        return redirect(_wanted(request.args.get("next", "")), code=303)
    return _show()


@blueprint.post("/staff/sign-in")
@is_for(Audience.ANYONE)
def send_sign_in() -> AnyResponse:
    """Sign in, or say that the two do not belong together; never which of them is wrong."""
    email = request.form.get("email", "").strip()
    try:
        count(SIGN_INS_OF_NETWORK)
        count(SIGN_INS, about=as_compared(email))
        token = _sign_in(email, password=request.form.get("password", ""))
    except (WrongPasswordError, RateLimitedError) as refusal:
        return _show(refusal)
    response = redirect(_wanted(request.form.get("next", "")), code=303)
    remember(token, response=response)
    return response


@blueprint.post("/staff/sign-out")
@is_for(Audience.HOST)
def sign_out() -> AnyResponse:
    """End this browser's session."""
    signed_in = get_signed_in()
    run_in_transaction(
        lambda session: end_session(signed_in.session_id, of=signed_in.staff_id, session=session)
    )
    response = redirect(page_url("staff_sign_in.show_sign_in"), code=303)
    forget(response)
    return response


def _sign_in(email: str, *, password: str) -> str:
    """Return the token of a new session.

    Raises:
        WrongPasswordError: nobody has this address and this password.
    """
    with snapshot() as session:
        credentials = find_credentials(email, session=session)
    # Outside any transaction: it takes its time, and as long where there is no such account.
    is_right = is_password_right(password, kept=credentials.kept if credentials else None)
    if credentials is None or not is_right:
        raise WrongPasswordError
    return _open(credentials, password=password)


def _open(credentials: Credentials, *, password: str) -> str:
    former = find_signed_in()
    outdated = is_hash_outdated(credentials.kept)
    new_hash = hash_password(password) if outdated else None

    def work(session: Session) -> str:
        end_former(former, session=session)
        return sign_in(
            credentials,
            new_hash=new_hash,
            browser=request.user_agent.string,
            now=clock.now(),
            session=session,
        )

    try:
        return run_in_transaction(work)
    except NotFoundError as error:
        raise WrongPasswordError from error


def _show(refusal: BookingError | None = None) -> Response:
    return render_console_page(
        "staff/sign_in.html",
        refusal=refusal,
        typed={"email": request.form.get("email", "")},
        wanted=request.values.get("next", ""),
    )


def _wanted(path: str) -> str:
    """Return the page that somebody was on the way to; the first one where that is none of ours."""
    if OWN_PATH.fullmatch(path):
        return f"{request.script_root}{path}"
    return page_url("staff_start.show_start")
