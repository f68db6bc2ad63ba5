"""Which language and which time zone a request is answered in.

``?locale=``, else Accept-Language, else the organisation's. Reading the organisation opens the
session, so a view that goes on to change something asks for ``asked_locale`` only.
"""

from __future__ import annotations

from flask import g, request
from sqlalchemy.exc import SQLAlchemyError

from booking.db import db
from booking.errors import NotFoundError
from booking.organisation.find import get_organisation
from booking.templating import negotiate_locale
from booking.time_zone import is_time_zone

LAST_RESORT_LOCALE = "de"
LAST_RESORT_TIME_ZONE = "UTC"


def asked_locale() -> str | None:
    """Return the language the client asks for, if texts exist in it."""
    accepted = request.headers.get("Accept-Language", "")
    return negotiate_locale(request.args.get("locale"), accepted, "") or None


def request_locale() -> str:
    """Return the language of this request's texts, whatever state the database is in."""
    if "locale" not in g:
        g.locale = asked_locale() or _of_organisation("locale", default=LAST_RESORT_LOCALE)
    return str(g.locale)


def tell_times_in(name: str | None) -> None:
    """Remember the zone in which this request's answer tells times; None is the organisation's."""
    g.time_zone = name


def request_time_zone() -> str:
    """Return that zone."""
    asked = g.get("time_zone")
    return str(asked or _of_organisation("time_zone", default=LAST_RESORT_TIME_ZONE))


def visitor_time_zone() -> str:
    """Return the zone that a visitor has chosen on the page, else the organisation's."""
    chosen = request.values.get("tz", "")
    return chosen if is_time_zone(chosen) else request_time_zone()


def _of_organisation(column: str, *, default: str) -> str:
    try:
        return str(getattr(get_organisation(session=db.session()), column))
    except (NotFoundError, SQLAlchemyError):
        db.session.rollback()
        return default
