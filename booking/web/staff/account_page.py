"""Everybody's own page: who they are here, which browsers are signed in, and a new password.

Name and meeting address are one's own to say; administrators can do it for others as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect, request

from booking import clock
from booking.accounts.passwords import check_new_password, hash_password, is_password_right
from booking.accounts.sessions import end_session, list_sessions
from booking.accounts.sign_in import find_credentials, replace_password
from booking.db import db, run_in_transaction, snapshot
from booking.errors import FieldError, InvalidFieldsError, NotFoundError
from booking.staff.change_profile import StaleProfileError
from booking.staff.find import get_staff
from booking.web.audience import Audience, is_for
from booking.web.page import page_url
from booking.web.rate_limits import SIGN_INS, count
from booking.web.staff.browser_names import name_browser
from booking.web.staff.console_page import render_console_page
from booking.web.staff.profile_form import profile_of, save_profile
from booking.web.staff.signed_in import get_signed_in, remember
from booking.web.staff.subscriptions import subscriptions_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response as AnyResponse

    from booking.errors import BookingError
    from booking.web.staff.signed_in import SignedIn

blueprint = Blueprint("staff_account", __name__)


@blueprint.get("/staff/account")
@is_for(Audience.HOST)
def show_account() -> Response:
    """Show one's own account."""
    return _show()


@blueprint.post("/staff/account/profile")
@is_for(Audience.HOST)
def change_own_profile() -> AnyResponse:
    """Save one's own name and meeting address."""
    try:
        save_profile(get_signed_in().staff_id)
    except (InvalidFieldsError, StaleProfileError) as refusal:
        return _show(refusal, typed=request.form)
    return redirect(page_url("staff_account.show_account", done="saved"), code=303)


@blueprint.post("/staff/account/password")
@is_for(Audience.HOST)
def change_password() -> AnyResponse:
    """Replace the password; every other browser is signed out."""
    signed_in = get_signed_in()
    count(SIGN_INS, about=signed_in.email.lower())
    try:
        token = _replace_password(signed_in)
    except InvalidFieldsError as refusal:
        return _show(refusal)
    response = redirect(page_url("staff_account.show_account", done="password"), code=303)
    remember(token, response=response)
    return response


@blueprint.post("/staff/account/sessions/<int:session_id>/end")
@is_for(Audience.HOST)
def sign_browser_out(session_id: int) -> AnyResponse:
    """Sign one of one's own browsers out; nothing happens for a session of somebody else."""
    signed_in = get_signed_in()
    run_in_transaction(
        lambda session: end_session(session_id, of=signed_in.staff_id, session=session)
    )
    return redirect(page_url("staff_account.show_account", done="session"), code=303)


def _replace_password(signed_in: SignedIn) -> str:
    """Return the token of a new session; whoever knows the present password may choose another.

    Raises:
        InvalidFieldsError: the present one is wrong, or the new one cannot be used.
    """
    with snapshot() as session:
        credentials = find_credentials(signed_in.email, session=session)
    present = request.form.get("present", "")
    is_right = is_password_right(present, kept=credentials.kept if credentials else None)
    if credentials is None or not is_right:
        raise InvalidFieldsError([FieldError("present", "wrong")])
    password = request.form.get("password", "")
    check_new_password(password, email=signed_in.email)
    password_hash = hash_password(password)

    def work(session: Session) -> str:
        return replace_password(
            credentials,
            password_hash=password_hash,
            browser=request.user_agent.string,
            now=clock.now(),
            session=session,
        )

    try:
        return run_in_transaction(work)
    except NotFoundError as error:
        raise InvalidFieldsError([FieldError("present", "wrong")]) from error


def _show(
    refusal: BookingError | None = None, *, typed: Mapping[str, str] | None = None
) -> Response:
    signed_in = get_signed_in()
    staff = get_staff(signed_in.staff_id, session=db.session())
    return render_console_page(
        "staff/account.html",
        refusal=refusal,
        sessions=list_sessions(signed_in.staff_id, now=clock.now(), session=db.session()),
        name_browser=name_browser,
        **subscriptions_of(signed_in.staff_id, session=db.session()),
        **profile_of(staff, refusal=refusal, typed=typed),
        done=request.args.get("done"),
    )
