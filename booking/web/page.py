"""Renders a page: language, addresses, and what the organisation shows on every one of them.

A page must be able to say who is behind it even while the database is away, so the last masthead
that could be read is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from flask import Response, current_app, request, url_for
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError

from booking import clock
from booking.db import db
from booking.errors import NotFoundError
from booking.organisation.find import get_organisation
from booking.templating import locales, render
from booking.web.assets import accent_url, asset_url, logo_url
from booking.web.language import request_locale
from booking.web.problem_table import PROBLEMS
from booking.web.refused import add_retry_after, tell

if TYPE_CHECKING:
    from booking.errors import BookingError
    from booking.organisation.models import Organisation

EXTENSION = "masthead"

EMBED = "embed"
"""The blueprint of the pages that may stand in a company's own website."""

TO_NEW_WINDOW = Markup(' target="_blank" rel="noopener"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Masthead:
    """Who is behind these pages, as their head and foot tell it."""

    name: str
    locale: str
    time_zone: str
    logo_url: str | None
    accent_url: str
    contact_email: str
    imprint_url: str
    privacy_url: str
    accessibility_url: str
    embed_origins: tuple[str, ...]


def render_page(
    template: str, *, status: int = 200, refusal: BookingError | None = None, **context: Any
) -> Response:
    """Return the page made of ``template`` in the language of this request.

    A page that is shown again because of ``refusal`` tells of it, and has its status.
    """
    facts = {
        "masthead": current_masthead(),
        "languages": _languages(),
        "page_url": page_url,
        "asset_url": asset_url,
        "embedded": is_embedded(),
        "leaving": TO_NEW_WINDOW if is_embedded() else "",
        **tell(refusal, questions=context.get("questions", ())),
        **context,
    }
    html = render(template, locale=request_locale(), **facts)
    if refusal is not None:
        status = PROBLEMS[refusal.code].status
    response = Response(html, status=status, mimetype="text/html")
    return add_retry_after(response, refusal, now=clock.now())


def page_url(page: str, /, **values: Any) -> str:
    """Return the address of ``page``, which goes on in the language that was asked for.

    Embedded pages lead to embedded ones, where there are any.
    """
    if is_embedded() and f"{EMBED}.{page}" in current_app.view_functions:
        page = f"{EMBED}.{page}"
    return url_for(page, **values, **asked_language())


def is_embedded() -> bool:
    """Tell whether the page asked for is one that stands in a frame."""
    return EMBED in request.blueprints


def asked_language() -> dict[str, Any]:
    """Return the parameter by which a visitor has asked for a language."""
    locale = request.args.get("locale")
    return {"locale": locale} if locale else {}


def current_masthead() -> Masthead | None:
    """Return what can be told of the organisation; None before anything could ever be read."""
    try:
        masthead = _masthead(get_organisation(session=db.session()))
    except (NotFoundError, SQLAlchemyError):
        db.session.rollback()
        return cast("Masthead | None", current_app.extensions.get(EXTENSION))
    current_app.extensions[EXTENSION] = masthead
    return masthead


def _masthead(organisation: Organisation) -> Masthead:
    return Masthead(
        name=organisation.name,
        locale=organisation.locale,
        time_zone=organisation.time_zone,
        logo_url=logo_url(organisation),
        accent_url=accent_url(organisation),
        contact_email=organisation.contact_email,
        imprint_url=organisation.imprint_url,
        privacy_url=organisation.privacy_url,
        accessibility_url=organisation.accessibility_url,
        embed_origins=(*organisation.embed_origins, *_own_origin_in_demo()),
    )


def _own_origin_in_demo() -> list[str]:
    """Return where a demonstration runs, which embeds its own pages at /dev/embed on any port."""
    is_demo = current_app.extensions["config"].demo
    return [request.host_url.rstrip("/")] if is_demo else []


def _languages() -> dict[str, str]:
    """Return the address of this page in each language, relative to itself."""
    asked = request.args.to_dict()
    return {locale: f"?{urlencode(asked | {'locale': locale})}" for locale in sorted(locales())}
