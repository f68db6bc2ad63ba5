"""Lets each request through to the route it asks for, or not: one guard for every route there is.

It stands before every view, so that none can forget to ask.
"""

from __future__ import annotations

import hmac
from itertools import chain
from typing import TYPE_CHECKING

from flask import abort, redirect, request, url_for

from booking.errors import NotFoundError
from booking.web.audience import STAFF, audience_of
from booking.web.body_limit import widen_limit
from booking.web.refusals import ForbiddenError, SignedOutError, StaleFormError
from booking.web.security import is_change
from booking.web.staff.signed_in import CSRF_FIELD, SignedIn, find_signed_in

if TYPE_CHECKING:
    from collections.abc import Collection

    from flask import Flask
    from werkzeug.wrappers import Response

    from booking.staff.models import Role


CONSOLE = "/staff/"


def init_admission(app: Flask) -> None:
    """Put the guard before every view of ``app``."""
    app.before_request(_admit)


def _admit() -> Response | None:
    """Answer in the view's place where the request is not for it.

    Raises:
        SignedOutError: a form came from a session that is over.
        ForbiddenError: the role does not reach so far.
        StaleFormError: a form carries another staff member's mark, or none.
        NotFoundError: nobody has said for whom the route is.
    """
    if request.endpoint is None:
        # The page that says so is the console's own, with its menu.
        if request.path.startswith(CONSOLE):
            find_signed_in()
        return None
    audience = audience_of(request.endpoint)
    if audience is None:
        raise NotFoundError
    if audience not in STAFF:
        if request.path.startswith(CONSOLE):
            _refuse_nul()
        return None
    signed_in = find_signed_in()
    if signed_in is None:
        return _ask_to_sign_in()
    _admit_staff(signed_in, roles=STAFF[audience], endpoint=request.endpoint)
    return None


def _admit_staff(signed_in: SignedIn, *, roles: Collection[Role], endpoint: str) -> None:
    if signed_in.role not in roles:
        raise ForbiddenError
    if is_change():
        widen_limit(endpoint)
        _require_own_form(signed_in)
    _refuse_nul()


def _ask_to_sign_in() -> Response:
    if is_change():
        raise SignedOutError
    wanted = request.full_path.removesuffix("?")
    return redirect(url_for("staff_sign_in.show_sign_in", next=wanted), code=303)


def _refuse_nul() -> None:
    """Refuse what no text of the database can hold; no browser types it."""
    sent = chain(request.args.items(multi=True), request.form.items(multi=True))
    if "\0" in request.path or any("\0" in text for text in chain.from_iterable(sent)):
        abort(400)


def _require_own_form(signed_in: SignedIn) -> None:
    sent = request.form.get(CSRF_FIELD, "")
    if not hmac.compare_digest(sent.encode(), signed_in.csrf.encode()):
        raise StaleFormError
